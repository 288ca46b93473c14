#!/usr/bin/env python3
"""abuse.py MOTCUA: what an unfriendly client may try on raw sockets. The node refuses, keeps its
bounds, leaves nothing behind in the spool, and answers everybody else."""
import json, os, re, socket, sys, threading, time

sys.path.insert(0, os.path.dirname(__file__))
from node import Node, Report
from values import FAMILY, PETITION

SETTINGS = 'web_timeout_s = 1\nweb_connections_max = 200\nweb_queue_max = 8\naccess_log = 0\n'
PNG = b'\x89PNG\r\n\x1a\n' + b'made for a test ' * 8


def connect(node, timeout=5):
    return socket.create_connection(('127.0.0.1', node.port), timeout=timeout)


def drain(c, most=1 << 22):
    """What comes until the end of the connection or of patience."""
    got = b''
    try:
        while len(got) < most:
            piece = c.recv(65536)
            if not piece:
                break
            got += piece
    except (TimeoutError, ConnectionResetError, BrokenPipeError):
        pass
    return got


def raw(node, data, timeout=5):
    with connect(node, timeout) as c:
        try:
            c.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass
        return drain(c)


def status(answer):
    m = re.match(rb'HTTP/1\.[01] (\d{3})', answer)
    return int(m[1]) if m else 0


def alive(node, t, after):
    s, _, _ = node.call('GET', '/healthz')
    t.expect(f'{after}: others are answered', s == 200, s)


def head(method, path, *lines):
    return '\r\n'.join([f'{method} {path} HTTP/1.1', 'Host: a', 'Connection: close', *lines, '', '']).encode()


# -- slow and half --

def slow(node, t):
    def closed(c, piece, every, limit):
        until = time.monotonic() + limit
        c.settimeout(every)
        while time.monotonic() < until:
            try:
                c.sendall(piece)
                if not c.recv(4096):
                    return True
            except TimeoutError:
                continue
            except OSError:
                return True
        return False

    rows = [('a head byte by byte', b'GET / HTTP/1.1\r\nX-A: ', b'a', .3, 4), ('a silent client', b'', b'', .5, 4),
            ('half a head', b'GET / HTTP', b'', .5, 4),
            ('a body byte by byte', head('POST', '/login', 'Content-Length: 9000'), b'a', .4, 14),
            ('half a body', head('POST', '/login', 'Content-Length: 9000') + b'login=', b'', .5, 14)]
    got = {}

    def one(name, first, piece, every, limit):
        with connect(node) as c:
            c.sendall(first)
            got[name] = closed(c, piece, every, limit)
    threads = [threading.Thread(target=one, args=r) for r in rows for _ in range(4)]
    for th in threads:
        th.start()
    alive(node, t, 'slow clients')
    for th in threads:
        th.join()
    for r in rows:
        t.expect(f'{r[0]} ends', got.get(r[0]), 'still open')


def hang_ups(node, t):
    for first in (b'', b'GET / HT', head('POST', '/login', 'Content-Length: 900') + b'login='):
        for _ in range(300):  # more than there are places
            with connect(node) as c:
                c.sendall(first)
        time.sleep(.6)
        alive(node, t, f'300 hang-ups after {len(first)} bytes')


# -- heads and addresses --

def heads(node, t):
    big = b'a' * (1 << 20)
    rows = [('a megabyte of header', b'GET / HTTP/1.1\r\nHost: a\r\nX-A: ' + big + b'\r\n\r\n', (0, 400, 413, 431)),
            ('a megabyte of address', b'GET /' + big + b' HTTP/1.1\r\nHost: a\r\n\r\n', (0, 400, 414, 431)),
            ('5000 headers', head('GET', '/', *['X-A: b'] * 5000), (0, 400, 431)),
            ('two lengths', head('POST', '/login', 'Content-Length: 5', 'Content-Length: 6') + b'aaaaaa', (400,)),
            ('length and chunks', head('POST', '/login', 'Content-Length: 5', 'Transfer-Encoding: chunked') + b'0\r\n\r\n', (400,)),
            ('a negative length', head('POST', '/login', 'Content-Length: -5') + b'aaaaa', (0, 400)),
            ('a length of 2^64', head('POST', '/login', 'Content-Length: 18446744073709551616'), (0, 400, 413)),
            ('another coding', head('POST', '/login', 'Transfer-Encoding: gzip'), (0, 400, 501)),
            ('two hosts', b'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', (400,)),
            ('no host', b'GET / HTTP/1.1\r\n\r\n', (400,)),
            ('a folded header', b'GET / HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\nConnection: close\r\n\r\n', (0, 200, 400)),
            ('a space before the colon', b'GET / HTTP/1.1\r\nHost : a\r\n\r\n', (0, 400)),
            ('TRACE', head('TRACE', '/'), (400, 405, 501)), ('CONNECT', head('CONNECT', 'a:80'), (400, 404, 405, 501)),
            ('noise', bytes(range(256)) * 40, (0, 400)), ('TLS', b'\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03' + b'a' * 60, (0, 400))]
    for name, data, fine in rows:
        s = status(raw(node, data, 2))
        t.expect(f'{name} is refused', s in fine, s)
    alive(node, t, 'bad heads')
    answer = raw(node, b'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n' * 49 + head('GET', '/healthz'))
    t.expect('50 requests at once have 50 answers', answer.count(b'HTTP/1.1 200') == 50, answer.count(b'HTTP/1.1 '))
    for path in ('/../../etc/passwd', '/assets/../../../etc/passwd', '/assets/%2e%2e/%2e%2e/etc/passwd', '/assets/..%2f..%2fetc/passwd',
                 '/assets/....//etc/passwd', '/ledger/tile/../../keys/node', '/ledger/tile/0/../../../keys', '/assets/%00', '/assets//etc/passwd',
                 '/assets/\\..\\..\\etc', '/lang/vi%0d%0aX-Evil:1', '/lang/en?to=//evil.example', '/login?next=https://evil.example/'):
        answer = raw(node, head('GET', path))
        t.expect(f'{path} gives nothing away', status(answer) in (0, 400, 404, 200, 303) and b'root:' not in answer
                 and not re.search(rb'(?im)^(x-evil|location: (https?:)?//evil)', answer.split(b'\r\n\r\n')[0]), answer[:300])


# -- bodies --

def bodies(node, t, bearer):
    kind = {**bearer, 'Content-Type': 'application/json'}
    deep = [b'[' * 100000, b'{"a":' * 100000, b'{"answers":' + b'[' * 40 + b']' * 40 + b'}', b'{"login":"' + b'\\u0000"}', b'\xff\xfe{"a":1}',
            b'{"a":1e999999999}', b'{"login":"\\ud800","password":"x"}', b'{"a":' + b'9' * 100000 + b'}', b'[1,2', b'']
    for data in deep:
        s, _, _ = node.call('POST', '/api/v1/session', data, kind)
        t.expect(f'JSON {data[:24]} is refused', s in (400, 413, 422), s)
    s, _, _ = node.call('POST', '/login', b'&'.join(b'a%d=1' % i for i in range(5000)), {'Content-Type': 'application/x-www-form-urlencoded'})
    t.expect('5000 fields are refused', s in (400, 403, 413), s)
    alive(node, t, 'bad bodies')


def multipart(name, data, extra=b'', document=b'evidence'):
    return (b'--xx\r\nContent-Disposition: form-data; name="document"\r\n\r\n' + document + b'\r\n--xx\r\n'
            b'Content-Disposition: form-data; name="file"; filename="' + name + b'"\r\n' + extra + b'\r\n' + data + b'\r\n--xx--\r\n')


def spooled(node):
    for _ in range(30):
        left = os.listdir(os.path.join(node.data, 'spool'))
        if not left:
            break
        time.sleep(.1)
    return left


def uploads(node, t, bearer):
    kind = {**bearer, 'Content-Type': 'multipart/form-data; boundary=xx'}
    s, _, text = node.call('POST', '/api/v1/drafts', {'service': 'petition', 'unit': 'H07.21.01', 'answers': PETITION}, bearer)
    t.expect('a draft begins', s == 201, text)
    draft = json.loads(text)['draft']
    path = f'/api/v1/drafts/{draft}/files'
    lines = [f'{k}: {v}' for k, v in kind.items()]

    for size in (2000, 300000, 5 << 20):
        with connect(node) as c:
            c.sendall(head('POST', path, f'Content-Length: {20 << 20}', *lines) + multipart(b'a.png', PNG)[:-20])
            try:
                c.sendall(b'a' * size)
            except OSError:
                pass
    t.expect('uploads cut off leave no spool file', not spooled(node), spooled(node))
    rows = [('a page', b'<html><script>alert(1)</script>', b'a.png', 415), ('a program', b'\x7fELF' + b'a' * 99, b'a.pdf', 415),
            ('nothing', b'', b'a.png', 415), ('SVG', b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', b'a.svg', 415)]
    for name, data, file, want in rows:
        s, _, text = node.call('POST', path, multipart(file, data), kind)
        t.expect(f'{name} is refused', s in (want, 400, 422), (s, text))
    try:
        s, _, _ = node.call('POST', path, multipart(b'a.png', PNG + b'a' * (21 << 20)), kind)
    except (BrokenPipeError, ConnectionResetError):
        s = 413
    t.expect('21 MB are refused', s == 413, s)
    for bad in (b'--xx\r\n', b'', b'--xx\r\n\r\n\r\n--xx--', b'--xx\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc'):
        s, _, _ = node.call('POST', path, bad, kind)
        t.expect(f'multipart {bad[:12]} is refused', s in (400, 415, 422), s)
    s, _, _ = node.call('POST', path, multipart(b'a.png', PNG), {**kind, 'Content-Type': 'multipart/form-data; boundary=' + 'x' * 5000})
    t.expect('a long boundary is refused', s in (0, 400, 413, 415, 431), s)
    t.expect('refused uploads leave no spool file', not spooled(node), spooled(node))
    names(node, t, bearer, kind, draft, path)


def names(node, t, bearer, kind, draft, path):
    """File names come back in a header: nothing in them may become another one."""
    taken = []
    for name in (b'a\r\nX-Evil: 1\r\n.png', b'a\nX-Evil: 1.png', b'a%0d%0aX-Evil: 1.png', b'../../../../etc/passwd', b'a\\";x="\\r.png',
                 b'\xff\xfe.png', 'ảnh chụp.png'.encode(), b'a' * 5000, b'C:\\x\\y.png', b'a\x00b.png'):
        s, _, text = node.call('POST', path, multipart(name, PNG + name[:40]), kind)
        t.expect(f'name {name[:20]} is taken or refused', s in (201, 400, 413, 422), (s, text))
        if s == 201:
            taken.append(json.loads(text)['id'])
    s, _, text = node.call('POST', '/api/v1/dossiers', {'draft': draft}, bearer)
    t.expect('the dossier is filed', s == 201, text)
    code = json.loads(text).get('code')
    cookie = {'Cookie': 'motcua=' + bearer['Authorization'].split()[1]}
    for i in taken:
        s, h, _ = node.call('GET', f'/dossier/{code}/file/{i}', None, cookie)
        where = h.get('content-disposition', '')
        t.expect(f'file {i} comes back well', s == 200 and 'x-evil' not in h and '/' not in re.sub("UTF-8''", '', where)
                 and h.get('x-content-type-options') == 'nosniff', (s, h))


# -- too many --

def crowds(node, t):
    crowd = []
    for _ in range(600):
        try:
            crowd.append(connect(node, .5))
        except OSError:
            break
    t.expect('600 connections do no harm', node.process.poll() is None)
    for c in crowd:
        c.close()
    time.sleep(1)
    alive(node, t, 'a crowd')

    answers, lock = [], threading.Lock()

    def one(i):
        try:
            got = node.call('POST', '/api/v1/session', {'login': f'nobody-{i}', 'password': 'wrong-one'})[:2]
        except OSError as e:
            got = (type(e).__name__, {})
        with lock:
            answers.append(got)
    threads = [threading.Thread(target=one, args=(i,)) for i in range(80)]
    for th in threads:
        th.start()
    alive(node, t, 'a flood of log-ins')
    for th in threads:
        th.join()
    refused = [h for s, h in answers if s == 503]
    t.expect('a flood is refused with 503', refused, sorted({str(s) for s, _ in answers}))
    t.expect('and told when to come again', all(h.get('retry-after', '').isdigit() for h in refused), refused[:1])
    t.expect('everybody has an answer', {s for s, _ in answers} <= {401, 429, 503}, sorted({str(s) for s, _ in answers}))
    alive(node, t, 'a flood')


# -- two presses --

def pressed(node, bearer, i):
    """Every other draft with a paper that must be there: it goes into the dossier with the first press."""
    order = {'service': 'household-business', 'answers': FAMILY} if i % 2 else {'service': 'petition', 'answers': PETITION}
    draft = json.loads(node.call('POST', '/api/v1/drafts', {**order, 'unit': 'H07.21.01'}, bearer)[2])['draft']
    if i % 2:
        node.call('POST', f'/api/v1/drafts/{draft}/files', multipart(b'a.png', PNG + b'%d' % i, document=b'lease'),
                  {**bearer, 'Content-Type': 'multipart/form-data; boundary=xx'})
    return draft


def presses(node, t, bearer):
    """One draft filed by three presses at the same moment: one dossier, and each press is told so."""
    cookie = {'Cookie': 'motcua=' + bearer['Authorization'].split()[1]}
    form = {**cookie, 'Content-Type': 'application/x-www-form-urlencoded'}
    for i in range(40):
        draft = pressed(node, bearer, i)
        _, _, page = node.call('GET', f'/draft/{draft}/check', None, cookie)
        csrf = re.search(r'name="csrf" value="([^"]+)"', page)[1]
        told, gate = [], threading.Barrier(3)

        def press():
            gate.wait()
            s, h, _ = node.call('POST', f'/draft/{draft}/submit', ('csrf=' + csrf).encode(), form)
            told.append((s, h.get('location', '')))
        threads = [threading.Thread(target=press) for _ in range(3)]
        for th in threads:
            th.start()
        for th in threads:
            th.join()
        t.expect(f'presses {i}: one dossier, and all are told', len(set(told)) == 1 and told[0][0] == 303
                 and told[0][1].startswith('/done/T-'), told)


def memory(node):
    return next(int(line.split()[1]) // 1024 for line in open(f'/proc/{node.process.pid}/status') if line.startswith('VmRSS'))


def main():
    node, t = Node(sys.argv[1]), Report()
    with open(os.path.join(node.data, 'motcua.conf'), 'a') as f:
        f.write(SETTINGS)
    node.start()
    try:
        who = {role: login for login, role in node.accounts().items()}
        bearer = {'Authorization': 'Bearer ' + node.token(who['citizen'])}
        heads(node, t)
        bodies(node, t, bearer)
        uploads(node, t, bearer)
        presses(node, t, bearer)
        hang_ups(node, t)
        slow(node, t)
        crowds(node, t)
        t.expect('memory stays small', memory(node) < 200, f'{memory(node)} MB')
        t.expect('it ends well', node.stop() == 0)
        t.expect('nothing is left in the spool', not os.listdir(os.path.join(node.data, 'spool')))
        done = node.run('verify', node.data, data=False, check=False)
        t.expect('the ledger verifies', done.returncode == 0, done.stdout)
    finally:
        node.end()
    return t.end()


sys.exit(main())
