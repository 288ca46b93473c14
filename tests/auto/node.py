"""node.py - a scratch node for tests: made by the program itself, served on a free port."""
import datetime, http.client, json, os, re, shutil, subprocess, tempfile, urllib.parse

PASSWORD = 'motcua-demo'
HERE = datetime.timezone(datetime.timedelta(hours=7))


def today():
    """The day that the program has, wherever the machine's clock is set."""
    return datetime.datetime.now(HERE).date()


class Node:
    def __init__(self, motcua, demo=True, **settings):
        """settings: undo_s=0 and so on, into its motcua.conf."""
        self.motcua, self.process = motcua, None
        self.dir = tempfile.mkdtemp(prefix='motcua-test-')
        self.data = os.path.join(self.dir, 'data')
        self.run('init', *(['--demo'] if demo else []))
        with open(os.path.join(self.data, 'motcua.conf'), 'a') as f:
            f.writelines(f'{name} = {value}\n' for name, value in settings.items())

    def run(self, *args, check=True, data=True, **kw):
        words = [self.motcua, *args, *(['--data', self.data] if data else [])]
        done = subprocess.run(words, capture_output=True, text=True, **kw)
        if check and done.returncode:
            raise SystemExit(f'{words}: {done.returncode}\n{done.stdout}{done.stderr}')
        return done

    def start(self):
        self.log = open(os.path.join(self.dir, 'log'), 'ab')
        self.process = subprocess.Popen([self.motcua, 'serve', '--data', self.data, '--port', '0'],
                                        stdout=subprocess.PIPE, stderr=self.log, text=True)
        line = self.process.stdout.readline()
        m = re.search(r':(\d+)/', line)
        if not m:
            raise SystemExit('no server: ' + line + open(self.log.name).read())
        self.port = int(m[1])
        return self

    def stop(self, kill=False):
        if self.process:
            (self.process.kill if kill else self.process.terminate)()
            code = self.process.wait()
            self.process = None
            return code

    def end(self):
        self.stop()
        shutil.rmtree(self.dir, ignore_errors=True)

    def call(self, method, path, body=None, headers=None, timeout=30):
        """(status, headers, text); body: bytes, dict (JSON) or list of pairs (form)."""
        headers = dict(headers or {})
        if isinstance(body, dict):
            body, headers['Content-Type'] = json.dumps(body).encode(), 'application/json'
        elif isinstance(body, list):
            body = urllib.parse.urlencode(body).encode()
            headers['Content-Type'] = 'application/x-www-form-urlencoded'
        c = http.client.HTTPConnection('127.0.0.1', self.port, timeout=timeout)
        try:
            c.request(method, path, body, headers)
            r = c.getresponse()
            return r.status, dict((k.lower(), v) for k, v in r.getheaders()), r.read().decode('utf-8-sig', 'replace')
        finally:
            c.close()

    def token(self, login, password=PASSWORD):
        status, _, text = self.call('POST', '/api/v1/session', {'login': login, 'password': password})
        assert status == 201, (status, text)
        return json.loads(text)['token']

    def routes(self):
        return json.loads(self.run('routes', '--json', data=False).stdout)

    def accounts(self):
        """login -> role, from the list that init writes."""
        out = {}
        for line in open(os.path.join(self.data, 'demo-accounts.txt')):
            m = re.match(r'  (\S+) +(\w+)', line)
            if m:
                out[m[1]] = m[2]
        return out


class Report:
    """Counts what held; end() prints the line that ./check reads and gives the exit code."""

    def __init__(self):
        self.passed, self.failed = 0, []

    def expect(self, what, ok, got=''):
        if ok:
            self.passed += 1
        else:
            self.failed.append(f'{what}: {got}')
            print('FAILED', what, got)
        return ok

    def end(self):
        print(f'tests {self.passed} failed {len(self.failed)}')
        return 1 if self.failed or not self.passed else 0
