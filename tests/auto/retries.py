#!/usr/bin/env python3
"""retries.py MOTCUA: a client that heard no answer asks again, many at once, after kill -9 and after a
refusal: one Idempotency-Key is one act of one account, whatever it makes; a refusal does not use it up."""
import json, os, sqlite3, sys
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.dirname(__file__))
from node import Node, Report
from values import FAMILY, PETITION, png

UNIT, AT_ONCE = 'H07.21.01', 12


def sent(node, who, path, body, key=None, lang='vi'):
    """(status, body, was it told again); body: a dict, or (fields, bytes of a paper), or with its file's name."""
    headers = {'Authorization': 'Bearer ' + who, 'Accept-Language': lang, **({'Idempotency-Key': key} if key is not None else {})}
    if isinstance(body, tuple):
        fields, paper, name = (*body, 'a.png')[:3]
        parts = [f'--xx\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in fields.items()]
        parts += [b'--xx\r\nContent-Disposition: form-data; name="file"; filename="' + name.encode() + b'"\r\n\r\n' + paper + b'\r\n--xx--\r\n']
        body, headers['Content-Type'] = b''.join(parts), 'multipart/form-data; boundary=xx'
    s, h, text = node.call('POST', path, body, headers)
    return s, json.loads(text), h.get('idempotent-replayed') == 'true'


def without_proof(body):
    """A receipt is made anew each time, under the head of that moment."""
    return {k: v for k, v in body.items() if k != 'receipt'}


def counted(node, table):
    db = sqlite3.connect(f'file:{node.data}/motcua.db?mode=ro', uri=True)
    try:
        return db.execute(f'select count(*) from {table}').fetchone()[0]
    finally:
        db.close()


def once(t, node, what, who, path, body, key, table, other):
    """Many at once: one does it, others wait or hear the same; then each repeat hears it again."""
    before = counted(node, table)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        got = list(pool.map(lambda _: sent(node, who, path, body, key), range(AT_ONCE)))
    done = [without_proof(b) for s, b, _ in got if s == 201]
    t.expect(f'{what}: done, or told to wait', done and {s for s, _, _ in got} <= {201, 409}, got)
    t.expect(f'{what}: who waits is told why', all(b['code'] == 'CONFLICT' for s, b, _ in got if s == 409), got)
    t.expect(f'{what}: one answer', done and all(b == done[0] for b in done), done)
    t.expect(f'{what}: done by one', sum(s == 201 and not again for s, _, again in got) == 1, got)
    t.expect(f'{what}: one row', counted(node, table) == before + 1, (before, counted(node, table)))
    for lang in ('vi', 'en'):
        s, b, again = sent(node, who, path, body, key, lang)
        t.expect(f'{what}: told again in {lang}', s == 201 and again and done and without_proof(b) == done[0], (s, b))
    s, b, _ = sent(node, who, path, other, key)
    t.expect(f'{what}: not for another request', s == 422 and b['code'] == 'IDEMPOTENCY', (s, b))
    t.expect(f'{what}: and nothing came of it', counted(node, table) == before + 1, counted(node, table))
    return done[0] if done else {}


def keys(t, node, me):
    """What is no key is refused before anything is done."""
    before = counted(node, 'draft')
    body = {'service': 'petition', 'unit': UNIT}
    for key in ('', ' ', 'a b', 'đ'.encode().decode('latin-1'), 'k' * 129):
        s, b, _ = sent(node, me, '/api/v1/drafts', body, key)
        t.expect(f'key {key[:9]!r} is none', s == 422 and b['code'] == 'INVALID' and b['field'] == 'Idempotency-Key', (s, b))
    t.expect('nothing was made', counted(node, 'draft') == before)
    for key in ('!', 'k' * 128, '~"\\<>'):
        s, b, again = sent(node, me, '/api/v1/drafts', body, key)
        t.expect(f'key {key[:9]!r} is one', s == 201 and not again, (s, b))


def whose(t, node, me, you):
    """The same key of another account, or at another address of the API, is another key."""
    body = {'service': 'petition', 'unit': UNIT, 'answers': PETITION}
    got = [sent(node, who, path, body, 'shared') for who in (me, you) for path in ('/api/v1/drafts', '/api/v1/dossiers')]
    t.expect('each is done', [(s, again) for s, _, again in got] == [(201, False)] * 4, got)
    names = [b.get('draft', b.get('code')) for _, b, _ in got]
    t.expect('each made something of its own', len(set(names)) == 4, names)


def refused_first(t, node, me):
    """What was refused may be sent again under its key, as it was or put right."""
    wrong = {'service': 'petition', 'unit': UNIT, 'answers': {**PETITION, 'subject': ''}}
    before = counted(node, 'dossier')
    for _ in range(2):
        s, b, again = sent(node, me, '/api/v1/dossiers', wrong, 'refused-1')
        t.expect('refused, each time by its own', s == 422 and b['field'] == 'subject' and not again, (s, b))
    s, b, again = sent(node, me, '/api/v1/dossiers', {**wrong, 'answers': PETITION}, 'refused-1')
    t.expect('put right, it is done', s == 201 and not again, (s, b))
    s, b, again = sent(node, me, '/api/v1/dossiers', wrong, 'refused-1')
    t.expect('and then the key is used', s == 422 and b['code'] == 'IDEMPOTENCY', (s, b))
    t.expect('one dossier', counted(node, 'dossier') == before + 1)


def supplemented(t, node, me, desk, code):
    """More is asked for, and comes with a paper: each step once."""
    acts = f'/api/v1/dossiers/{code}/acts'
    one = once(t, node, 'reception', desk['reception'], acts, {'act': 'accept'}, 'act-1', 'dossier_entry', {'act': 'decline'})
    acts = f"/api/v1/dossiers/{one['code']}/acts"
    ask = {'act': 'supplement', 'reason': 'Hợp đồng không rõ', 'items': ['Hợp đồng chụp rõ']}
    once(t, node, 'asking for more', desk['specialist'], acts, ask, 'act-1', 'dossier_entry', {**ask, 'items': ['Khác']})
    files = f"/api/v1/dossiers/{one['code']}/files"
    fields = {'act': 'resubmit', 'document': 'lease'}
    body = once(t, node, 'the supplement', me, files, (fields, png(2)), 'paper-1', 'dossier_file', (fields, png(4)))
    t.expect('it is handled again', body.get('state') == 'processing', body)
    s, b, _ = sent(node, me, files, (fields, png(2), 'b.png'), 'paper-1')
    t.expect('under another name it is another request', s == 422 and b['code'] == 'IDEMPOTENCY', (s, b))
    s, b, _ = sent(node, me, files, (fields, png(2)))
    t.expect('without its key it is a second one, and refused', s in (404, 409), (s, b))
    return one['code']


def taken_back(t, node, officer, code):
    """Now that there is time for it; a move made anew may be taken back under a new key."""
    node.stop()
    conf = os.path.join(node.data, 'motcua.conf')
    text = open(conf).read().replace('undo_s = 0', 'undo_s = 60')
    open(conf, 'w').write(text)
    node.start()
    for n in range(2):
        s, b, again = sent(node, officer, f'/api/v1/dossiers/{code}/acts', {'act': 'approve'}, f'approve-{n}')
        t.expect('proposed', s == 201 and not again, (s, b))
        before = counted(node, 'event')
        path = f'/api/v1/dossiers/{code}/undo'
        got = [sent(node, officer, path, {}, f'undo-{n}') for _ in range(3)]
        t.expect('taken back once, told three times', [(s, again) for s, _, again in got] == [(201, False), (201, True), (201, True)], got)
        t.expect('one event', counted(node, 'event') == before + 1, (before, counted(node, 'event')))


def killed(t, node, me):
    """Whatever was answered is known after kill -9; the key and its act commit together."""
    body = {'service': 'petition', 'unit': UNIT, 'answers': PETITION}
    said = {}

    def file(i):
        try:
            s, b, _ = sent(node, me, '/api/v1/dossiers', body, f'kill-{i}')
            if s == 201:
                said[i] = b['code']
        except OSError:
            pass
        if len(said) == 10:
            node.process.kill()
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(file, range(60)))
    node.stop(kill=True)
    node.start()
    before = counted(node, 'dossier')
    t.expect('some were answered', len(said) >= 10, said)
    for i, code in said.items():
        s, b, again = sent(node, me, '/api/v1/dossiers', body, f'kill-{i}')
        t.expect(f'dossier {i} is told again', s == 201 and again and b['code'] == code, (s, b, code))
    t.expect('none was filed twice', counted(node, 'dossier') == before)


def main():
    t, node = Report(), Node(sys.argv[1], access_log=0, undo_s=0).start()
    try:
        citizens = [login for login, role in node.accounts().items() if role == 'citizen']
        me, you = node.token(citizens[0]), node.token(citizens[1])
        desk = {r: node.token(f'{r}.{UNIT.lower()}') for r in ('reception', 'specialist')}
        keys(t, node, me)
        whose(t, node, me, you)
        refused_first(t, node, me)
        begun = {'service': 'household-business', 'unit': UNIT, 'answers': FAMILY}
        draft = once(t, node, 'a draft', me, '/api/v1/drafts', begun, 'one', 'draft', {**begun, 'answers': {}})['draft']
        lease = {'document': 'lease'}
        once(t, node, 'its paper', me, f'/api/v1/drafts/{draft}/files', (lease, png(1)), 'one', 'draft_file', (lease, png(3)))
        code = once(t, node, 'filing', me, '/api/v1/dossiers', {'draft': draft}, 'one', 'dossier', {'draft': 'z' * 12})['code']
        code = supplemented(t, node, me, desk, code)
        taken_back(t, node, desk['specialist'], code)
        t.expect('nothing is left in the spool', os.listdir(os.path.join(node.data, 'spool')) == [], '')
        killed(t, node, me)
        node.stop()
        for words in (['verify', node.data], ['rebuild', '--check', '--data', node.data]):
            done = node.run(*words, data=False, check=False)
            t.expect(f'{words[0]} holds afterwards', done.returncode == 0, done.stdout[-300:])
    finally:
        node.end()
    return t.end()


sys.exit(main())
