#!/usr/bin/env python3
"""handlers.py MOTCUA [SEED [ROUNDS]]: every handler is reached, by everybody, with what its route
declares: real codes, edges and nonsense. None may end the server, none may answer 500."""
import json, os, random, re, sys, urllib.parse

sys.path.insert(0, os.path.dirname(__file__))
from node import Node, Report
from values import FAMILY, PETITION, png

API, LOGIN, UPLOAD, EVENTS = 1, 4, 16, 64
IN_PATH, IN_QUERY, IN_BODY = 0, 1, 2
TEXT, CODE, INT, DATE, BOOL, LIST, FILE, OBJECT, ANSWERS = range(9)
UNIT = 'H07.21.01'
NASTY = ['', ' ', 'x', 'đ' * 40, '<script>alert(1)</script>', '{{csrf}}', '%s%n', "' or 1=1 --", '-1', '0', '9' * 18, '../../etc/passwd', '=1+1',
         'a\r\nb', '2026-02-29', '//evil.example', '\u202e', '🙂' * 20]
FILES = [(b'', 'a.png'), (png(), 'a.png'), (b'%PDF-1.4\n%%EOF\n', 'giấy tờ.pdf'), (b'text', '../../a.txt'), (png(3) * 50, '')]
ROUNDS = 4
# What a round once found, and what must go on being answered.
FOUND = ['/figures/petition.on_time/dossiers?unit=H07&after=9223372036854775807']


class World:
    """Codes of things that are there, to be named by whoever asks."""

    def __init__(self, node, me, desk):
        self.node, self.me, self.desk = node, me, desk
        self.units = [UNIT, 'H07', '000.00.00.H07', 'H07.22']
        self.services = [s['id'] for s in json.loads(node.call('GET', '/api/v1/services')[2])['services']]
        self.indicators = [i['id'] for i in json.loads(node.call('GET', '/api/v1/indicators')[2])['indicators']]
        self.fields = ['lines.0.name', 'lines.1.code', 'lines.99999999999.name', 'lines', 'lines.-1.code', '.', 'x..y', '0']
        self.pages, self.drafts, self.files = ['check'], [], [1]
        for s in self.services:
            schema = json.loads(node.call('GET', f'/api/v1/services/{s}/form')[2])
            self.fields += list(schema['properties'])
        self.fill()

    def post(self, path, body, who):
        s, _, text = self.node.call('POST', path, body, {'Authorization': 'Bearer ' + who})
        return json.loads(text) if s == 201 else {}

    def fill(self):
        """Anew, because rounds use them up."""
        me, made = self.me, {'unit': UNIT}
        for old in self.drafts:
            self.node.call('POST', f'/draft/{old}/delete', b'', {'Authorization': 'Bearer ' + me})
        one = self.post('/api/v1/dossiers', {**made, 'service': 'household-business', 'answers': FAMILY}, me)
        two = self.post('/api/v1/dossiers', {**made, 'service': 'petition', 'answers': PETITION}, me)
        got = self.post(f"/api/v1/dossiers/{two['code']}/acts", {'act': 'accept'}, self.desk)
        draft = [self.post('/api/v1/drafts', {**made, 'service': s, 'answers': a}, me).get('draft', 'zzzzzzzzzz')
                 for s, a in (('household-business', FAMILY), ('petition', {}))]
        for d in draft:
            s, _, text = self.node.call('GET', f'/draft/{d}', None, {'Authorization': 'Bearer ' + me})
            self.pages += [x for x in re.findall(r'/page/([\w.:-]+)', text) if x not in self.pages]
        self.paper(me, draft[0], one['code'])
        self.codes = [one['code'], got.get('code', two['code']), two['code'], 'T-AAAAAAAAAA']
        self.drafts, self.seqs = draft, [one['seq'], one['seq'] + 1, 0, 1]
        self.acts = ['accept', 'decline', 'supplement', 'resubmit', 'approve', 'refuse', 'sign', 'withdraw', 'answer', 'confirm', 'x']

    def paper(self, me, draft, code):
        """A paper in a draft, so that file ids name something."""
        body = (b'--xx\r\nContent-Disposition: form-data; name="document"\r\n\r\nlease\r\n--xx\r\n'
                b'Content-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n' + png() + b'\r\n--xx--\r\n')
        s, _, text = self.node.call('POST', f'/api/v1/drafts/{draft}/files', body,
                                    {'Authorization': 'Bearer ' + me, 'Content-Type': 'multipart/form-data; boundary=xx'})
        if s == 201:
            self.files = [json.loads(text)['id'], 1]

    def pool(self, route, p):
        """What stands in for this parameter, most often."""
        name, path = p['name'], route['path']
        if name == 'id' and p['type'] == CODE:
            return self.drafts if path.startswith('/draft') else self.indicators if 'figures' in path or 'indicators' in path else self.services
        if name == 'path':
            return ['0/000', 'entries/000', '0/000.p/5', 'entries/x001/000', '63/000', '-1/000', 'css/main.css', 'x', '0/0000']
        return {'code': self.units if '/units' in path else ['vi', 'en', 'xx'] if '/lang' in path else self.codes, 'draft': self.drafts,
                'unit': self.units, 'parent': self.units, 'service': self.services, 'page': self.pages, 'act': self.acts, 'seq': self.seqs,
                'document': ['lease', 'minutes', 'x'], 'box': ['mine', 'free', 'unit', 'late', 'done'], 'by': ['unit', 'month', 'day'],
                'procedure': ['PAKN', '1.001193'], 'period': ['2026', '2026-11', '2026-q4', 'x'], 'area': self.units,
                'add': ['lines', 'members'], 'id': self.files, 'remove': self.files, 'number': ['083195000000', '083160007919'],
                'to': ['/', '/me', '//evil.example', 'https://evil.example/'], 'login': ['083195000000']}.get(name, [])


def value(rnd, world, route, p):
    pool = world.pool(route, p)
    if pool and rnd.random() < 0.8:
        return rnd.choice(pool)
    if p['type'] == INT:
        return rnd.choice([p['least'], p['most'], p['least'] + 1, p['most'] + 1, 0])
    if p['type'] == DATE:
        return rnd.choice(['2026-01-01', '0001-01-01', '9999-12-31', '2020-02-29', 'x'])
    if p['type'] == BOOL:
        return rnd.choice(['1', 'on', 'true', '0', 'x'])
    if p['type'] == CODE:
        return 'a' * max(1, rnd.choice([p['least'], p['most']]))
    text = rnd.choice(NASTY)
    return text if rnd.random() < 0.7 else ('đ' * p['most'])[:2000]


def answers(rnd, world):
    return [('a.' + rnd.choice(world.fields), rnd.choice(NASTY)) for _ in range(rnd.randrange(12))]


def form(rnd, world, route):
    """(content type, body) with what the route declares, as a browser sends it."""
    fields, files = [], []
    for p in (p for p in route['params'] if p['in'] == IN_BODY):
        if p['type'] == ANSWERS:
            fields += answers(rnd, world)
        elif p['type'] == FILE:
            files += [(p['name'], *rnd.choice(FILES))] if p['required'] or rnd.random() < 0.2 else []
        elif p['required'] or rnd.random() < 0.4:
            fields.append((p['name'], str(value(rnd, world, route, p))))
    if not route['flags'] & UPLOAD:
        return 'application/x-www-form-urlencoded', urllib.parse.urlencode(fields).encode()
    body = b''.join(f'--xx\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields)
    for k, data, name in files:
        body += f'--xx\r\nContent-Disposition: form-data; name="{k}"; filename="{name}"\r\n\r\n'.encode() + data + b'\r\n'
    return 'multipart/form-data; boundary=xx', body + b'--xx--\r\n'


def members(rnd, world, route):
    body = {}
    for p in (p for p in route['params'] if p['in'] == IN_BODY and (p['required'] or rnd.random() < 0.5)):
        if p['type'] == OBJECT:
            body[p['name']] = rnd.choice([FAMILY, PETITION, {}, {rnd.choice(world.fields): rnd.choice(NASTY)}, {'lines': [[[1]]]}, {'lines': [{}] * 60}])
        elif p['type'] == LIST:
            body[p['name']] = [rnd.choice(NASTY) for _ in range(rnd.randrange(5))]
        else:
            body[p['name']] = value(rnd, world, route, p)
    return 'application/json', json.dumps(body).encode()


def address(rnd, world, route):
    def part(m):
        p = next(p for p in route['params'] if p['in'] == IN_PATH and p['name'] == m[1].rstrip('*'))
        return urllib.parse.quote(str(value(rnd, world, route, p)) or 'x', safe='/' if m[1].endswith('*') else '')
    path = re.sub(r'\{([^}]+)\}', part, route['path'])
    query = [(p['name'], value(rnd, world, route, p)) for p in route['params'] if p['in'] == IN_QUERY and (p['required'] or rnd.random() < 0.4)]
    return path + ('?' + urllib.parse.urlencode(query) if query else '')


def reach(t, node, rnd, world, route, who, token):
    headers = {'Authorization': 'Bearer ' + token, 'Accept-Language': rnd.choice(['vi', 'en'])} if token else {}
    path, body = address(rnd, world, route), None
    if route['method'] != 'GET':
        json_body = route['flags'] & API and not route['flags'] & UPLOAD
        headers['Content-Type'], body = (members if json_body else form)(rnd, world, route)
    what = f"{route['method']} {path[:100]} as {who}"
    try:
        s, h, text = node.call(route['method'], path, body, headers, timeout=10)
    except OSError as e:
        t.expect(f'{what}: an answer', False, (repr(e), (body or b'')[:300]))
        return node.process.poll() is None
    t.expect(f'{what}: no mistake of ours', s < 500, (s, (body or b'')[:400], text[:200]))
    if h.get('content-type', '').startswith('text/html'):
        t.expect(f'{what}: escaped', '<script>alert' not in text and '{{' not in text.replace('{{csrf}}', '') and 'href="//evil' not in text, (body or b'')[:400])
    location = h.get('location', '/')
    t.expect(f'{what}: leads nowhere else', location[0] == '/' and location[1:2] not in ('/', '\\'), location)
    return True


def main():
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else ROUNDS
    rnd, t = random.Random(seed), Report()
    node = Node(sys.argv[1]).start()
    try:
        routes = [r for r in node.routes() if not r['flags'] & (EVENTS | LOGIN) and r['path'] not in ('/api/v1/session', '/logout')]
        logins = {role: login for login, role in reversed(list(node.accounts().items()))}
        tokens = {role: node.token(login) for role, login in logins.items()} | {'nobody': None}
        world = World(node, tokens['citizen'], tokens['reception'])
        for path in FOUND:
            s, _, text = node.call('GET', path, None, {'Authorization': 'Bearer ' + tokens['leader']})
            t.expect(path, s in (200, 303, 422), (s, text[:200]))
        for n in range(rounds):
            for r in routes:
                if r['method'] == 'POST' or '/draft' in r['path']:
                    world.fill()
                for who, token in [*tokens.items(), *[('citizen', tokens['citizen'])] * 3, ('reception', tokens['reception'])]:
                    if not reach(t, node, rnd, world, r, who, token):
                        raise SystemExit(f'seed {seed}: the server ended\n' + open(node.log.name).read()[-600:])
        log = open(node.log.name, errors='replace').read()
        mistakes = sorted(set(re.findall(r'\S+ rc=(?:INTERNAL|STORE|CORRUPT|IO|NO_MEMORY) .*', log)))
        t.expect(f'seed {seed}: no mistake of ours in the log', not mistakes, mistakes[:5])
        missing = sorted(set(re.findall(r'event=message_missing.*', log)))
        t.expect(f'seed {seed}: no message is missing', not missing, missing[:5])
        node.stop()
        for words in (['verify', node.data], ['rebuild', '--check', '--data', node.data]):
            done = node.run(*words, data=False, check=False)
            t.expect(f'seed {seed}: {words[0]} holds afterwards', done.returncode == 0, done.stdout[-300:])
    finally:
        node.end()
    return t.end()


sys.exit(main())
