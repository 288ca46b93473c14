#!/usr/bin/env python3
"""goals.py MOTCUA: figures entered and verified over the pages' forms, in both languages: what is refused and where it is
said, what stands afterwards, who may open the evidence; and the pages of targets for those who have no right to them."""
import json, os, re, sqlite3, sys, urllib.parse

sys.path.insert(0, os.path.dirname(__file__))
from counter import reader
from node import PASSWORD, Node, Report
from visitor import Visitor

PDF = b'%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n'
LEADER, AUDITOR, COMMUNE, COUNTER, CITIZEN = ('leader.h07', 'auditor.h07', 'leader.h07.21.01', 'reception.h07.21.01', '083195000000')


def signed_in(node, login, lang='vi', on_page=None):
    v = Visitor(node, login, lang, on_page)
    v.sign_in(login, PASSWORD)
    return v


def is_error(p, field):
    return any(x.get('id') == field + '-error' for x in p.all('p'))


def owed(node, indicator):
    rows = json.loads(node.call('GET', '/api/v1/figures/owed')[2])['owed']
    return next(r for r in rows if r['indicator'] == indicator)


# -- entering --

REFUSED = [  # what is typed, the field at which it is refused
    ({}, 'value'),
    ({'value': 'nhiều'}, 'value'),
    ({'value': '%'}, 'value'),
    ({'value': '-'}, 'value'),
    ({'value': '1.2.3,4'}, 'value'),
    ({'value': '12,345,6'}, 'value'),
    ({'value': '1234567890123456789'}, 'value'),
    ({'value': '9' * 16}, 'value'),  # a share of that size says nothing
    ({'value': '50', 'num': '1', 'den': '3'}, 'value'),  # one or the other
    ({'value': '0,125'}, 'value'),
    ({'value': '12.34.5'}, 'value'),
    ({'value': '1,5.0'}, 'value'),
    ({'value': '101'}, 'value'),
    ({'value': '-1'}, 'value'),
    ({'num': '1', 'den': '0'}, 'den'),
    ({'num': '4', 'den': '3'}, 'den'),
    ({'value': '50', 'method': ' '}, 'method'),
    ({'value': '50', 'method': 'ư' * 1001}, 'method'),
    ({'value': '50', 'note': 'Báo cáo <quý>' + 'ư' * 1000}, 'note'),
    ({'num': '5', 'den': ''}, 'den'),
    ({'num': '', 'den': '5'}, 'den'),
    ({'num': '5', 'den': '-1'}, 'den'),
    ({'num': '1,5', 'den': '3'}, 'den'),
    ({'num': 'năm', 'den': '10'}, 'den'),
    ({'value': '50', 'period': '2099'}, 'period'),
    ({'value': '50', 'period': '2025-13'}, 'period'),
    ({'value': '50', 'period': '2025-Q5'}, 'period'),
    ({'value': '50', 'period': 'nay'}, 'period'),
]


def refused(t, v, target):
    for typed, field in REFUSED:
        p = v.go(f'/targets/{target}/enter')
        p = v.send(p.form('/enter'), {'note': 'Báo cáo <quý>', 'method': 'Đếm', **typed})
        what = f'{v.lang} entering {typed}'
        t.expect(f'{what}: refused at {field}', p.status == 422 and is_error(p, field), (p.status, [x.get('id') for x in p.all('p') if x.get('id')]))
        t.expect(f'{what}: the list of errors leads there', f'#{field}' in p.links(), p.links()[:6])
        t.expect(f'{what}: what was typed stands', 'Báo cáo &lt;quý&gt;' in p.html and all(x == '' or k == 'period' or (x.strip() in p.html if k in ('method', 'note') else f'value="{x}"' in p.html) for k, x in typed.items() if k != 'note'))
    for name, kind, data in (('a.txt', 'text/plain', b'only words'), ('a.png', 'image/png', b'no picture'), ('a.html', 'text/html', b'<script>alert(1)</script>')):
        p = v.go(f'/targets/{target}/enter')
        p = v.send(p.form('/enter'), {'value': '50', 'method': 'Đếm'}, [('evidence', name, kind, data)])
        t.expect(f'{v.lang} evidence {name}: refused', p.status in (415, 422) and (p.status == 415 or is_error(p, 'evidence')), p.status)
    for name, typed, files in (('none and no source', {}, []), ('an empty one', {'note': 'x'}, [('evidence', 'a.pdf', 'application/pdf', b'')])):
        p = v.go(f'/targets/{target}/enter')
        p = v.send(p.form('/enter'), {'value': '50', 'method': 'Đếm', **typed}, files)
        t.expect(f'{v.lang} evidence: {name}', p.status == 422 and is_error(p, 'evidence') and 'value="50"' in p.html, p.status)
        t.expect(f'{v.lang} says that it is empty', not files or '0 byte' in p.html, p.status)
    p = v.go(f'/targets/{target}/enter')
    t.expect(f'{v.lang} the limit stands beside the file', '20 MB' in p.html and p.html.count('maxlength="1000"') == 2, p.status)
    p = v.send(p.form('/enter'), {'value': '50'}, [('evidence', 'a.pdf', 'application/pdf', PDF + b'x' * (20 << 20))])
    t.expect(f'{v.lang} too large a file: the limit, and what to do', p.status == 413 and '20 MB' in p.html, (p.status, p.text()[-200:]))
    p = v.go(f'/targets/{target}')
    t.expect(f'{v.lang} nothing of that was entered', '/targets/verify/' not in p.html and '/targets/evidence/' not in p.html)


def rows_of(node, row, login=None):
    path = f"/api/v1/figures/entered?indicator={row['indicator']}&body={row['body']}"
    head = {'Authorization': 'Bearer ' + node.token(login)} if login else {}
    return json.loads(node.call('GET', path, None, head)[2])['entered']


def earlier_words(t, node, row, first, note):
    """A correction may have removed what ought not to stand there: the words are for those who may open the evidence."""
    for login, may in ((None, False), (CITIZEN, False), (COUNTER, False), (COMMUNE, False), (AUDITOR, True), (LEADER, True)):
        got = rows_of(node, row, login)[0]
        was = got['earlier'][0]
        t.expect(f'{login}: the value that was corrected, its words or not', was['self']['num'] == 1234 and was.get('note') == (note if may else None)
                 and ('method' in was) == ('evidence_sha256' in was) == may, was)
        t.expect(f'{login}: the entry that stands has its words', got['note'] == 'Cộng thiếu một xã.' and got['method'] == 'Đếm', got)
        v = signed_in(node, login) if login else Visitor(node)
        p = v.go(f"/targets/{row['target']}")
        t.expect(f'{login}: on the page, too', '61,70' in p.text() and (note in p.html) == may and 'Cộng thiếu một xã.' in p.html, p.text()[-600:])
        t.expect(f'{login}: the digest of its paper', p.html.count('…</span>') == may, p.html.count('…</span>'))
        v.end()
    unread_events(t, node, row, first)


def unread_events(t, node, row, first):
    """The event of an entry is read only for those to whom it says more: with one that is not there, only they are told so."""
    def moved(a, b):
        db = sqlite3.connect(os.path.join(node.data, 'motcua.db'), timeout=20)
        with db:
            db.execute('update entered set seq = ? where seq = ?', (b, a))
        db.close()
    moved(first, -first)
    for login, fails in ((None, False), (CITIZEN, False), (LEADER, True)):
        v = signed_in(node, login) if login else Visitor(node)
        p = v.go(f"/targets/{row['target']}")
        t.expect(f'{login}: whose event is read', (p.status >= 400) == fails and (fails or 'nhập bởi' in p.text()), p.status)
        v.end()
    moved(-first, first)


def entered(t, v, node, row):
    """Numerator and denominator, with a paper; then corrected, which needs a word."""
    target, period = row['target'], row['period']
    p = v.go(f"/targets/{target}/enter?period=2012-Q4")
    chosen = [o.get('value') for o in p.all('option') if 'selected' in o.attrs]
    t.expect('a period that is owed for long is offered, too', chosen == ['2012-Q4'], chosen)
    p = v.go(f"/targets/{target}/enter?period={period}")
    chosen = [o.get('value') for o in p.all('option') if 'selected' in o.attrs]
    t.expect('the period that is owed is chosen', chosen == [period], (chosen, period))
    t.expect('nothing stands for it yet', 'id="was"' not in p.html)
    long_note = 'ư' * 1000
    p = v.send(p.form('/enter'), {'num': '1.234', 'den': '2 000', 'method': 'Đếm', 'note': long_note}, [('evidence', 'bao cao.pdf', 'application/pdf', PDF)])
    t.expect('entered', p.status == 200 and p.path == f'/targets/{target}', (p.status, p.path))
    got = rows_of(node, row)
    t.expect('as it was typed', len(got) == 1 and got[0]['self']['num'] == 1234 and got[0]['self']['den'] == 2000, got)
    t.expect('a thousand letters are a thousand letters', got and got[0].get('note') == long_note, len(got[0].get('note', '')))
    first = got[0]['self']['event']
    p = v.go(f'/targets/{target}/enter?period={period}')
    t.expect('the form says what the period has', 'id="was"' in p.html and '61,70' in p.html, p.text()[:400])
    p = v.send(p.form('/enter'), {'value': '61,8 %', 'note': '', 'method': 'Đếm'}, [('evidence', 'hai.pdf', 'application/pdf', PDF)])
    t.expect('a correction asks why', p.status == 422 and is_error(p, 'note'), p.status)
    t.expect('and for the file again', 'id="file-again"' in p.html, p.status)
    p = v.send(p.form('/enter'), {'note': 'Cộng thiếu một xã.', 'value': '61,8 %'})
    t.expect('and is taken with its reason', p.status == 200 and '61,80' in p.text(), p.status)
    got = rows_of(node, row)
    t.expect('a percentage has its own parts', got[0]['self']['num'] == 6180 and got[0]['self']['den'] == 10000, got)
    earlier = got[0]['earlier']
    t.expect('what it was stays in the API', len(earlier) == 1 and earlier[0]['self']['event'] == first, earlier)
    page = v.go(f'/targets/{target}')
    t.expect('and on the page, with its paper for those who may', '61,70' in page.text() and f'/targets/evidence/{first}' in page.html, page.text()[-600:])
    nobody = Visitor(node)
    page = nobody.go(f'/targets/{target}')
    t.expect('everybody reads the value and the unit, not the paper', '61,70' in page.text() and '/targets/evidence/' not in page.html and 'nhập bởi' in page.text(), page.text()[-600:])
    nobody.end()
    earlier_words(t, node, row, first, long_note)
    return first


def not_theirs(t, node, target):
    """Addresses of pages and forms, as somebody types them."""
    people = {None: (200, 401, 403), COUNTER: (403,), COMMUNE: (403,), CITIZEN: (403,)}
    for login, want in people.items():
        v = signed_in(node, login) if login else Visitor(node)
        p = v.go(f'/targets/{target}/enter')
        at_door = not login and p.path.startswith('/login')
        t.expect(f'{login} at the form', p.status in want and (login or at_door or p.status != 200), (p.status, p.path))
        t.expect(f'{login} sees no button for it', f'/targets/{target}/enter' not in v.go(f'/targets/{target}').html)
        v.end()


def no_such(t, v):
    for path, status in (('/targets/nosuch', 404), ('/targets/nosuch/enter', 404), ('/targets/verify/999999999', 404), ('/targets/verify/x', 404),
                         ('/targets/evidence/999999999', 404), ('/targets/evidence/-1', 404), ('/targets/owed?unit=H99', 404), ('/alerts?unit=H99', 404),
                         ('/targets?body=H99', 200), ('/targets?state=nosuch', 200)):
        p = v.go(path)
        ok = p.status == status or (status == 404 and p.status in (400, 422))
        t.expect(f'{v.lang} GET {path}', ok, p.status)


# -- verifying --

def entries(p):
    return sorted({int(n) for n in re.findall(r'/targets/verify/(\d+)', p.html)})


def verified(t, leader, auditor, node, row):
    target = row['target']
    entry = entries(auditor.go(f'/targets/{target}'))
    t.expect('the authority is offered the last entry', len(entry) == 1, entry)
    path = f'/targets/verify/{entry[0]}'
    t.expect('who entered it is not offered to verify it', not entries(leader.go(f'/targets/{target}')), leader.page.path)
    p = leader.go(path)
    t.expect('nobody verifies their own, in words', p.status == 403 and not p.form(path) and 'Không ai tự kiểm tra' in p.text(), (p.status, p.text()[:200]))
    p = auditor.go(path)
    p = auditor.send(p.form(path), {'value': '60', 'note': 'Đi xem.'}, press=('same', '1'))
    t.expect('as entered, beside another value: refused', p.status == 422 and is_error(p, 'value') and 'value="60"' in p.html and 'Đi xem.' in p.html, p.status)
    for typed, field in (({'value': ''}, 'value'), ({'value': 'x'}, 'value'), ({'num': '1', 'den': '0'}, 'den'), ({'value': '60'}, 'note')):
        p = auditor.go(path)
        p = auditor.send(p.form(path), {'note': '', **typed})
        t.expect(f'verifying {typed}: refused at {field}', p.status == 422 and is_error(p, field), p.status)
    t.expect('not verified yet', 'verified' not in rows_of(node, row)[0], rows_of(node, row)[0])
    p = auditor.go(path)
    p = auditor.send(p.form(path), {'value': '60', 'note': 'Đi xem tận nơi.'})
    t.expect('another value with its reason', p.status == 200 and '60 %' in p.text() and '61,80' in p.text(), p.text()[:300])
    got = rows_of(node, row)[0]
    t.expect('both stand', (got['self']['num'], got['verified']['num']) == (6180, 6000), got)


def evidence(t, node, auditor, leader, entry, without):
    """The paper of the first entry, which a correction without one did not take away."""
    for v in (auditor, leader):
        p = v.go(f'/targets/evidence/{entry}')
        t.expect(f'{v.name} reads it', p.status == 200 and p.raw == PDF, p.status)
        t.expect('as a file, not as a page', p.headers.get('x-content-type-options') == 'nosniff' and 'pdf' in p.headers.get('content-type', ''), p.headers)
    for login in (None, COUNTER, CITIZEN, COMMUNE):
        v = signed_in(node, login) if login else Visitor(node)
        p = v.go(f'/targets/evidence/{entry}')
        t.expect(f'{login} does not', p.raw != PDF and (p.status in (401, 403) or p.path.startswith('/login')), (p.status, p.path))
        v.end()
    t.expect('a figure without a paper has none', auditor.go(f'/targets/evidence/{without}').status == 404, auditor.page.status)
    db = sqlite3.connect(f'file:{node.data}/motcua.db?mode=ro', uri=True)
    rows = db.execute("select subject, purpose, law, actor from event where purpose = 'evidence of an entered figure' order by seq").fetchall()
    db.close()
    t.expect('who opened it is written down, with purpose and ground; who was refused did not', len(rows) == 2 and len({r[3] for r in rows}) == 2, rows)
    t.expect('of that entry', all(r[0] == int(entry) and r[2] for r in rows), rows)


def asked(t, node, leader):
    """What the 766 index asks of units: owed by the province, entered from the card's page, seen on it."""
    owed = node.call('GET', '/targets/owed?lang=en')[2]
    for ind in ('synced', 'paid', 'reused', 'store', 'verified'):
        t.expect(f'{ind} is owed', f'/targets/index-766.q766-{ind}-told.H07"' in owed, owed[-500:])
    t.expect('no other unit owes it', 'q766-synced-told.H07.' not in owed and 'q766-synced-told' not in node.call('GET', '/targets/owed?unit=H07.21')[2])
    card = leader.go('/scorecards/index-766?period=last')
    t.expect('the card leads there', card.status == 200 and 'href="/targets/index-766.q766-synced-told.H07"' in card.html, card.status)
    p = leader.go('/targets/index-766.q766-synced-told.H07')
    t.expect('a page of its own', p.status == 200 and '/targets/index-766.q766-synced-told.H07/enter' in p.html, p.status)
    p = leader.go('/targets/index-766.q766-synced-told.H07/enter')
    p = leader.send(p.form('/enter'), {'num': '90', 'den': '120', 'method': 'Đếm', 'note': 'theo cổng quốc gia'})
    t.expect('it is entered', p.status == 200 and '75' in p.text(), p.text()[:300])
    card = leader.go('/scorecards/index-766?period=last')
    t.expect('and counts: 75 % of 6 points', '4,50' in card.text(), card.text()[-600:])
    p = leader.go('/targets/k15/enter')
    t.expect('what is counted is not entered, in words', p.status == 409 and 'được tính' in p.text() and 'href="/targets/k15"' in p.html, p.status)
    desk = leader.go('/desk')
    n = sum(r['overdue'] for r in json.loads(node.call('GET', '/api/v1/figures/owed?unit=H07')[2])['owed'])
    t.expect('the desk says how many figures are overdue', f'{n} số liệu quá hạn nhập' in desk.text() and '/targets/owed?unit=H07"' in desk.html, desk.text()[:600])
    t.expect('no longer owed', 'q766-synced-told.H07"' not in node.call('GET', '/targets/owed')[2])
    for path, status in (('/targets/index-766.q766-synced-told.H99', 404), ('/targets/index-766.q766-ended.H07', 404), ('/targets/index-emc.full_online_share.H07', 404),
                         ('/targets/index-766.q766-paid-told.H07.21.01', 200)):
        t.expect(f'{path}: {status}', node.call('GET', path)[0] == status, node.call('GET', path)[0])
    emc = node.call('GET', '/scorecards/index-emc')[2]
    t.expect('what events give is not asked', '/targets/index-emc' not in emc, '')


def alerts(t, node, v):
    t.expect('a leader reads the alerts', v.go('/alerts').status == 200)
    t.expect('of one unit, too', v.go('/alerts?unit=H07.21').status == 200)
    other = signed_in(node, COUNTER)
    t.expect('the counter does not', other.go('/alerts').status == 403, other.page.status)
    other.end()


def lists(t, node, v):
    """What a list leaves out by body and state is counted the same way in its file."""
    rows = node.call('GET', '/targets/csv')[2].splitlines()
    t.expect('a file with a head', rows[0].startswith('id,name,body,body_name,promise'), rows[0])
    for body in ('H07', 'H23', 'H15'):
        some = node.call('GET', f'/targets/csv?body={body}')[2].splitlines()[1:]
        t.expect(f'{body} only', some and all(f',{body},' in r for r in some), some[:2])
    states = ('told', 'unknown', 'reached', 'on_path', 'behind', 'open', 'missed')
    n = [len(node.call('GET', f'/targets/csv?state={s}')[2].splitlines()) - 1 for s in states]
    t.expect('every target stands in one state', sum(n) == len(rows) - 1, (n, len(rows)))
    for q in ('?body=' + urllib.parse.quote('=1+1'), '?state=%3Cb%3E', '?body=H07%0d%0aX:%201'):
        status, headers, text = node.call('GET', '/targets' + q)
        t.expect(f'/targets{q}', status in (200, 400, 404, 422) and '<b>' not in text and 'x' not in headers, status)


def main():
    t, node = Report(), Node(sys.argv[1])
    try:
        node.start()
        read = reader(t)
        row = owed(node, 'fibre_communes')
        leader, auditor, english = (signed_in(node, LEADER, on_page=read), signed_in(node, AUDITOR, on_page=read), signed_in(node, LEADER, 'en', read))
        for v in (leader, english):
            refused(t, v, row['target'])
            no_such(t, v)
        not_theirs(t, node, row['target'])
        first = entered(t, leader, node, row)
        verified(t, leader, auditor, node, row)
        evidence(t, node, auditor, leader, first, rows_of(node, row)[0]['self']['event'])
        asked(t, node, leader)
        alerts(t, node, leader)
        lists(t, node, leader)
        for v in (leader, auditor, english):
            v.end()
        node.stop()
        t.expect('the tables are a fold of the events', node.run('rebuild', '--check', check=False).returncode == 0)
        t.expect('the papers hold', node.run('verify', node.data, data=False, check=False).returncode == 0)
    finally:
        node.end()
    sys.exit(t.end())


if __name__ == '__main__':
    main()
