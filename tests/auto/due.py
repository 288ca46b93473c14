#!/usr/bin/env python3
"""due.py MOTCUA: "Why this date?" says the same in the API, in `motcua due`, on the page and in `motcua flow due` without a
database: each day from the first to the due day, counted or skipped for a reason. Then another list of days: running dates
follow in batches with progress, the old promise stays told, whose date moved is told why."""
import datetime, json, os, re, sqlite3, sys

sys.path.insert(0, os.path.dirname(__file__))
from node import PASSWORD, Node, Report
from values import PETITION
from visitor import Visitor

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..')
KINDS = {'received', 't0', 'counted', 'makeup', 'weekend', 'holiday', 'compensation', 'pause', 'moved'}
COUNTED = {'counted', 'makeup'}
NEW_DAY = 'Ngày Văn hóa Việt Nam'
CAUSE = {'vi': 'lịch làm việc thay đổi theo quyết định về ngày nghỉ', 'en': 'the working calendar changed by a decision on days off'}


def day_after(day):
    return (datetime.date.fromisoformat(day) + datetime.timedelta(1)).isoformat()


def iso(us):
    return (datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=us, hours=7)).isoformat(timespec='seconds') + '+07:00'


def rows(node, where, n):
    """Dossiers as the store has them: where expectations come from that the program did not print."""
    db = sqlite3.connect(os.path.join(node.data, 'motcua.db'))
    try:
        found = db.execute(f"""select d.code, d.pack, d.clocks, u.code, d.applicant, d.is_open from dossier d join unit u on u.id = d.unit
            where d.clock_us is not null and d.code <> d.track and d.applicant_kind is not null and {where} order by d.id limit {n}""").fetchall()
    finally:
        db.close()
    return [dict(zip(('code', 'pack', 'clocks', 'unit', 'applicant', 'open'), r)) for r in found]


def explanation_holds(t, what, e):
    """Every day once, in order; numbers 1, 2, …; the numbers end at the budget; nothing is skipped without a reason."""
    days = e['days']
    n = [d['n'] for d in days if 'n' in d]
    budget, unit = int(e['budget'][:-2]), e['budget'][-2:]
    gaps = [(a['day'], b['day']) for a, b in zip(days, days[1:]) if b['day'] != day_after(a['day'])]
    t.expect(f'{what}: no day is left out', days and not gaps, gaps)
    t.expect(f'{what}: from the start to the due day', days[0]['day'] == e['start'][:10] and days[-1]['day'] == e['due'], (e['start'], days[0], days[-1], e['due']))
    t.expect(f'{what}: every day has a reason that we know', {d['kind'] for d in days} <= KINDS and all(d['kind_text'] for d in days), days)
    if unit == 'wh':
        t.expect(f'{what}: the hours are the budget', sum(d.get('minutes', 0) for d in days) == 60 * budget, days)
        return
    t.expect(f'{what}: counted up to the budget', n == list(range(1, budget + 1)), n)
    t.expect(f'{what}: what is counted says so', all(('n' in d) == (d['kind'] in COUNTED) for d in days), days)
    week = [d for d in days if datetime.date.fromisoformat(d['day']).weekday() != d['weekday']]
    t.expect(f'{what}: days of the week', not week, week)


def table_of(page):
    """What the page's tables say: [day, number, reason]."""
    found = []
    for tr in page.all('tr'):
        time = next(tr.all('time'), None)
        if time:
            cells = list(tr.all('td'))
            found.append((time.get('datetime'), cells[0].text(), cells[1].text()))
    return found


def as_page(o):
    return [(d['day'], d['number'], d['kind_text'] + (f" ({d['name']})" if d['name'] else '')) for c in o['clocks'] for d in c['explain']['days']]


def printed(t, what, text, o):
    """The command's words: a line for each day."""
    lines = [line for line in text.splitlines() if re.match(r'  \d{4}-\d\d-\d\d [A-Z]', line)]
    want = [(d['day'], d['kind'], d['name']) for c in o['clocks'] for d in c['explain']['days']]
    got = [(line[2:12], line[16:].split()[1 if re.match(r' +[\d:]+ ', line[16:]) else 0], line.split(d[1], 1)[1].strip()) for line, d in zip(lines, want)]
    t.expect(f'{what}: printed day by day', len(lines) == len(want) and got == want, [p for p in zip(got, want) if p[0] != p[1]][:3])


def without_database(t, node, what, row, o, *more):
    """The same question asked of the flow alone, with moments as the store has them."""
    flow = os.path.join(TOP, 'packs', row['pack'].split('@')[0], 'flow.yaml')
    stood = row['clocks'].split(';')[0].split('/')
    c = o['clocks'][0]
    pauses = [p.split('-') for p in stood[3].split(',') if p]
    if '' in (p[1] for p in pauses) or c['begins_anew']:
        return
    words = ['--pause', ','.join(f'{iso(int(a))}..{iso(int(b))}' for a, b in pauses)] if pauses else []
    done = node.run('flow', 'due', flow, '--clock', c['id'], '--received', iso(int(stood[0])), *words, *more, '--json', data=False, check=False)
    got = json.loads(done.stdout or '{}')
    kept = ('day', 'weekday', 'kind', 'n', 'minutes')
    short = lambda days: [{k: d[k] for k in kept if k in d} for d in days]
    if c['explain']['budget'] == got.get('budget'):  # the way that it came may have a time of its own
        t.expect(f'{what}: the same without a database', short(got['days']) == short(c['explain']['days']) and got['due'] == c['due'], (got, c['explain']))
    return c['explain']['budget'] == got.get('budget')


def asked_everywhere(t, node, row, readers, *more):
    code, unit = row['code'], row['unit']
    if unit not in readers:
        v = Visitor(node, unit)
        v.sign_in(f'leader.{unit.lower()}', PASSWORD)
        readers[unit] = (v, node.token(f'leader.{unit.lower()}'))
    v, token = readers[unit]
    s, _, text = node.call('GET', f'/api/v1/dossiers/{code}/due', None, {'Authorization': 'Bearer ' + token})
    if not t.expect(f'{code}: the API answers', s == 200, (s, text)):
        return None
    o = json.loads(text)
    cli = json.loads(node.run('due', code, '--json').stdout)
    bare = json.loads(text)
    for c in bare['clocks']:
        for w in c['was']:
            w.pop('reason')  # in words to the applicant: not for whoever runs the node
    t.expect(f'{code}: the command says what the API says', cli == bare, (cli, bare))
    printed(t, code, node.run('due', code).stdout, o)
    page = v.go(f'/desk/dossier/{code}/due')
    t.expect(f'{code}: so does the page', page.status == 200 and table_of(page) == as_page(o), (page.status, table_of(page)[:3], as_page(o)[:3]))
    for c in o['clocks']:
        explanation_holds(t, f"{code} {c['id']}", c['explain'])
    o['alone'] = without_database(t, node, code, row, o, *more)
    return o


def another_list(t, node, due, more):
    """The due days of two running dossiers become days off; all that run follow, with progress."""
    path = os.path.join(node.dir, 'days.csv')
    text = open(os.path.join(TOP, 'demo/calendar.csv'), encoding='utf-8').read()
    open(path, 'w', encoding='utf-8').write(text + ''.join(f'{d},holiday,{NEW_DAY}\n' for d in sorted({due, more})))
    dry = node.run('calendar', 'import', path, '--dry-run').stdout
    moved = re.search(r'(\d+) open dossiers, (\d+) with a date that moves', dry)
    t.expect('a dry run names the day and how many move', f'+ {due}  holiday      {NEW_DAY}' in dry and moved and int(moved[2]) >= 2, dry)
    t.expect('and keeps nothing', json.loads(node.run('calendar', 'show', '--json').stdout)['version'] == 1)
    node.run('calendar', 'import', path)
    done = node.run('calendar', 'publish')
    t.expect('publishing tells how far it is', '100 %' in done.stdout + done.stderr, done)
    t.expect('as many moved as the dry run said', moved and f'{moved[1]} open dossiers, {moved[2]} told of another date' in done.stdout, (dry, done.stdout))
    return path


def page_keeps(t, node, row, old, new):
    day = lambda iso_day: '/'.join(reversed(iso_day.split('-')))
    for lang in 'vi', 'en':
        w = Visitor(node, row['unit'] + lang, lang)
        w.sign_in(f"leader.{row['unit'].lower()}", PASSWORD)
        text = w.go(f"/desk/dossier/{row['code']}/due").text()
        t.expect(f'the page keeps what was promised before and says why, in {lang}', f'{day(old)} → {day(new)}' in text and CAUSE[lang] in text, text[:1500])
        t.expect(f'and names the day off, in {lang}', NEW_DAY in text, text[:1500])


def documented_list(t, node):
    """The list that docs/ops/calendar.md shows is one, and each of its rows is told as a change."""
    page = open(os.path.join(TOP, 'docs/ops/calendar.md'), encoding='utf-8').read()
    block = re.search(r'^```\n(day,kind,name,unit\n.*?)^```$', page, re.M | re.S)[1]
    path = os.path.join(node.dir, 'shown.csv')
    open(path, 'w', encoding='utf-8').write(block)
    dry = node.run('calendar', 'import', path, '--dry-run').stdout
    told = [line for line in dry.splitlines() if line.startswith('+ ')]
    t.expect('the documented list: every row', len(told) == block.count('\n') - 1, dry)
    t.expect('hours and cut-off with their unit', '+ *  hours        07:00-11:00 13:00-17:00  @H07.21' in told and '+ *  cutoff       16:00  @H07.21.01' in told, told)
    open(path, 'w', encoding='utf-8').write(block + '*,hours,7h-11h,H07.21.01\n')
    bad = node.run('calendar', 'import', path, '--dry-run', check=False)
    t.expect('a row that is none: its line', bad.returncode and f"line {block.count(chr(10)) + 1}: not 07:00-11:00 13:00-17:00: 7h-11h" in bad.stderr, bad)


def filed(t, node, me):
    """A petition of somebody who can be asked what they were told: (code, its due day)."""
    head = {'Authorization': 'Bearer ' + me}
    s, _, text = node.call('POST', '/api/v1/dossiers', {'service': 'petition', 'unit': 'H07.21.01', 'answers': PETITION}, head)
    t.expect('filed', s == 201, text)
    path = f"/api/v1/dossiers/{json.loads(text)['code']}"
    s, _, text = node.call('POST', path + '/acts', {'act': 'accept'}, {'Authorization': 'Bearer ' + node.token('reception.h07.21.01')})
    t.expect('received', s == 201, text)
    code = json.loads(text)['code']
    return code, json.loads(node.call('GET', f'/api/v1/dossiers/{code}/due', None, head)[2])['clocks'][0]['due']


def applicant_is_told(t, node, login, code, old):
    """In words, on the pages of whoever filed it: the day that was, the day that is, and why."""
    head = {'Authorization': 'Bearer ' + node.token(login)}
    o = json.loads(node.call('GET', f'/api/v1/dossiers/{code}/due', None, head)[2])
    new, day = o['clocks'][0]['due'], lambda iso_day: '/'.join(reversed(iso_day.split('-')))
    t.expect('the applicant has another day', new > old and o['promised'] == new, (old, o['clocks'][0]['due'], o['promised']))
    v = Visitor(node, 'applicant')
    v.sign_in(login, PASSWORD)
    for path in '/me', f'/dossier/{code}', f'/dossier/{code}/due':
        text = v.go(path).text()
        t.expect(f'{path.replace(code, "…")}: both days', day(old) in text and day(new) in text, text[:2500])
    for path in '/me', f'/dossier/{code}/due':
        text = v.go(path).text()
        t.expect(f'{path.replace(code, "…")}: and why', 'ngày nghỉ' in text, text[:2500])


def main():
    t, node = Report(), Node(sys.argv[1])
    try:
        node.run('demo', '--dossiers', '260')
        some = rows(node, "d.pauses <> ''", 5) + rows(node, "d.pauses = '' and d.is_open = 0", 4) + rows(node, "d.pack like 'building%' or d.pack like 'civil%'", 3)
        running = rows(node, "d.is_open = 1 and d.pauses = '' and d.is_late = 0 and d.pack like 'petition%' and d.finished_us is null", 3)
        t.expect('the demo has what is asked about', len(some) >= 9 and running, (len(some), len(running)))
        documented_list(t, node)
        node.start()
        readers, kinds, alone = {}, set(), 0
        for row in some + running:
            o = asked_everywhere(t, node, row, readers)
            kinds |= {d['kind'] for c in (o or {'clocks': []})['clocks'] for d in c['explain']['days']}
            alone += bool(o and o['alone'])
        t.expect('reasons of several kinds were met', {'t0', 'counted', 'weekend', 'pause'} <= kinds, kinds)
        t.expect('and most were asked without a database, too', alone >= 6, alone)
        before = {r['code']: asked_everywhere(t, node, r, readers) for r in running}
        row = running[0]
        old = before[row['code']]['clocks'][0]['due']
        login = next(l for l, role in node.accounts().items() if role == 'citizen')
        mine, my_day = filed(t, node, node.token(login))
        node.stop()
        path = another_list(t, node, old, my_day)
        node.start()
        applicant_is_told(t, node, login, mine, my_day)
        readers.clear()
        after = asked_everywhere(t, node, row, readers, '--calendar', path)
        c = after['clocks'][0]
        t.expect('the due day moved', c['due'] > old, (old, c['due']))
        t.expect('the old one stays told, with its cause', [(w['due_old'], w['due_new'], w['cause']) for w in c['was']] == [(old, c['due'], 'calendar')], c['was'])
        off = [d for d in c['explain']['days'] if d['day'] == old]
        t.expect('the day off stands in the list by its name', [(d['kind'], d['name'], 'n' in d) for d in off] == [('holiday', NEW_DAY, False)], off)
        t.expect('by the new version', c['explain']['version'] == 2 and after['alone'], c['explain'])
        t.expect('`motcua due` tells what was', f'was {old} until' in node.run('due', row['code']).stdout)
        page_keeps(t, node, row, old, c['due'])
        done = json.loads(node.run('due', some[-4]['code'] if not some[-4]['open'] else rows(node, 'd.is_open = 0', 1)[0]['code'], '--json').stdout)
        t.expect('what is finished moves no more', all(not c['was'] for c in done['clocks'] if c['stopped']), done)
        s, _, text = node.call('GET', f"/api/v1/dossiers/{row['code']}/due")
        t.expect('nobody without signing in', s == 401, (s, text))
        other = next(u for u in ('H07.29.10', 'H07.21.01') if u != row['unit'])
        s, _, text = node.call('GET', f"/api/v1/dossiers/{row['code']}/due", None, {'Authorization': 'Bearer ' + node.token(f'leader.{other.lower()}')})
        t.expect('nor another unit', s == 403, (s, text))
        s, _, text = node.call('GET', '/api/v1/dossiers/H07.21.01-200101-0001/due', None, {'Authorization': 'Bearer ' + node.token(f'leader.{other.lower()}')})
        t.expect('nor what is not there', s == 404, (s, text))
        node.stop()
        t.expect('rebuilt the same', node.run('rebuild', '--check', check=False).returncode == 0)
    finally:
        node.end()
    return t.end()


sys.exit(main())
