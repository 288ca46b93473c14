#!/usr/bin/env python3
"""tsan_load.py MOTCUA [SECONDS]: the server that was built with a sanitizer, under everything at
once: log-ins, filings, reads by citizens and officers, uploads, streams of events, hang-ups.
Then SIGTERM while all of it goes on. Fails on any report. Builds: build/thread, build/address."""
import json, os, random, socket, sys, threading, time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'auto'))
from node import Node, Report
from values import PETITION

ROOT = os.path.join(os.path.dirname(__file__), '..', '..')
REPORTS = ('WARNING: ThreadSanitizer', 'ERROR: AddressSanitizer', 'ERROR: LeakSanitizer', 'runtime error:')
PNG = b'\x89PNG\r\n\x1a\n' + bytes(range(256)) * 40


def multipart(fields, files):
    out = b''
    for name, value in fields:
        out += b'--xx\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value.encode())
    for name, data in files:
        out += b'--xx\r\nContent-Disposition: form-data; name="%s"; filename="a.png"\r\n\r\n%s\r\n' % (name.encode(), data)
    return out + b'--xx--\r\n', {'Content-Type': 'multipart/form-data; boundary=xx'}


class Load:
    def __init__(self, node, who):
        self.node, self.who, self.stop = node, who, threading.Event()
        self.counts, self.codes, self.lock = {}, [], threading.Lock()
        self.citizen = {'Authorization': 'Bearer ' + node.token(who['citizen'])}
        self.officer = {'Authorization': 'Bearer ' + node.token('reception.h07.21.01')}

    def count(self, what, status):
        with self.lock:
            self.counts[what, status] = self.counts.get((what, status), 0) + 1

    def log_in(self, rng):
        right = rng.random() < .7
        body = {'login': self.who['citizen'], 'password': 'motcua-demo' if right else 'wrong-one'}
        return self.node.call('POST', '/api/v1/session', body)[0]

    def file(self, rng):
        key = {'Idempotency-Key': f'load-{rng.randrange(200)}'} if rng.random() < .3 else {}
        body = {'service': 'petition', 'unit': 'H07.21.01', 'answers': PETITION}
        s, _, text = self.node.call('POST', '/api/v1/dossiers', body, {**self.citizen, **key})
        if s == 201:
            with self.lock:
                self.codes.append(json.loads(text)['code'])
        return s

    def one_code(self, rng):
        with self.lock:
            return rng.choice(self.codes) if self.codes else 'T-none'

    def read(self, rng):
        code = self.one_code(rng)
        path = rng.choice(['/', '/services', '/me', '/ledger/checkpoint', '/api/v1/dossiers', '/api/v1/indicators',
                           '/metrics', '/healthz', f'/api/v1/dossiers/{code}', f'/api/v1/dossiers/{code}/status',
                           f'/dossier/{code}', '/answers', '/figures'])
        return self.node.call('GET', path, None, self.citizen)[0]

    def work(self, rng):
        code = self.one_code(rng)
        if rng.random() < .5:
            return self.node.call('POST', f'/api/v1/dossiers/{code}/acts', {'act': 'accept'}, self.officer)[0]
        path = rng.choice(['/desk', '/api/v1/inbox', f'/desk/dossier/{code}', f'/api/v1/dossiers/{code}'])
        return self.node.call('GET', path, None, self.officer)[0]

    def upload(self, rng):
        order = {'service': 'petition', 'unit': 'H07.21.01'}
        s, _, text = self.node.call('POST', '/api/v1/drafts', order, self.citizen)
        if s == 201:  # else they are at their ceiling and the last one gets the paper
            self.draft = json.loads(text).get('id') or json.loads(text).get('draft')
        draft = self.draft
        body, head = multipart([('document', 'evidence')], [('file', PNG + bytes([rng.randrange(256)]))])
        return self.node.call('POST', f'/api/v1/drafts/{draft}/files', body, {**self.citizen, **head})[0]

    def hang_up(self, rng):
        with socket.create_connection(('127.0.0.1', self.node.port), timeout=5) as c:
            c.sendall(rng.choice([b'GET / HTTP/1.1\r\nHost: a\r\n\r\n', b'POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nlogin=',
                                  b'GET / HT', b'']))
        time.sleep(.01)
        return 0

    def stream(self, rng):
        with socket.create_connection(('127.0.0.1', self.node.port), timeout=5) as c:
            c.sendall(b'GET /figures/events HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n')
            got = c.recv(200)
            until = time.monotonic() + rng.uniform(.1, 2)
            c.settimeout(.5)
            try:
                while c.recv(4000) and time.monotonic() < until:
                    pass
            except TimeoutError:
                pass
        return int(got.split(b' ')[1]) if got.startswith(b'HTTP') else 0

    def one(self, job, seed):
        rng = random.Random(seed)
        while not self.stop.is_set():
            try:
                self.count(job.__name__, job(rng))
            except (OSError, ValueError, Exception) as e:
                self.count(job.__name__, type(e).__name__)
                if not self.node.process or self.node.process.poll() is not None:
                    return
                time.sleep(.05)

    def run(self, seconds):
        jobs = [self.log_in, self.file, self.file, self.read, self.read, self.work, self.upload, self.hang_up, self.stream]
        threads = [threading.Thread(target=self.one, args=(j, i), daemon=True) for i, j in enumerate(jobs)]
        for th in threads:
            th.start()
        time.sleep(seconds)
        code = self.node.stop()  # SIGTERM while requests are on their way
        self.stop.set()
        for th in threads:
            th.join(10)
        return code


def sanitized(t, plain, kind, seconds):
    motcua = os.path.join(ROOT, 'build', kind, 'src', 'motcua')
    if not os.path.exists(motcua):
        print(f'{kind}: not built, left out')
        return
    os.environ['TSAN_OPTIONS'] = 'halt_on_error=0:exitcode=66'
    os.environ['ASAN_OPTIONS'] = 'detect_leaks=1:exitcode=66'
    os.environ['UBSAN_OPTIONS'] = 'print_stacktrace=1'
    node = Node(plain)
    node.motcua = motcua
    try:
        load = Load(node.start(), {role: login for login, role in node.accounts().items()})
        code = load.run(seconds)
        log = open(node.log.name, errors='replace').read()
        found = [r for r in REPORTS if r in log]
        t.expect(f'{kind}: no report', not found, log[min(log.find(r) for r in found):][:6000] if found else '')
        t.expect(f'{kind}: ends well', code == 0, f'{code}\n{log[-2000:]}')
        answered = sum(n for (_, s), n in load.counts.items() if isinstance(s, int))
        t.expect(f'{kind}: it was under load', answered > 20 * seconds / 2, answered)
        bad = {k: n for k, n in load.counts.items() if k[1] in (500, 502)}
        t.expect(f'{kind}: no internal error', not bad, bad)
        if os.environ.get('VERBOSE'):
            print(sorted(load.counts.items(), key=str))
        print(f'{kind}: {answered} requests answered, {len(load.codes)} dossiers', flush=True)
        done = node.run('demo', '--month', '--dossiers', '60', check=False)  # threads of its own count and prepare
        t.expect(f'{kind}: work in bulk', done.returncode == 0, done.stdout[-500:] + done.stderr[-6000:])
        done = node.run('rebuild', '--check', check=False)
        t.expect(f'{kind}: rebuild equals', done.returncode == 0, done.stdout + done.stderr)
    finally:
        node.end()


def main():
    t = Report()
    seconds = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    for kind in ('thread', 'address'):
        sanitized(t, os.path.abspath(sys.argv[1]), kind, seconds)
    return t.end()


sys.exit(main())
