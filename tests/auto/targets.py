#!/usr/bin/env python3
"""targets.py MOTCUA - figures that people enter: who may enter and verify them, what is owed, what a repeated
request does, and the same from the command line with a file of evidence."""
import json, os, sys

from node import Node, Report

PDF = b'%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n'
ENTERED = '/api/v1/figures/entered'
SAID = {'method': 'Đếm theo sổ theo dõi.', 'note': 'Báo cáo 12/BC'}


class Office:
    def __init__(self, node):
        self.node = node
        self.tokens = {n: node.token(n) for n in ('leader.h07', 'auditor.h07', 'leader.h07.21.01', 'reception.h07.21.01')}

    def api(self, method, path, body=None, who=None, **headers):
        head = {'Authorization': 'Bearer ' + self.tokens[who]} if who else {}
        head.update((k.replace('_', '-'), v) for k, v in headers.items())
        status, _, text = self.node.call(method, path, body, head)
        return status, json.loads(text)

    def enter(self, who, body, period, num, **more):
        key = {'Idempotency_Key': more.pop('key')} if 'key' in more else {}
        return self.api('POST', ENTERED, {'indicator': 'fibre_communes', 'body': body, 'period': period, 'num': num, 'den': 10000, **SAID, **more}, who, **key)

    def verify(self, who, entry, num, **more):
        key = {'Idempotency_Key': more.pop('key')} if 'key' in more else {}
        return self.api('POST', f'{ENTERED}/{entry}/verification', {'num': num, 'den': 10000, **more}, who, **key)

    def entered(self, body):
        return self.api('GET', f'{ENTERED}?indicator=fibre_communes&body={body}')[1]['entered']


def refused_to_enter(t, o):
    rows = [
        ('nobody', None, 'H07', '2025-Q3', {}, 401),
        ('reception has no right', 'reception.h07.21.01', 'H07.21.01', '2025-Q3', {}, 403),
        ('a commune for its province', 'leader.h07.21.01', 'H07', '2025-Q3', {}, 403),
        ('a commune for its neighbour', 'leader.h07.21.01', 'H07.21.02', '2025-Q3', {}, 403),
        ('a commune for another agency', 'leader.h07.21.01', 'H23', '2025-Q3', {'body_name': 'Hải Dương'}, 403),
        ('a body without a name', 'leader.h07', 'H23', '2025-Q3', {}, 422),
        ('a period that has not ended', 'leader.h07', 'H07', '2099', {}, 422),
        ('no period', 'leader.h07', 'H07', '2025-Q5', {}, 422),
        ('more than all of it, by a wrong denominator', 'leader.h07', 'H07', '2025-Q3', {'den': 0}, 422),
        ('more than all', 'leader.h07', 'H07', '2025-Q3', {'den': 8999}, 422),
        ('no method', 'leader.h07', 'H07', '2025-Q3', {'method': ''}, 422),
        ('no source', 'leader.h07', 'H07', '2025-Q3', {'note': ' '}, 422),
        ('what events give', 'leader.h07', 'H07', '2025-Q3', {'indicator': 'satisfied'}, 409),
        ('no such indicator', 'leader.h07', 'H07', '2025-Q3', {'indicator': 'nosuch'}, 404),
    ]
    for what, who, body, period, more, status in rows:
        s, answer = o.enter(who, body, period, 9000, **more)
        t.expect(f'entering: {what}', s == status, (s, answer))
    t.expect('nothing of that was kept', o.entered('H07') == [], o.entered('H07'))


def entered_once(t, o):
    """The same key twice is one entry; another body under it is refused; without a key a repeat is a correction, and says why."""
    s, first = o.enter('leader.h07', 'H07', '2025-Q3', 9000, key='figure-1')
    t.expect('entered', s == 201 and first['event'] > 0, (s, first))
    s, again = o.enter('leader.h07', 'H07', '2025-Q3', 9000, key='figure-1')
    t.expect('the same key: the same event', s == 201 and again == first, (s, again))
    s, other = o.enter('leader.h07', 'H07', '2025-Q3', 9100, key='figure-1')
    t.expect('the same key, another figure', s == 422 or s == 409, (s, other))
    s, answer = o.enter('leader.h07', 'H07', '2025-Q3', 9000, key='k' * 129)
    t.expect('a key too long', s == 400 or s == 422, (s, answer))
    s, answer = o.enter('leader.h07', 'H07', '2025-Q3', 9000, note='')
    t.expect('a correction says why', s == 422 and answer.get('field', answer) and 'note' in json.dumps(answer), (s, answer))
    rows = o.entered('H07')
    t.expect('one entry', [(r['period'], r['self']['num']) for r in rows] == [('2025-Q3', 9000)], rows)
    return first['event']


def verified_once(t, o, entry):
    for what, who, num, more, status in [
        ('nobody', None, 9000, {}, 401),
        ('its own author', 'leader.h07', 9000, {}, 403),
        ('a commune below', 'leader.h07.21.01', 9000, {}, 403),
        ('another value without a word', 'auditor.h07', 8800, {}, 422),
    ]:
        s, answer = o.verify(who, entry, num, **more)
        t.expect(f'verifying: {what}', s == status, (s, answer))
    t.expect('not verified yet', 'verified' not in o.entered('H07')[0])
    s, first = o.verify('auditor.h07', entry, 9000, key='verify-1')
    t.expect('verified', s == 201, (s, first))
    s, again = o.verify('auditor.h07', entry, 9000, key='verify-1')
    t.expect('the same key: the same answer', s == 201 and again == first, (s, again))
    s, answer = o.verify('auditor.h07', entry, 9000)
    t.expect('twice with the same value', s == 409, (s, answer))
    s, answer = o.verify('auditor.h07', entry, 8800)
    t.expect('another value later, without a word', s == 422, (s, answer))
    s, answer = o.verify('auditor.h07', entry, 8800, note='Đếm lại tại chỗ.')
    t.expect('another value later, with its reason', s == 201, (s, answer))
    row = o.entered('H07')[0]
    t.expect('both stand side by side', row['self']['num'] == 9000 and row['verified']['num'] == 8800, row)
    s, answer = o.verify('auditor.h07', 10 ** 9, 9000)
    t.expect('no such entry', s == 404, (s, answer))
    s, corrected = o.enter('leader.h07', 'H07', '2025-Q3', 9200, note='Thêm ba xã.')
    t.expect('corrected', s == 201, (s, corrected))
    s, answer = o.verify('auditor.h07', entry, 9000)
    t.expect('the entry was corrected meanwhile', s == 409, (s, answer))


def owed_and_paid(t, o):
    """What is overdue names its body; entering takes it from the list."""
    owed = o.api('GET', '/api/v1/figures/owed')[1]['owed']
    t.expect('somebody owes something', len(owed) > 10, len(owed))
    late = [r for r in owed if r['overdue']]
    t.expect('overdue ones are told', late and all(r['due'] < '2100' and r['missing'] >= 1 for r in late), late[:2])
    first = next(r for r in late if r['body'] != 'H07')
    page = o.node.call('GET', '/targets/owed')[2]
    t.expect('the page tells them', f"/targets/{first['target']}" in page, first)
    s, answer = o.api('GET', '/api/v1/figures/owed?unit=H99')
    t.expect('of no unit', s == 404, (s, answer))
    s, answer = o.api('POST', ENTERED, {'indicator': first['indicator'], 'body': first['body'], 'body_name': 'Tỉnh khác', 'period': first['period'],
                                        'num': 5000, 'den': 10000, **SAID}, 'leader.h07')
    t.expect('entered by the root for another agency', s == 201, (s, answer, first))
    left = o.api('GET', '/api/v1/figures/owed')[1]['owed']
    t.expect('and it is owed no more', (first['target'], first['period']) not in [(r['target'], r['period']) for r in left], first)


def from_the_command_line(t, node):
    paper = os.path.join(node.dir, 'bao-cao.pdf')
    with open(paper, 'wb') as f:
        f.write(PDF)
    plain = os.path.join(node.dir, 'bao-cao.txt')
    with open(plain, 'w') as f:
        f.write('không phải PDF')
    words = ('figure', 'enter', 'fibre_communes', 'H07', '2025-Q2', '--value', '88')
    for what, file, code in (('no such file', paper + 'x', None), ('neither image nor PDF', plain, None), ('a folder', node.dir, None)):
        done = node.run(*words, '--evidence', file, check=False)
        t.expect(f'evidence: {what}', done.returncode != 0 and not done.stdout, (done.returncode, done.stderr))
    t.expect('nothing is left of what was refused', not [f for f in os.listdir(node.data) if f.startswith('evidence-')], os.listdir(node.data))
    done = node.run(*words, '--evidence', paper, check=False)
    t.expect('entered without a method: refused', done.returncode != 0 and 'method' in done.stderr, done.stderr)
    words += ('--method', 'Đếm')
    done = node.run(*words, check=False)
    t.expect('neither evidence nor a source: refused', done.returncode != 0 and 'note' in done.stderr, done.stderr)
    done = node.run(*words[:4], '--value', '12,345', *words[6:], '--evidence', paper, check=False)
    t.expect('three decimals: refused', done.returncode != 0, done.stderr)
    done = node.run(*words, '--evidence', paper)
    t.expect('entered with evidence', 'entered as event' in done.stdout, done.stdout)
    t.expect('the file stays where it was', open(paper, 'rb').read() == PDF)
    t.expect('nothing of the copy is left', not [f for f in os.listdir(node.data) if f.startswith('evidence-')])
    t.expect('the papers hold', node.run('verify', node.data, data=False, check=False).returncode == 0)


def decisions(t, node):
    """The decision that announced a procedure is named when its pack is published."""
    top = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'packs')
    service, general = os.path.join(top, 'petition'), os.path.join(top, 'one-stop')
    whole = ('--decision', '12/QĐ-UBND', '--decided', '2026-02-20', '--effective', '2026-03-10')
    rows = [
        ('a number alone', service, whole[:2], 'decided'),
        ('no number', service, whole[2:], 'decision'),
        ('no day of effect', service, whole[:4], 'effective'),
        ('a day that is none', service, (*whole[:3], '2026-02-30', *whole[4:]), 'decided'),
        ('a day to come', service, (*whole[:3], '2999-01-01', '--effective', '2999-02-01'), 'decided'),
        ('in force before it was decided', service, (*whole[:5], '2026-02-19'), 'effective'),
        ('an empty number', service, ('--decision', ' ', *whole[2:]), 'decision'),
        ('81 characters', service, ('--decision', 'Q' * 81, *whole[2:]), 'decision'),
        ('of a pack that is no service', general, whole, 'decision'),
    ]
    for what, pack, words, field in rows:
        done = node.run('pack', 'publish', pack, *words, check=False)
        t.expect(f'decision: {what}', done.returncode == 5 and field in done.stderr, (done.returncode, done.stderr[-200:]))
    done = node.run('pack', 'publish', service, *whole)
    t.expect('a version published before is not announced again', 'published already' in done.stdout, done.stdout)
    sheet = json.loads(node.run('scorecard', 'show', 'index-766', '--from', '2020-01-01', '--to', '2020-12-31', '--json').stdout)
    values = {n['id']: (n.get('numerator'), n.get('denominator')) for n in sheet['nodes']}
    t.expect('the demo province announced five services, one of them late each way', (values['1.1'], values['1.2']) == ((4, 5), (4, 5)), values)
    t.expect('fees that cannot be paid online are 0 of n', values['3.5'][0] == 0 and values['3.5'][1] >= 3, values['3.5'])


def main():
    t, node = Report(), Node(sys.argv[1])
    try:
        from_the_command_line(t, node)
        decisions(t, node)
        node.start()
        o = Office(node)
        evidence = [r for r in o.entered('H07') if r['period'] == '2025-Q2']
        t.expect('its digest is public', evidence and len(evidence[0]['evidence_sha256']) == 64, evidence)
        o.entered = lambda body, all_=o.entered: [r for r in all_(body) if r['period'] != '2025-Q2']
        refused_to_enter(t, o)
        verified_once(t, o, entered_once(t, o))
        owed_and_paid(t, o)
        node.stop()
        t.expect('the tables are a fold of the events', node.run('rebuild', '--check', check=False).returncode == 0)
    finally:
        node.end()
    sys.exit(t.end())


if __name__ == '__main__':
    main()
