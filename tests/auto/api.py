#!/usr/bin/env python3
"""api.py MOTCUA: the JSON API is what its OpenAPI document says, each limit holds at its edge and
not beyond it, and a dossier lives its whole life by API alone."""
import json, os, re, sys, urllib.parse
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.dirname(__file__))
from node import Node, Report
from values import FAMILY, PETITION, png

API, LOGIN, UPLOAD, IDEMPOTENT = 1, 4, 16, 32
IN_PATH, IN_QUERY, IN_BODY = 0, 1, 2
TEXT, CODE, INT, DATE, BOOL, LIST, FILE, OBJECT = range(8)
JSON_TYPES = ['string', 'string', 'integer', 'string', 'boolean', 'array', 'string', 'object']
PLACES = ['path', 'query', 'body']
UNIT = 'H07.21.01'


class Api:
    """Calls, and what holds of every answer."""

    def __init__(self, node, t):
        self.node, self.t = node, t
        self.doc = None

    def __call__(self, method, path, body=None, who=None, what=None, **headers):
        sent = {k.replace('_', '-'): v for k, v in headers.items()}
        if who:
            sent['Authorization'] = 'Bearer ' + who
        status, head, text = self.node.call(method, path, body, sent)
        self.answer_holds(what or f'{method} {path}', method, status, head, text)
        try:
            return status, json.loads(text)
        except ValueError:
            return status, text

    def answer_holds(self, what, method, status, head, text):
        kind = head.get('content-type', '')
        if status >= 400:
            self.problem_holds(what, status, kind, text)
        elif kind.startswith('application/json'):
            try:
                self.t.expect(f'{what}: an object', isinstance(json.loads(text), dict), text[:80])
            except ValueError as e:
                self.t.expect(f'{what}: is JSON', False, (e, text[:80]))
        self.t.expect(f'{what}: not sniffed', head.get('x-content-type-options') == 'nosniff', head)

    def problem_holds(self, what, status, kind, text):
        t, schema = self.t, self.doc and self.doc['components']['schemas']['problem']['properties']
        if not t.expect(f'{what}: {status} is problem+json', kind == 'application/problem+json', (kind, text[:100])):
            return
        p = json.loads(text)
        t.expect(f'{what}: the status is the status', p['status'] == status and p['type'] == 'urn:motcua:error:' + p['code'], p)
        t.expect(f'{what}: a sentence', len(p['title']) > 10 and re.fullmatch('[0-9a-f]+', p['request']), p)
        if schema:
            t.expect(f'{what}: only documented members', set(p) <= set(schema), set(p) - set(schema))
            t.expect(f'{what}: a documented code', p['code'] in schema['code']['enum'], p['code'])
        for e in p.get('errors', []):
            t.expect(f'{what}: every broken rule says field, rule, message', e['field'] and e['rule'] and len(e['message']) > 3, e)

    def upload(self, path, fields, file, who, name='a.png'):
        mark, parts = 'xBOUNDARYx', []
        for k, v in fields.items():
            parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode())
        if file is not None:
            parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + file + b'\r\n')
        body = b''.join(parts) + f'--{mark}--\r\n'.encode()
        return self('POST', path, body, who, Content_Type=f'multipart/form-data; boundary={mark}')


# -- the document --

def refs(v):
    if isinstance(v, dict):
        yield from ([v['$ref']] if '$ref' in v else [])
        for x in v.values():
            yield from refs(x)
    elif isinstance(v, list):
        for x in v:
            yield from refs(x)


def schema_holds(t, what, s, p):
    """A parameter's schema says the limits that the route table has."""
    t.expect(f'{what}: type', s['type'] == JSON_TYPES[p['type']], s)
    if p['type'] == INT:
        t.expect(f'{what}: range', (s['minimum'], s['maximum']) == (p['least'], p['most']), s)
    elif p['type'] in (TEXT, CODE):
        t.expect(f'{what}: lengths', (s.get('minLength', 0), s.get('maxLength', 0)) == (p['least'], p['most']), s)
        t.expect(f'{what}: a limit there is', s.get('maxLength', 0) > 0, s)
    elif p['type'] == LIST:
        t.expect(f'{what}: items', s['maxItems'] == p['most'] and s['items']['maxLength'] > 0, s)
    if p['type'] == CODE:
        t.expect(f'{what}: pattern', re.fullmatch(s['pattern'], 'aZ09._@:-') and not re.fullmatch(s['pattern'], 'a b'), s)


def operation_holds(t, r, op):
    name = f"{r['method']} {r['path']}"
    given = {(q['in'], q['name']): q for q in op.get('parameters', [])}
    content = op.get('requestBody', {}).get('content', {})
    media = 'multipart/form-data' if r['flags'] & UPLOAD else 'application/json'
    body = content.get(media, {}).get('schema', {})
    t.expect(f'{name}: one media type', set(content) <= {media}, set(content))
    for p in r['params']:
        what = f"{name} {p['name']}"
        if p['in'] == IN_BODY:
            t.expect(f'{what}: required', (p['name'] in body.get('required', [])) == p['required'])
            schema_holds(t, what, body['properties'][p['name']], p)
        else:
            q = given.pop((PLACES[p['in']], p['name']))
            t.expect(f'{what}: required and told', q['required'] == (p['required'] or p['in'] == IN_PATH) and q['description'], q)
            schema_holds(t, what, q['schema'], p)
    if r['flags'] & IDEMPOTENT:
        t.expect(f'{name}: Idempotency-Key', given.pop(('header', 'Idempotency-Key'), {}).get('schema', {}).get('maxLength') == 128)
    t.expect(f'{name}: nothing else in the document', not given, given)
    if body:
        t.expect(f'{name}: closed', body['additionalProperties'] is False and
                 set(body['properties']) == {p['name'] for p in r['params'] if p['in'] == IN_BODY}, body)
    t.expect(f'{name}: security', bool(op['security']) == (r['need'] != 'NONE'), op['security'])
    t.expect(f'{name}: answers', 'default' in op['responses'] and '2XX' in op['responses'] and op['summary'] == r['summary'])


def document(t, api, routes):
    s, doc = api('GET', '/api/v1/openapi.json')
    t.expect('OpenAPI 3.1', s == 200 and doc['openapi'].startswith('3.1.'), s)
    api.doc = doc
    for ref in set(refs(doc)):
        at = doc
        for part in ref[2:].split('/'):
            at = at.get(part, {})
        t.expect(f'{ref} is there', at)
    for r in routes:
        op = doc['paths'].get(r['path'], {}).get(r['method'].lower())
        if t.expect(f"{r['method']} {r['path']} is in the document", op):
            operation_holds(t, r, op)
            braces = set(re.findall(r'\{(\w+)\}', r['path']))
            t.expect(f"{r['path']}: the braces are its parameters", braces == {p['name'] for p in r['params'] if p['in'] == IN_PATH})
    there = {(m.upper(), path) for path, item in doc['paths'].items() for m in item}
    t.expect('nothing in the document that is not a route', there == {(r['method'], r['path']) for r in routes}, there)


# -- limits --

def edges(p):
    """(value, the rule it breaks or None) at and beyond each limit of a body parameter."""
    least, most = p['least'], p['most']
    if p['type'] in (TEXT, CODE):
        yield 'a' * max(least, 1), None
        yield 'a' * most, None
        yield 'a' * (most + 1), 'long'
        yield 5, 'text'
        yield ['a' * max(least, 1)], 'text'
        if least > 0:
            yield 'a' * (least - 1), 'short'
    if p['type'] == TEXT:
        yield 'đ' * most, None
        yield 'đ' * (most + 1), 'long'
        yield 'a' * max(least, 2) + '\x01', 'chars'
        yield 'a' * max(least, 2) + '\x7f', 'chars'
    if p['type'] == CODE:
        for bad in 'a b', 'a/b', 'đ', "a'b", 'a\n':
            yield bad.ljust(least, 'x')[:most], 'code'
    if p['type'] == INT:
        yield least, None
        yield most, None
        yield least - 1, 'range'
        if most < 2**63 - 1:
            yield most + 1, 'range'
        for bad in '1', 1.5, True, [1], {}:
            yield bad, 'int'
    if p['type'] == LIST:
        yield ['a'] * most, None
        yield ['a'] * (most + 1), 'many'
        yield ['a' * 4000], None
        yield ['a' * 4001], 'long'
        yield [5], 'text'
        yield 'a', 'list'
    if p['type'] == OBJECT:
        for bad in 'a', 5, [], True:
            yield bad, 'object'
    yield None, 'required' if p['required'] else None


def body_limits(t, api, r, who):
    """Every rule is told whatever else is wrong, so one parameter at a time is enough."""
    numbers = {p['name'] for p in r['params'] if p['in'] == IN_PATH and p['type'] == INT}
    path = re.sub(r'\{(\w+)\}', lambda m: '1' if m[1] in numbers else 'zzzzzzzzzzzz', r['path'])
    for p in r['params']:
        if p['in'] != IN_BODY:
            continue
        for value, rule in edges(p):
            what = f"{r['method']} {r['path']} {p['name']}={str(value)[:20]!r} ({len(str(value))})"
            s, body = api(r['method'], path, {p['name']: value}, who, what)
            told = {(e['field'], e['rule']) for e in body.get('errors', [])} if isinstance(body, dict) else set()
            mine = {x for f, x in told if f == p['name']} if s == 422 and body.get('code') == 'INVALID' else set()
            if rule:
                t.expect(f'{what}: {rule}', mine == {rule} and s == 422, (s, told))
            else:
                t.expect(f'{what}: within its limits', not mine & {'short', 'long', 'chars', 'code', 'range', 'int', 'many', 'text', 'object'}, (s, told))


def query_limits(t, api, r, who, base):
    for p in r['params']:
        if p['in'] != IN_QUERY:
            continue
        rows = [(str(v), rule) for v, rule in edges(p) if isinstance(v, (str, int)) and not isinstance(v, bool) and v != '']
        if p['type'] == INT:
            rows = [(v, rule) for v, rule in rows if rule != 'int'] + [(v, 'int') for v in ('x', '1.0', '1e1', ' 1', '0x1', '9' * 30)]
        if p['type'] == CODE:
            rows = [(v, rule) for v, rule in rows if rule not in ('text', None)]
        if p['type'] == DATE:
            rows = [('2020-02-29', None)] + [(v, 'date') for v in ('2021-02-29', '2020-2-9', '20200209', 'today', '2020-01-01T00:00:00Z')]
        for value, rule in rows:
            s, body = api('GET', base + urllib.parse.quote(p['name']) + '=' + urllib.parse.quote(value), None, who)
            what = f"GET {r['path']} {p['name']}={value[:20]!r}"
            told = {e['rule'] for e in body.get('errors', []) if e['field'] == p['name']}
            t.expect(f'{what}: {rule or "taken"}', (s == 422 and told == {rule}) if rule else s != 422, (s, body.get('errors')))
        if p['type'] == INT:
            s, body = api('GET', f"{base}{p['name']}={p['least'] or 1}&{p['name']}={p['most']}", None, who)
            t.expect(f"GET {r['path']} {p['name']} twice", s == 422 and 'once' in str(body), (s, body))


def path_limits(t, api, r, who):
    """A wrong shape in the address is an address that does not exist, for whoever asks."""
    for p in (p for p in r['params'] if p['in'] == IN_PATH):
        bad = ['x', '-1', '1.5', '9' * 30] if p['type'] == INT else ['x' * (p['least'] - 1), 'x' * (p['most'] + 1), 'a%20bcdefgh', '%C4%91' * 8]
        for value in bad:
            if not value:
                continue
            path = re.sub(r'\{(\w+)\}', lambda m: value if m[1] == p['name'] else 'zzzzzzzzzzzz', r['path'])
            s, _ = api(r['method'], path, {} if r['method'] != 'GET' else None, who)
            t.expect(f"{r['method']} {path[:60]}: 404", s in (404, 415), s)


def limits(t, api, routes, citizen, officer, leader, admin):
    bases = {'/api/v1/inbox': f'/api/v1/inbox?unit={UNIT}&', '/api/v1/units': '/api/v1/units?',
             '/api/v1/indicators/{id}': '/api/v1/indicators/petition.on_time?'}
    for r in routes:
        who = citizen if r['need'] == 'SELF' else leader if r['need'].startswith('FIGURE') else admin if r['need'] == 'NODE_ADMIN' else officer
        if r['method'] != 'GET' and not r['flags'] & UPLOAD and not r['path'].endswith('/session'):
            body_limits(t, api, r, who)
        if r['path'] in bases:
            base = bases[r['path']]
            fixed = {p['name'] for p in r['params'] if p['name'] in base}
            query_limits(t, api, {**r, 'params': [p for p in r['params'] if p['name'] not in fixed]}, who, base)
        path_limits(t, api, r, who)
    for name, value in (('box', 'nowhere'), ('box', 'MINE')):
        s, body = api('GET', f'/api/v1/inbox?unit={UNIT}&{name}={value}', None, officer)
        t.expect(f'inbox {name}={value} is refused', s == 422 and body.get('field') == name, (s, body))
    for value in ('nothing', 'DAY', 'year'):
        s, body = api('GET', f'/api/v1/indicators/petition.on_time?by={value}', None, None)
        t.expect(f'indicator by={value} is refused', s == 422 and body.get('field') == 'by', (s, body))
    s, body = api('GET', '/api/v1/indicators/petition.on_time?from=2026-02-02&to=2026-02-01', None, None)
    t.expect('a period that ends before it begins is refused', s == 422 and body.get('field') == 'to', (s, body))
    s, body = api('GET', '/api/v1/indicators/petition.on_time?from=0001-01-01&to=9999-12-31&by=month', None, None)
    t.expect('the longest period is taken', s == 200, (s, body))
    s, body = api('GET', '/api/v1/units?parent=H99.99', None, None)
    t.expect('units below an unknown unit: not found', s == 404, (s, str(body)[:80]))


# -- signing in --

def session(t, api, login):
    rows = [({'login': login, 'password': 'wrong-wrong'}, 401, 'BAD_LOGIN'), ({'login': 'nobody.at.all', 'password': 'wrong-wrong'}, 401, 'BAD_LOGIN'),
            ({'login': 'ab', 'password': 'x'}, 422, 'INVALID'), ({'login': 'a' * 41, 'password': 'x'}, 422, 'INVALID'),
            ({'login': login, 'password': 'x' * 129}, 422, 'INVALID'), ({'login': login, 'password': ''}, 422, 'INVALID'),
            ({'login': login}, 422, 'INVALID'), ({'login': login, 'password': 'x', 'more': 1}, 400, 'UNDECLARED')]
    for body, status, code in rows:
        s, p = api('POST', '/api/v1/session', body)
        t.expect(f'session {str(body)[:50]}: {code}', s == status and p['code'] == code, (s, p))
    texts = {}
    for lang in 'vi', 'en':
        s, p = api('POST', '/api/v1/session', {'login': 'ab'}, Accept_Language=lang)
        texts[lang] = (p['title'], p['errors'][0]['message'])
    t.expect('both languages, each its own', all(a != b for a, b in zip(texts['vi'], texts['en'])), texts)
    token = api.node.token(login)
    s, who = api('GET', '/api/v1/session', None, token)
    t.expect('who is signed in', s == 200 and who['is_officer'] and who['roles'] == [{'role': 'reception', 'unit': UNIT}], who)
    for bad in (token[:-1], token + 'A', token.swapcase(), 'x', '', 'A' * 5000):
        s, _ = api('GET', '/api/v1/session', None, bad)
        t.expect(f'a token like it ({len(bad)}) is none', s == 401, s)
    t.expect('sign out', api('DELETE', '/api/v1/session', None, token)[0] == 200)
    t.expect('and the token is gone', api('GET', '/api/v1/session', None, token)[0] == 401)
    t.expect('and cannot be used to sign out again', api('DELETE', '/api/v1/session', None, token)[0] == 401)


# -- a dossier --

def draft_papers(t, api, me, other, draft):
    path = f'/api/v1/drafts/{draft}/files'
    rows = [('no file', {'document': 'lease'}, None, me, 422), ('no document', {}, png(), me, 422), ('a text', {'document': 'lease'}, b'plain text', me, 415),
            ('an empty file', {'document': 'lease'}, b'', me, 422), ('a script', {'document': 'lease'}, b'<svg onload="x()"/>', me, 415),
            ('an unknown paper', {'document': 'nothing'}, png(), me, 400), ('an undeclared field', {'document': 'lease', 'x': '1'}, png(), me, 400),
            ('somebody else', {'document': 'lease'}, png(), other, 404), ('nobody', {'document': 'lease'}, png(), None, 401)]
    for what, fields, file, who, status in rows:
        s, body = api.upload(path, fields, file, who)
        ok = s == status or (status in (415, 422) and s in (415, 422))
        t.expect(f'a paper to a draft, {what}: {status}', ok, (s, body))
    s, f = api.upload(path, {'document': 'lease'}, png(1), me, name='hợp đồng.png')
    t.expect('a paper to a draft', s == 201 and f['mime'] == 'image/png' and f['size'] == len(png(1)), (s, f))
    s, body = api.upload(f'/api/v1/drafts/{"z" * 12}/files', {'document': 'lease'}, png(), me)
    t.expect('a paper to no draft', s == 404, s)


def receipt_holds(t, node, what, text, vkey, good=True):
    path = os.path.join(node.dir, 'r.tlog-proof')
    open(path, 'w').write(text)
    done = node.run('receipt', 'verify', path, '--vkey', vkey, '--json', data=False, check=False)
    t.expect(what, done.returncode == (0 if good else 1), (done.returncode, done.stderr[-200:]))
    return json.loads(done.stdout) if done.returncode == 0 else {}


def begin(t, api, me, other):
    s, body = api('POST', '/api/v1/drafts', {'service': 'household-business', 'unit': UNIT, 'answers': {**FAMILY, 'capital_vnd': 0}}, me)
    t.expect('a draft may hold what is not right yet', s == 201, (s, body))
    s, body = api('POST', '/api/v1/dossiers', {'draft': body['draft']}, me)
    t.expect('but cannot be filed', s == 422 and body['field'] == 'capital_vnd', (s, body))
    rows = [('no such service', {'service': 'nothing-here', 'unit': UNIT}, 404), ('no such unit', {'service': 'petition', 'unit': 'H99.99'}, 422),
            ('a unit that does not offer it', {'service': 'birth-registration', 'unit': 'H07'}, 422), ('no unit', {'service': 'petition'}, 422)]
    for what, given, status in rows:
        for path in '/api/v1/drafts', '/api/v1/dossiers':
            s, body = api('POST', path, given, me)
            t.expect(f'{path} with {what}: {status}', s == status, (s, body))
    s, body = api('POST', '/api/v1/drafts', {'service': 'household-business', 'unit': UNIT, 'answers': FAMILY}, me)
    draft = body['draft']
    draft_papers(t, api, me, other, draft)
    s, _ = api('POST', '/api/v1/dossiers', {'draft': draft}, other)
    t.expect("somebody else's draft cannot be filed", s == 404, s)
    s, first = api('POST', '/api/v1/dossiers', {'draft': draft}, me, Idempotency_Key='k' * 128)
    t.expect('filed', s == 201 and set(first) == {'code', 'seq', 'receipt'}, (s, first))
    s, again = api('POST', '/api/v1/dossiers', {'draft': draft}, me, Idempotency_Key='k' * 128)
    t.expect('the same key again: the same dossier', s == 201 and again['code'] == first['code'] and again['seq'] == first['seq'], (s, again))
    s, _ = api('POST', '/api/v1/dossiers', {'draft': draft}, me, Idempotency_Key='k' * 129)
    t.expect('a key over its limit', s == 422, s)
    s, _ = api('POST', '/api/v1/dossiers', {'draft': 'z' * 12}, me, Idempotency_Key='k' * 128)
    t.expect('the same key for something else', s == 422, s)
    second_press(t, api, me, other, draft, first)
    return {**first, 'draft': draft}


def second_press(t, api, me, other, draft, first):
    """Without a key a draft is filed once all the same, and pressing again tells what was filed."""
    mine = len(api('GET', '/api/v1/dossiers', None, me)[1]['dossiers'])
    for what, given in ('the draft', {'draft': draft}), ('with what it once was', {'draft': draft, 'service': 'petition', 'unit': UNIT}):
        s, body = api('POST', '/api/v1/dossiers', given, me)
        t.expect(f'pressed again, {what}', s == 201 and body.get('code') == first['code'] and body['seq'] == first['seq'] and 'receipt' in body, (s, body))
    for what, who, status in ('somebody else', other, 404), ('nobody', None, 401):
        s, body = api('POST', '/api/v1/dossiers', {'draft': draft}, who)
        t.expect(f'pressed again by {what}', s == status and 'code' in body and first['code'] not in json.dumps(body), (s, body))
    t.expect('and nothing new', len(api('GET', '/api/v1/dossiers', None, me)[1]['dossiers']) == mine)
    s, body = api('POST', '/api/v1/drafts', {'service': 'household-business', 'unit': UNIT, 'answers': FAMILY}, me)
    api.upload(f"/api/v1/drafts/{body['draft']}/files", {'document': 'lease'}, png(1), me)
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda _: api('POST', '/api/v1/dossiers', {'draft': body['draft']}, me), range(16)))
    t.expect('pressed sixteen times at once', {s for s, _ in got} == {201} and len({(b['code'], b['seq']) for _, b in got}) == 1, got)
    t.expect('one dossier more', len(api('GET', '/api/v1/dossiers', None, me)[1]['dossiers']) == mine + 1)
    s, p = api('POST', '/api/v1/dossiers', {'draft': 'z' * 12}, me)
    t.expect('a draft that never was', s == 404 and p['code'] == 'NOT_FOUND' and p.get('field') == 'draft', (s, p))


def inbox(t, api, me, officer, code):
    """A page at a time, the inbox gives each dossier once."""
    for _ in range(6):
        api('POST', '/api/v1/dossiers', {'service': 'petition', 'unit': UNIT, 'answers': PETITION}, me)
    whole = api('GET', f'/api/v1/inbox?unit={UNIT}&limit=100', None, officer)[1]
    want = [d['code'] for d in whole['dossiers']]
    t.expect('the inbox holds what was filed', code in want and len(want) == whole['total'] == len(set(want)), (want, whole['total']))
    for limit in 1, 2, 3, 100:
        got, after = [], 0
        for _ in range(len(want) + 2):
            s, page = api('GET', f'/api/v1/inbox?unit={UNIT}&limit={limit}&after={after}', None, officer)
            if s != 200 or not page['dossiers']:
                break
            t.expect(f'the inbox by {limit}: no more rows than asked', len(page['dossiers']) <= limit and page['total'] == len(want), page['total'])
            got += [d['code'] for d in page['dossiers']]
            after = page['dossiers'][-1]['id']
        t.expect(f'the inbox by {limit}: each once, in the same order', got == want, (got, want))
    s, page = api('GET', f'/api/v1/inbox?unit={UNIT}&procedure=PAKN', None, officer)
    t.expect('the inbox of one procedure', s == 200 and page['dossiers'] and all(d['procedure'] == 'PAKN' for d in page['dossiers']))
    s, page = api('GET', f'/api/v1/inbox?unit={UNIT}&procedure=none', None, officer)
    t.expect('the inbox of a procedure nobody asked for', s == 200 and page == {'dossiers': [], 'total': 0}, page)
    for unit, status in (('H07.22', 403), ('H07', 403), ('H99.99', 404)):
        s, _ = api('GET', f'/api/v1/inbox?unit={unit}', None, officer)
        t.expect(f'the inbox of {unit}: {status}', s == status, s)


def act(api, who, code, act_id, **more):
    return api('POST', f'/api/v1/dossiers/{code}/acts', {'act': act_id, **more}, who)


def decide(t, api, me, desk, code):
    """Reception to hand-over, with a supplement and its paper, and what each step refuses."""
    def step(who, act_id, state, **more):
        s, body = act(api, who, code, act_id, **more)
        t.expect(f'{act_id}: {state}', s == 201 and body.get('state') == state, (s, body))
        return body

    def no(what, who, act_id, status, **more):
        s, body = act(api, who, code, act_id, **more)
        t.expect(f'{act_id}, {what}: {status}', s == status, (s, body))
        return body

    version = api('GET', f'/api/v1/dossiers/{code}', None, me)[1]['version']
    no('a version that never was', desk['reception'], 'accept', 409, version=version + 1)
    no('the applicant', me, 'accept', 403)
    no('another role', desk['leader'], 'accept', 403)
    p = no('no such act', desk['reception'], 'nothing', 404)
    t.expect('it is the act that is not there, not the dossier', p.get('field') == 'act', p)
    body = step(desk['reception'], 'accept', 'processing', version=version)
    t.expect('the code is issued by reception', re.fullmatch(r'[A-Z0-9.]+-\d{6}-\d{4,}', body['code']), body['code'])
    no('twice', desk['reception'], 'accept', 404)
    no('an old version', desk['specialist'], 'approve', 409, version=version)
    no('without its inputs', desk['specialist'], 'supplement', 422)
    no('without items', desk['specialist'], 'supplement', 422, reason='Thiếu hợp đồng thuê')
    no('with no items', desk['specialist'], 'supplement', 422, reason='Thiếu hợp đồng thuê', items=[])
    step(desk['specialist'], 'supplement', 'waiting', reason='Hợp đồng thuê không rõ', items=['Hợp đồng thuê chụp rõ bốn góc'])
    no('while we wait for the applicant', desk['specialist'], 'approve', 404)
    s, d = api('GET', f'/api/v1/dossiers/{code}', None, me)
    t.expect('the applicant sees what is wanted', 'chụp rõ bốn góc' in json.dumps(d, ensure_ascii=False) and any(a['id'] == 'resubmit' for a in d['acts']), d['acts'])
    files = f'/api/v1/dossiers/{code}/files'
    for what, fields, file, who, status in (('somebody else', {'act': 'resubmit', 'document': 'lease'}, png(2), desk['other'], (403, 404)),
                                            ('a text', {'act': 'resubmit', 'document': 'lease'}, b'text', me, (415, 422)),
                                            ('an unknown paper', {'act': 'resubmit', 'document': 'nothing'}, png(2), me, (422,)),
                                            ('no such act', {'act': 'nothing', 'document': 'lease'}, png(2), me, (404,))):
        s, body = api.upload(files, fields, file, who)
        t.expect(f'a supplement, {what}: {status}', s in status, (s, body))
    s, body = api.upload(files, {'act': 'resubmit', 'document': 'lease'}, png(2), me)
    t.expect('the supplement with its paper', s == 201 and body['state'] == 'processing', (s, body))
    step(desk['specialist'], 'approve', 'signing')
    no('by who proposed', desk['specialist'], 'sign', 403)
    s, body = api.upload(files, {'act': 'sign', 'document': 'result'}, b'%PDF-1.4\n%%EOF\n', desk['leader'], name='giấy.pdf')
    t.expect('signed, with the result', s == 201 and body['state'] == 'ready', (s, body))
    return step(desk['reception'], 'hand_over', 'returned')['code']


def after_the_end(t, api, node, me, desk, first, code):
    s, d = api('GET', f'/api/v1/dossiers/{code}', None, me)
    kinds = [e['kind'] for e in d['timeline']]
    t.expect('the end', d['is_ended'] and d['status'] == 10 and d['percent'] == 100, (d['is_ended'], d['status'], d['percent']))
    t.expect('no act is left', not [a for a in d['acts'] if a['id'] != 'rate'], d['acts'])
    t.expect('the provisional code still leads here', api('GET', f"/api/v1/dossiers/{first['code']}/status")[1]['code'] == code)
    t.expect('papers, supplement and result are there', len(d['files']) == 3, d['files'])
    vkey = api('GET', '/api/v1/ledger')[1]['vkey']
    proven = receipt_holds(t, node, 'the first receipt verifies', first['receipt'], vkey)
    t.expect('and is of this event', proven.get('seq') == first['seq'] and proven.get('kind') == 'dossier.submitted', proven)
    receipt_holds(t, node, 'another log did not sign it', first['receipt'], 'a' + vkey, good=False)
    for e in d['timeline']:
        s, text = api('GET', f"/api/v1/dossiers/{code}/receipts/{e['seq']}", None, me)
        if t.expect(f"a receipt of {e['kind']}", s == 200 and isinstance(text, str), s):
            got = receipt_holds(t, node, f"the receipt of {e['kind']} verifies", text, vkey)
            t.expect('it is of that event', got.get('seq') == e['seq'] and got.get('kind') == e['kind'], got)
            t.expect('nothing personal stands in it', 'Tạp hóa' not in text and 'chụp rõ' not in json.dumps(got, ensure_ascii=False))
    for seq in (0, 10**9, 2**63 - 1, first['seq'] - 1):
        s, _ = api('GET', f'/api/v1/dossiers/{code}/receipts/{seq}', None, me)
        t.expect(f"event {seq} is not this dossier's", s == 404, s)
    for who, token in (('a stranger', None), ('another unit', desk['other'])):
        s, _ = api('GET', f"/api/v1/dossiers/{code}/receipts/{first['seq']}", None, token)
        t.expect(f'{who} does not learn which entries are of one dossier', s in (403, 404), s)
    s, _ = api('GET', f"/api/v1/dossiers/{first['code']}/receipts/{first['seq']}")
    t.expect('its provisional code is a key to them', s == 200, s)
    t.expect('the timeline is in order', [e['seq'] for e in d['timeline']] in (sorted(e['seq'] for e in d['timeline']), sorted((e['seq'] for e in d['timeline']), reverse=True)), kinds)
    s, mine = api('GET', '/api/v1/dossiers', None, me)
    t.expect("it stands among one's own", code in [x['code'] for x in mine['dossiers']] and mine['total'] >= len(mine['dossiers']))
    t.expect('nobody else sees it', api('GET', f'/api/v1/dossiers/{code}', None, desk['other'])[0] in (403, 404))
    t.expect('nor anybody without an account', api('GET', f'/api/v1/dossiers/{code}')[0] == 401)
    s, status = api('GET', f'/api/v1/dossiers/{code}/status')
    t.expect('the public status names nobody', s == 200 and 'Tạp hóa' not in json.dumps(status, ensure_ascii=False) and 'applicant_name' not in status, status)


def scorecards(t, api):
    """Each card: as listed, its tree adds up, a unit's sheet within it; officers' grades are nobody else's."""
    s, body = api('GET', '/api/v1/scorecards')
    t.expect('the cards that come with the program', {'index-766', 'index-emc', 'index-tt01', 'index-dti', 'index-govuk'} <= {c['id'] for c in body['scorecards']}, body)
    for card in body['scorecards']:
        s, one = api('GET', f"/api/v1/scorecards/{card['id']}?unit=H07&from=2026-01-01&to=2026-12-31")
        t.expect(f"{card['id']}: as listed", s == 200 and all(one[k] == card[k] for k in card), (s, one))
        nodes = one['nodes']
        for n in nodes:
            parts = [p for p in nodes if p['parent'] == n['id']]
            if n['rule'] == 'sum':
                t.expect(f"{card['id']} {n['id']}: parts add up", sum(p['points'] for p in parts) == n['points'] and sum(p['got'] for p in parts) == n['got'], n)
            t.expect(f"{card['id']} {n['id']}: within its points", 0 <= n['got'] <= n['points'] and (n['is_said'] or n['got'] in (0, n['points'])), n)
            t.expect(f"{card['id']} {n['id']}: a value or a dash", ('value' in n) == (n.get('value_text', '—') != '—'), n)
        t.expect(f"{card['id']}: the whole", one['got'] == sum(n['got'] for n in nodes if not n['parent']) <= one['points'], one['got'])
    ref = body['scorecards'][0]['ref']
    for path, status in ((f'/api/v1/scorecards/{ref}', 200), ('/api/v1/scorecards/none', 404), ('/api/v1/scorecards/petition', 404), ('/api/v1/scorecards/index-766?unit=H99.99', 404),
                         ('/api/v1/scorecards/index-766?from=2026-05-02&to=2026-05-01', 422), ('/api/v1/scorecards/index-766?from=x', 422),
                         ('/api/v1/scorecards/index-766?from=2026-05-01&to=2026-05-01', 200)):
        s, body = api('GET', path)
        t.expect(f'{path}: {status}', s == status, (s, str(body)[:100]))


def figures(t, api):
    s, body = api('GET', '/api/v1/indicators')
    for i in body['indicators']:
        s, one = api('GET', f"/api/v1/indicators/{i['id']}?by=unit&unit={UNIT}")
        t.expect(f"{i['id']}: rows add up", s == 200 and sum(r['numerator'] for r in one['rows']) == one['numerator'], (s, one))
        t.expect(f"{i['id']}: as listed", all(one[k] == i[k] for k in i) and one['ledger_size'] > 0, one)
    for path, status in (('/api/v1/indicators/none', 404), (f'/api/v1/indicators/petition.on_time?unit=H99.99', 404), ('/api/v1/units/H99.99', 404),
                         ('/api/v1/units/H07', 200), ('/api/v1/units/000.00.00.H07', 200), ('/api/v1/services/none', 404), ('/api/v1/services/none/form', 404),
                         ('/api/v1/services/one-stop/form', 404), ('/api/v1/nothing', 404), ('/api/v1', 404), ('/api/v2/services', 404)):
        s, body = api('GET', path)
        t.expect(f'{path}: {status}', s == status, (s, str(body)[:100]))
    s, body = api('GET', '/api/v1/services')
    for v in body['services']:
        s, one = api('GET', f"/api/v1/services/{v['id']}")
        t.expect(f"{v['id']}: as listed", s == 200 and all(one[k] == v[k] for k in v), one)
        s, form = api('GET', f"/api/v1/services/{v['id']}/form")
        t.expect(f"{v['id']}: what is required is asked", s == 200 and set(form.get('required', [])) <= set(form['properties']), s)
    s, units = api('GET', '/api/v1/units')
    below = api('GET', '/api/v1/units?parent=H07')[1]['units']
    t.expect('units below one', [u for u in units['units'] if u.get('parent') == 'H07'] == below and below, len(below))


def main():
    node, t = Node(sys.argv[1], undo_s=0).start(), Report()  # what officers do is told at once
    api = Api(node, t)
    try:
        routes = [r for r in node.routes() if r['flags'] & API]
        desk = {r: node.token(f'{r}.{UNIT.lower()}') for r in ('reception', 'specialist', 'leader')}
        citizens = [login for login, role in node.accounts().items() if role == 'citizen']
        me, desk['other'] = node.token(citizens[0]), node.token(citizens[1])
        document(t, api, routes)
        admin = node.token(next(login for login, role in node.accounts().items() if role == 'admin'))
        limits(t, api, routes, desk['other'], desk['reception'], desk['leader'], admin)
        session(t, api, f'reception.{UNIT.lower()}')
        first = begin(t, api, me, desk['other'])
        inbox(t, api, me, desk['reception'], first['code'])
        code = decide(t, api, me, desk, first['code'])
        s, body = api('POST', '/api/v1/dossiers', {'draft': first['draft']}, me)
        t.expect('pressed again at the end: by the code that reception gave', s == 201 and body['code'] == code and body['seq'] == first['seq'], (s, body))
        after_the_end(t, api, node, me, desk, first, code)
        figures(t, api)
        scorecards(t, api)
        node.stop()
        mistakes = re.findall(r'.* rc=(?:INTERNAL|STORE|CORRUPT|IO|NO_MEMORY) .*|.*Assertion.*|.* error .*', open(node.log.name).read())
        t.expect('no mistake of ours in the log', not mistakes, mistakes[:3])
        t.expect('the node verifies', node.run('verify', node.data, data=False, check=False).returncode == 0)
    finally:
        node.end()
    return t.end()


sys.exit(main())
