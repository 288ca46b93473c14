#!/usr/bin/env python3
"""rollup.py MOTCUA: three nodes. Two districts state a month to the province, one by command, one
by itself over HTTP; the sums are those of both. What is tampered with, missing or late is seen."""
import base64, copy, datetime, hashlib, http.client, json, os, shutil, sqlite3, sys, tempfile, time

sys.path.insert(0, os.path.dirname(__file__))
from node import Node, Report, today


def month_before():
    first = today().replace(day=1)
    last = first - datetime.timedelta(days=1)
    return last.strftime('%Y-%m'), last.replace(day=1).isoformat(), last.isoformat()


class Named(Node):
    """A node with a name of its own, which its folder keeps from the moment it is made."""

    def __init__(self, motcua, name, **lines):
        self.motcua, self.process = motcua, None
        self.dir = tempfile.mkdtemp(prefix='motcua-test-')
        self.data, self.lines = os.path.join(self.dir, 'data'), {'node_name': f'{name}.example', **lines}
        os.mkdir(self.data, 0o700)
        self.set()
        self.run('init', '--demo')

    def set(self, **lines):
        self.lines.update(lines)
        with open(os.path.join(self.data, 'motcua.conf'), 'w') as f:
            f.writelines(f'{k} = {v}\n' for k, v in self.lines.items())

    def vkey(self):
        key = self.start().call('GET', '/ledger/vkey')[2].strip()
        self.stop()
        return key


class District(Named):
    """One that answers for one district of the demo province only."""

    def __init__(self, motcua, name, unit, seed):
        self.unit = unit
        super().__init__(motcua, name, rollup_unit=unit)
        self.run('demo', '--month', '--dossiers', '500', '--seed', str(seed))


def figure(node, unit, span, indicator='received'):
    s, _, text = node.call('GET', f'/api/v1/indicators/{indicator}?unit={unit}&from={span[1]}&to={span[2]}')
    return json.loads(text)['numerator'] if s == 200 else text


def state(node, name, period):
    v = json.loads(node.call('GET', '/api/v1/statements')[2])
    for n in v['nodes']:
        for c in n['cells']:
            if n['name'] == name and c['period'] == period:
                return c
    return None


def post(node, file):
    s, _, text = node.call('POST', '/api/v1/statements', json.loads(file) if isinstance(file, str) else file)
    return s, json.loads(text)


def restart(node, **lines):
    node.stop()
    node.set(**lines)
    node.start()


def wait_for(what, seconds=40):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.5)
    return False


def stated(file, indicator='received'):
    units = json.loads(file)['statement']['cells'].get(indicator, {})
    return sum(int(line.split(' ')[3]) for lines in units.values() for line in lines)


def tampered(t, parent, file, span):
    """Each change of the file is refused, and what was taken stays."""
    good = json.loads(file)
    before = figure(parent, 'H07', span)

    def cells(o):
        unit = next(iter(o['statement']['cells']['received'].values()))
        part = unit[0].split(' ')
        part[3] = str(int(part[3]) + 1)
        unit[0] = ' '.join(part)

    changes = {
        'a figure': (cells, 'changed'),
        'the month': (lambda o: o['statement'].update(period='2020-01'), 'changed'),
        'the revision': (lambda o: o['statement'].update(revision=9), 'changed'),
        'the ledger': (lambda o: o['statement']['ledger'].update(size=1), 'changed'),
        'the signature': (lambda o: o.update(note=o['note'].replace('— ', '— x', 1)), 'signature'),
    }
    for what, (change, reason) in changes.items():
        bad = copy.deepcopy(good)
        change(bad)
        s, v = post(parent, bad)
        t.expect(f'{what} changed is refused', s == 422 and v.get('reason') == reason, (s, v))
    t.expect('sums stay', figure(parent, 'H07', span) == before, '')
    page = parent.call('GET', '/statements?lang=vi')[2]
    t.expect('refusals are shown', 'Nội dung đã bị sửa sau khi ký' in page, page[:200])
    stranger = copy.deepcopy(good)
    stranger['statement']['node'] = 'nobody.example'
    s, v = post(parent, stranger)
    t.expect('a stranger is refused', s == 403 and v['reason'] == 'untrusted' and 'node trust' in v['title'], (s, v))
    for what, body in (('no statement', {'note': 'x', 'statement': {}}), ('another field', {**good, 'more': 1}), ('nothing', {})):
        s, v = post(parent, body)
        t.expect(f'{what} is refused', s in (400, 422), (s, v))


def by_command(t, parent, a, span):
    made = a.run('statement', 'make', '--period', span[0])
    t.expect('it is made', 'revision 1' in made.stderr, made.stderr)
    again = a.run('statement', 'make', '--period', span[0])
    t.expect('the same again', again.stdout == made.stdout and 'as stated before' in again.stderr, again.stderr)
    a.set(rollup_parent=f'"http://127.0.0.1:{parent.port}"')
    push = a.run('statement', 'push', check=False)
    t.expect('a quoted address: what to write', push.returncode == 1 and 'rollup_parent' in push.stderr and 'without quotes' in push.stderr and ': accepted' not in push.stdout, push.stdout + push.stderr)
    t.expect('nothing else minds it', a.run('statement', 'list', check=False).returncode == 0)
    a.set(rollup_parent=f'http://127.0.0.1:{parent.port}')
    push = a.run('statement', 'push', check=False)
    t.expect('it is accepted', push.returncode == 0 and 'accepted 201' in push.stdout, push.stdout + push.stderr)
    t.expect('in time', state(parent, 'a', span[0])['state'] == 'taken', state(parent, 'a', span[0]))
    a.start()
    own = figure(a, a.unit, span)
    t.expect('what it says is what it counted', stated(made.stdout) == own > 0, (stated(made.stdout), own))
    t.expect('summed', figure(parent, 'H07', span) == figure(parent, a.unit, span) == own, figure(parent, 'H07', span))
    s, v = post(parent, made.stdout)
    t.expect('twice is once', s == 200 and v['outcome'] == 'same' and figure(parent, 'H07', span) == own, (s, v))
    return made.stdout


def node_hash(left, right):
    return hashlib.sha256(b'\1' + left + right).digest()


def head_of(statement):
    _, size, root = statement['ledger']['checkpoint'].split('\n')[:3]
    return int(size), base64.b64decode(root)


def proven(path, m, old, n, new):
    """RFC 9162 2.1.4.2, written from the document alone."""
    path = [base64.b64decode(p) for p in path]
    if m & (m - 1) == 0:
        path = [old] + path
    fn, sn = m - 1, n - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old and sr == new


def grows(t, parent, a, span, first):
    """A second statement proves that its ledger holds the first one's head; a folder that went back in time and
    on another way cannot, though it signs with the same key."""
    a.stop()
    a.set(rollup_parent='')
    past = a.data + '-past'
    shutil.copytree(a.data, past)
    a.run('demo', '--month', '--dossiers', '400', '--seed', '77')
    second = json.loads(a.run('statement', 'make', '--period', span[0]).stdout)
    (m, old), (n, new) = head_of(json.loads(first)['statement']), head_of(second['statement'])
    proofs = {p['size']: p['proof'] for p in second['statement']['consistency']}
    t.expect('the ledger grew', n > m, (m, n, second['statement']['revision'], list(proofs)))
    t.expect('it proves its past', m in proofs and proven(proofs[m], m, old, n, new), list(proofs))
    t.expect('and no other', not proven(proofs[m], m, new, n, new) and not proven(proofs[m][:-1], m, old, n, new))
    s, v = post(parent, second)
    t.expect('the second is taken', s == 201 and v['outcome'] == 'taken', (s, v))
    shutil.rmtree(a.data)
    os.rename(past, a.data)
    for seed in ('78', '79'):
        a.run('demo', '--month', '--dossiers', '400', '--seed', seed)
        a.run('statement', 'make', '--period', span[0])
    a.run('demo', '--month', '--dossiers', '400', '--seed', '80')
    other = json.loads(a.run('statement', 'make', '--period', span[0]).stdout)
    t.expect('another past, as long and signed', head_of(other['statement'])[0] > n and other['statement']['revision'] > 2, other['statement']['ledger'])
    before = figure(parent, 'H07', span)
    s, v = post(parent, other)
    t.expect('a rewritten past is refused', s == 422 and v.get('reason') == 'past', (s, v))
    t.expect('nothing of it is summed', figure(parent, 'H07', span) == before)
    page = parent.call('GET', '/statements?lang=vi')[2]
    t.expect('and it is shown', 'Không chứng minh được sổ cái vẫn giữ nguyên' in page, page[-300:])
    a.start()


def announced(node, size):
    """The answer to a request that only says how long it will be; None: the rest is awaited."""
    c = http.client.HTTPConnection('127.0.0.1', node.port, timeout=1)
    try:
        c.putrequest('POST', '/api/v1/statements')
        for name, value in (('Content-Type', 'application/json'), ('Content-Length', str(size))):
            c.putheader(name, value)
        c.endheaders()
        return c.getresponse().status
    except TimeoutError:
        return None
    finally:
        c.close()


def large(t, parent, a, file):
    """Statements have a ceiling of their own, whatever other bodies may have."""
    restart(parent, web_body_max='2000')
    t.expect('it is larger than others may be', len(file) > 2000, len(file))
    s, v = post(parent, file)
    t.expect('a statement is taken all the same', s in (200, 201), (s, v))
    s, _, text = parent.call('POST', '/api/v1/session', {'login': 'x' * 3000, 'password': 'x'})
    t.expect('another body is not', s == 413, (s, text))
    for size, status in ((4 << 20, None), ((4 << 20) + 1, 413)):  # only the head is sent: it is refused before the body comes
        s = announced(parent, size)
        t.expect(f'a statement of {size} bytes', s == status, s)
    restart(parent, web_body_max='1048576')


def figures_say(t, parent, a, span):
    """What was counted from below is said where it is shown; days within a stated month are not known."""
    def page(path, **asked):
        return parent.call('GET', f'/figures{path}?lang=vi&period=custom&from={asked["first"]}&to={asked["last"]}&unit={asked.get("unit", "H07")}')[2]
    whole, cut = {'first': span[1], 'last': span[2]}, {'first': span[1], 'last': span[2][:8] + '20'}
    html = page('', **whole)
    t.expect('it holds one statement', 'báo cáo tháng của 1 hệ thống cấp dưới' in html and 'href="/statements"' in html, html[-500:])
    t.expect('and waits for one', 'Đang chờ báo cáo, chưa quá hạn' in html, '')
    t.expect('below the node that stated nothing is missed', 'Đang chờ báo cáo' not in page('', unit=a.unit, **whole))
    t.expect('a whole month is complete', 'chưa đủ' not in html)
    for path in ('', '/received', '/received/trend', '/received/league', '/received/map', '/received/dossiers'):
        html = page(path, **cut)
        t.expect(f'{path}: a part of it is not', 'chỉ lấy một phần của tháng' in html, '')
    html = page('/received', **cut)
    t.expect('no false zero', '<p class="mc-headline__value">—</p>' in html and 'chưa đủ' in html and 'Kỳ này chưa có số liệu' not in html, html[-900:])
    t.expect('the map names the source', 'báo cáo của cấp dưới' in page('/received/map', **whole))


def by_itself(t, parent, a, b, span):
    b.set(rollup_parent=f'http://127.0.0.1:{parent.port}')
    b.start()
    came = wait_for(lambda: state(parent, 'b', span[0])['state'] == 'taken')
    t.expect('it comes by itself; the day it was due was before the trust: not late', came, state(parent, 'b', span[0]))
    for indicator in ('received', 'received_online', 'done'):
        both = figure(a, a.unit, span, indicator) + figure(b, b.unit, span, indicator)
        t.expect(f'{indicator}: both are summed', figure(parent, 'H07', span, indicator) == both, (figure(parent, 'H07', span, indicator), both))
    t.expect('each under its own unit', figure(parent, b.unit, span) == figure(b, b.unit, span), '')
    text = b.call('GET', f'/api/v1/statements/{span[0]}')[2]
    t.expect('whoever asks gets the file', stated(text) == figure(b, b.unit, span), text[:100])
    page = b.call('GET', '/statements?lang=vi')[2]
    t.expect('and it says that it was accepted', 'Đã nhận' in page, '')


def missing(t, parent, span):
    """As if the third had been trusted for three months."""
    parent.stop()
    db = sqlite3.connect(os.path.join(parent.data, 'motcua.db'))
    db.execute("update trusted_node set trusted_us = trusted_us - 90 * 86400000000 where name = 'c'")
    db.commit()
    db.close()
    parent.start()
    c = state(parent, 'c', span[0])
    t.expect('the third is missing', c['state'] == 'missing', c)
    page = parent.call('GET', '/statements?lang=vi')[2]
    figures = parent.call('GET', f'/figures?lang=vi&period=custom&from={span[1]}&to={span[2]}')[2]
    t.expect('the figures name it', 'Thiếu báo cáo của: ' in figures and 'Nhận trễ' not in figures, '')
    t.expect('and shown', 'Thiếu' in page and 'Đã nhận' in page, '')


def main():
    t, span = Report(), month_before()
    a, b = District(sys.argv[1], 'a', 'H07.21', 3), District(sys.argv[1], 'b', 'H07.22', 4)
    parent, c = Named(sys.argv[1], 'tinh', rollup_days='60'), Named(sys.argv[1], 'c')
    nodes = [a, b, c, parent]
    try:
        keys = {'a': a.vkey(), 'b': b.vkey(), 'c': c.vkey()}
        for name, unit in (('a', 'H07.21'), ('b', 'H07.22'), ('c', 'H07.23')):
            parent.run('node', 'trust', name, keys[name], unit)
        twice = parent.run('node', 'trust', 'd', keys['c'], 'H07.24', check=False)
        t.expect('one key has one name', twice.returncode == 5, twice.stderr)
        t.expect('it says whose name it is', 'c is trusted under the same node_name, c.ex' in twice.stderr, twice.stderr)
        nested = parent.run('node', 'trust', 'd', keys['c'].replace('c.ex', 'd.ex'), 'H07.21.01', check=False)
        t.expect('no node within another', nested.returncode == 5, nested.stderr)
        parent.start()
        file = by_command(t, parent, a, span)
        figures_say(t, parent, a, span)
        restart(parent, rollup_days='0')
        by_itself(t, parent, a, b, span)
        tampered(t, parent, file, span)
        large(t, parent, a, file)
        grows(t, parent, a, span, file)
        parent.stop()
        done = parent.run('rebuild', '--check', check=False)
        t.expect('the parent is a fold of its events', done.returncode == 0, done.stdout[-400:])
        parent.run('node', 'distrust', 'b')
        parent.start()
        s, v = post(parent, b.call('GET', f'/api/v1/statements/{span[0]}')[2])
        t.expect('no longer trusted', s == 403, (s, v))
        missing(t, parent, span)
    finally:
        for n in nodes:
            n.end()
    return t.end()


sys.exit(main())
