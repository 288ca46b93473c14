#!/usr/bin/env python3
"""cli.py MOTCUA: the command line. Every command says how it is used, refuses what it does not
know with the documented exit code and without touching anything, and --json is JSON."""
import datetime, json, os, re, shutil, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(__file__))
from node import Report, today

DONE, FAULT, USAGE, ABSENT, IN_USE, OTHER = range(6)
MOTCUA = os.path.abspath(sys.argv[1])
ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), '../..'))


def run(*words, cwd=None, stdin='', timeout=20):
    return subprocess.run([MOTCUA, *words], capture_output=True, text=True, cwd=cwd, input=stdin, timeout=timeout)


class Command:
    """What `motcua NAME --help` tells: its options in order."""

    def __init__(self, name, t):
        self.name, self.words = name, name.split()
        done = run(*self.words, '--help')
        self.help = done.stdout
        t.expect(f'{name} --help: exit code and silence on standard error', done.returncode == DONE and not done.stderr, done)
        usage = re.search(r'^usage: motcua (.*)$', self.help, re.M)
        t.expect(f'{name} --help: usage', usage and usage[1].startswith(name), self.help)
        self.options = re.findall(r'^  (--?[a-z-]+|[a-z]+) ([A-Z@]*) *(\S.*)$', self.help, re.M)
        flat = usage[1][len(name):]
        self.required = [o for o, _, _ in self.options if re.search(rf'(?<![\[\w-]){re.escape(o)}(?![\w-])', flat)]
        for o, _, text in self.options:
            t.expect(f'{name} --help: {o} stands in the usage and has a meaning', o in flat and len(text) > 5, text)
        t.expect(f'{name} --help: nothing but its lines', len(self.options) == flat.count(' [') + len(self.required),
                 (self.options, flat))

    def flags(self):
        return [o for o, value, _ in self.options if o.startswith('-') and not value]

    def valued(self):
        return [o for o, value, _ in self.options if o.startswith('-') and value]

    def positionals(self):
        return [o for o, _, _ in self.options if not o.startswith('-')]

    def fill(self, but=()):
        """Words for every required option, with values that name nothing."""
        out = []
        for o, value, _ in self.options:
            if o in self.required and o not in but:
                out += [o, 'x'] if o.startswith('-') and value else [o] if o.startswith('-') else ['nothing-here']
        return out


def commands(t):
    done = run('--help')
    names = re.findall(r'^  ([a-z]+(?: [a-z]+)?)  +\S', done.stdout, re.M)
    t.expect('motcua --help lists commands', done.returncode == DONE and len(names) > 15, names)
    t.expect('motcua help is the same', run('help').stdout == done.stdout)
    t.expect('the exit codes are documented', all(f'{i} ' in done.stdout.split('exit codes')[1] for i in range(6)))
    bare = run()
    t.expect('motcua alone is a wrong command line, and shows help', bare.returncode == USAGE and 'usage' in bare.stderr and not bare.stdout)
    t.expect('no command is listed twice', len(names) == len(set(names)), names)
    return [Command(n, t) for n in names]


def refused(t, what, done, code=USAGE, word=''):
    t.expect(f'{what}: exit code {code}', done.returncode == code, (done.returncode, done.stdout[:200], done.stderr[-300:]))
    t.expect(f'{what}: says why, on standard error only', word in done.stderr and not done.stdout, (done.stdout[:200], done.stderr[-300:]))
    t.expect(f'{what}: one line', len([l for l in done.stderr.splitlines() if l.startswith('motcua')]) == 1, done.stderr)


def wrong_words(t, c, empty):
    """Nothing of this may run, whatever the command does: it stands in an empty folder."""
    w, full = c.words, c.fill()
    refused(t, f'{c.name} --bogus', run(*w, *full, '--bogus', cwd=empty), word='--bogus')
    refused(t, f'{c.name} -x', run(*w, *full, '-x', cwd=empty), word='-x')
    more = ['nothing-here'] * (len(c.positionals()) - len([p for p in c.positionals() if p in c.required]))
    refused(t, f'{c.name}: one argument too many', run(*w, *full, *more, 'toomany', cwd=empty), word='toomany')
    for o in c.required:
        word = o if o.startswith('-') else ([p for p in c.positionals() if p in c.required] or [o])[-1]
        refused(t, f'{c.name} without {o}', run(*w, *c.fill(but=[o]), cwd=empty), word=word)
    for o in c.valued():
        refused(t, f'{c.name} {o} without a value', run(*w, *full, o, cwd=empty), word=o)
        refused(t, f'{c.name} {o} with an empty value', run(*w, *full, o, '', cwd=empty), word=o)
    for o, value, _ in c.options:
        for bad in ('', '1x', '1.5', ' 1', '9223372036854775808') if value == 'N' else ():
            refused(t, f'{c.name} {o} "{bad}"', run(*w, *full, o, bad, cwd=empty), word=o)
    for o in c.flags():
        refused(t, f'{c.name} {o}=1', run(*w, *full, f'{o}=1', cwd=empty), word=f'{o}=1')
    t.expect(f'{c.name}: nothing was made', os.listdir(empty) == [], os.listdir(empty))


NO_FOLDER = {'init', 'version', 'routes', 'settings', 'pack check', 'pack import', 'pack test', 'receipt verify', 'restore',
             'flow due', 'letter verify'}


def no_such_folder(t, c, empty):
    """Only init and restore make a data folder; every other command wants one."""
    if c.name in NO_FOLDER:
        return
    fill = [x if x != 'x' else {'--kind': 'commune', '--role': 'clerk', '--from': '2026-01-01', '--to': '2026-01-01'}.get(c.fill()[i - 1], 'x')
            for i, x in enumerate(c.fill())]
    data = [] if c.name == 'verify' else ['--data', 'missing']
    done = run(*c.words, *fill, *data, cwd=empty, stdin='motcua-demo\n')
    refused(t, f'{c.name} without a data folder', done, ABSENT)
    t.expect(f'{c.name} without a data folder: none was made', os.listdir(empty) == [], os.listdir(empty))


def as_json(t, what, done, code=DONE):
    t.expect(f'{what}: exit code', done.returncode == code, (done.returncode, done.stderr[-300:]))
    try:
        value = json.loads(done.stdout)
    except ValueError as e:
        t.expect(f'{what}: is JSON', False, (e, done.stdout[:300]))
        return None
    t.expect(f'{what}: is one line of JSON', done.stdout.count('\n') == 1 and done.stdout.endswith('\n'), done.stdout[-80:])
    return value


def whole_file_findings(t, run, dir):
    """A finding about a file as a whole names it without a line; what to write is said once."""
    shutil.copytree(os.path.join(ROOT, 'tests/packs/good'), dir)
    flow = open(os.path.join(dir, 'flow.yaml')).read()
    open(os.path.join(dir, 'flow.yaml'), 'w').write(flow.replace('do: [receipt, notify]', 'do: [notify]'))
    os.remove(os.path.join(dir, 'README.md'))
    out = run('pack', 'check', dir).stdout
    lines = [line for line in out.splitlines() if ' error ' in line]
    t.expect('pack check: a file as a whole has no line', [line.split(' ')[0] for line in lines] == ['flow.yaml:15:', 'README.md:'], out)
    told = run('pack', 'import', os.path.join(ROOT, 'tests/import/tree.bpmn'), '--to', dir + '2').stdout
    t.expect('pack import: nor has a definition as a whole', 'line 0' not in told and '\nXin phép chặt cây xanh: ' in told and '\nline 32: f4: ' in told, told)
    shutil.rmtree(dir + '2')
    t.expect('pack check: the remedy is said once, in both languages', out.count('do: [receipt]') == 2, out)
    shutil.rmtree(dir)


def json_outputs(t, all_commands, data, empty):
    """Each command with --json, once where it holds and once where it does not."""
    pack, bad = os.path.join(ROOT, 'packs/petition'), os.path.join(empty, 'bad')
    shutil.copytree(pack, bad)
    flow = os.path.join(bad, 'flow.yaml')
    text = open(flow).read()
    open(flow, 'w').write(text.replace('start: submitted', 'start: nowhere'))
    seen, flow_good = {}, os.path.join(pack, 'flow.yaml')
    rows = {
        'routes': [], 'version': [], 'settings': ['--data', data], 'unit list': ['--data', data],
        'pack list': ['--data', data], 'verify': [data], 'rebuild': ['--check', '--data', data],
        'pack check': [pack], 'pack test': [pack],
        'simulate': [pack, '--days', '20', '--warm', '5', '--seeds', '2'],
        'calendar show': ['--data', data, '--year', '2026'], 'delegation list': ['--data', data],
        'indicator list': ['--data', data], 'dataset list': ['--data', data], 'node list': ['--data', data], 'statement list': ['--data', data],
        'scorecard list': ['--data', data], 'scorecard show': ['index-766', '--data', data],
        'quality crawl': ['--data', data], 'quality list': ['--data', data], 'quality links': ['--data', data], 'maintenance list': ['--data', data],
        'flow due': [flow_good, '--received', '2026-08-27T10:00+07:00'],
    }
    for name, words in rows.items():
        seen[name] = as_json(t, f'{name} --json', run(*name.split(), *words, '--json'))
    seen['figure owed'] = as_json(t, 'figure owed --json', run('figure', 'owed', '--data', data, '--json'), FAULT)  # some is overdue
    missing = [c.name for c in all_commands if '--json' in c.flags() and c.name not in rows]
    t.expect('every command with --json is tried', not set(missing) - {'receipt verify', 'due', 'pack import', 'pack migrate', 'delegation add', 'delegation end', 'figure owed'}, missing)
    t.expect('version', re.fullmatch(r'\d+\.\d+\.\d+', seen['version']['version']), seen['version'])
    t.expect('settings: every value is text', all(isinstance(v, str) for v in seen['settings'].values()) and seen['settings']['http_port'] == '8080')
    codes = [u['code'] for u in seen['unit list']]
    t.expect('units: each once, parents before children',
             len(codes) == len(set(codes)) and all(not u['parent'] or codes.index(u['parent']) < i for i, u in enumerate(seen['unit list'])))
    t.expect('units: as many lines without --json', len(run('unit', 'list', '--data', data).stdout.splitlines()) == len(codes))
    t.expect('packs: digests', all(re.fullmatch('[0-9a-f]{64}', p['digest']) for p in seen['pack list']) and len(seen['pack list']) >= 3)
    t.expect('verify: no faults', seen['verify']['faults'] == 0 and seen['verify']['events'] > 100, seen['verify'])
    t.expect('rebuild: no differences', seen['rebuild']['differences'] == 0 and seen['rebuild']['events'] == seen['verify']['events'])
    t.expect('pack check: a good pack has no error', seen['pack check']['publishable'] and seen['pack check']['errors'] == 0, seen['pack check'])
    t.expect('pack check: says what it did not ask', 'P100' in seen['pack check']['skipped'], seen['pack check'])
    t.expect('pack test: what passed', seen['pack test'] and seen['pack test']['failed'] == 0 and seen['pack test']['passed'] > 5, seen['pack test'])
    found = as_json(t, 'pack check --json of a bad pack', run('pack', 'check', bad, '--json'), FAULT)
    errors = [f for f in found['findings'] if f['severity'] == 'error']
    t.expect('pack check: counts', found['errors'] == len(errors) and not found['publishable'] and found['pack'] is None, found)
    whole_file_findings(t, run, os.path.join(empty, 'good'))
    made = os.path.join(empty, 'made')
    report = as_json(t, 'pack import --json', run('pack', 'import', os.path.join(ROOT, 'tests/import/tree.bpmn'), '--to', made, '--json'), FAULT)
    t.expect('pack import: a report with their elements and our findings',
             report['format'] == 'bpmn' and report['states'] == 7 and any(n['element'] == 'f4' and n['line'] for n in report['notes'])
             and any(f['rule'] == 'P104' for f in report['check']['findings']), report)
    refused(t, 'pack import into a folder that is there', run('pack', 'import', os.path.join(ROOT, 'tests/import/stall.json'), '--to', made), OTHER, 'made')
    refused(t, 'pack import of nothing', run('pack', 'import', os.path.join(empty, 'no'), '--to', made + '2'), ABSENT)
    refused(t, 'pack import of junk', run('pack', 'import', flow, '--to', made + '2'), OTHER)
    t.expect('pack import of junk: nothing is made', not os.path.exists(made + '2'))
    shutil.rmtree(made)
    rule = as_json(t, 'pack check --explain', run('pack', 'check', '--explain', 'P042', '--json'))
    t.expect('pack check --explain: both languages', rule['rule'] == 'P042' and all(rule[k] for k in ('text_vi', 'text_en', 'why_vi', 'why_en')), rule)
    refused(t, 'pack check --explain of no rule', run('pack', 'check', '--explain', 'P999'), ABSENT, 'P999')
    refused(t, 'pack check of no folder', run('pack', 'check'), USAGE, 'dir')
    staff = as_json(t, 'pack check --data', run('pack', 'check', pack, '--data', data, '--json'))
    t.expect('pack check --data: asks about officers', staff['skipped'] == [] and staff['publishable'], staff)
    t.expect('pack check: the error, in both languages, at its place',
             errors and all(f['text_vi'] and f['text_en'] and f['file'] and f['rule'] for f in errors), found)
    t.expect('routes: shape', all({'method', 'path', 'need', 'flags', 'summary', 'params'} <= set(r) for r in seen['routes']))
    shutil.rmtree(bad)


def named_commands(t, all_commands):
    """A command that a text for people names is one that there is."""
    names = {c.name for c in all_commands}
    said = {}
    for path in ('po/vi.po', 'po/en.po', 'src/pack/rules.def', 'src/pack/rules_why.def', 'src/settings.def', 'src/errors.def'):
        for m in re.finditer(r'\bmotcua ([a-z]+)(?: ([a-z]+))?', open(os.path.join(ROOT, path), encoding='utf-8').read()):
            said.setdefault(m[0], []).append((m[1], m[2]))
    wrong = [words for words, pairs in said.items() for a, b in pairs[:1] if a not in names and f'{a} {b}' not in names and a not in SENTENCE]
    t.expect('texts name commands that there are', said and not wrong, wrong)


SENTENCE = {'ki'}  # the program's name within a sentence: "chương trình motcua kiểm tra"


def moments(t):
    """A moment of `flow due`: Viet Nam's time unless it says otherwise; what is no moment is refused."""
    flow = os.path.join(ROOT, 'packs/household-business/flow.yaml')
    due = lambda *words: run('flow', 'due', flow, *words, '--json')
    days = {w: json.loads(due('--received', w).stdout or '{}').get('due') for w in
            ('2026-08-27T10:00+07:00', '2026-08-27T10:00', '2026-08-27T10:00:00', '2026-08-27T10:00:00+07:00', '2026-08-27',
             '2026-08-27T03:00Z')}
    t.expect('flow due: ways to write a moment', len(set(days.values())) == 1 and None not in days.values(), days)
    for bad in ('2026-02-30', '27/08/2026', '2026-08-27T25:00', '2026-08-27 10', '', 'now'):
        refused(t, f'flow due --received {bad!r}', due('--received', bad), USAGE, '--received')
    refused(t, 'flow due --pause that ends before it begins', due('--received', '2026-08-27', '--pause', '2026-09-02..2026-09-01'), USAGE, '--pause')


def ends(t, empty):
    """The due day is told as pages tell it: days end with the day itself and not at the next one's midnight; hours at a minute."""
    path = os.path.join(empty, 'flow.yaml')
    open(path, 'w').write('clocks:\n  days: {budget: 5wd, start: a}\n  all: {budget: 10cd, start: a}\n  today: {budget: 0wd, start: a}\n'
                          '  hours: {budget: 4wh, start: a}\n  night: {budget: 8wh, start: a}\n')
    for clock, received, more, due in [
            ('days', '2026-08-27T10:00', [], '2026-09-07 (5wd'), ('days', '2026-08-27T16:00', [], '2026-09-08 (5wd'),
            ('days', '2026-08-27T10:00', ['--pause', '2026-08-31..2026-09-04'], '2026-09-09 (5wd'),
            ('all', '2026-08-27T10:00', [], '2026-09-07 (10cd'), ('today', '2026-08-27T10:00', [], '2026-08-27 (0wd'),
            ('today', '2026-08-27T15:00', [], '2026-08-28 (0wd'), ('days', '2026-12-30T10:00', [], '2027-01-07 (5wd'),
            ('hours', '2026-08-27T10:00', [], '2026-08-27 16:00 (4wh'), ('hours', '2026-08-31T16:00', [], '2026-09-03 10:30 (4wh'),
            ('night', '2026-08-27T08:00', [], '2026-08-28 08:30 (8wh')]:
        done = run('flow', 'due', path, '--clock', clock, '--received', received, *more)
        last = (done.stdout.splitlines() or [''])[-1]
        t.expect(f'flow due: {clock} from {received} {more}', last.startswith(f'  due {due}, calendar version'), (last, done.stderr))
    refused(t, 'flow due of a clock that is none', run('flow', 'due', path, '--clock', 'no', '--received', '2026-08-27'), ABSENT, '--clock')
    open(path, 'w').write('clocks: {days: {budget: five, start: a}}\n')
    refused(t, 'flow due of a budget that is none', run('flow', 'due', path, '--received', '2026-08-27'), OTHER, 'budget')
    os.unlink(path)


def receipts(t, empty):
    """A thing that is no receipt is a fault, not a crash; the key must be named."""
    path = os.path.join(empty, 'r.tlog-proof')
    open(path, 'w').write('no receipt\n')
    refused(t, 'receipt verify without a key', run('receipt', 'verify', path), USAGE, '--vkey')
    refused(t, 'receipt verify of nothing', run('receipt', 'verify', path + 'x', '--vkey', 'k'), ABSENT, path + 'x')
    for junk in ('no receipt\n', '', 'c2sp.org/tlog-proof@v1\n', 'c2sp.org/tlog-proof@v1\nindex 1\n\nx\n', '\x00' * 100):
        open(path, 'w').write(junk)
        for words in ([], ['--json']):
            done = run('receipt', 'verify', path, '--vkey', 'a.example+00000000+AAAA', *words)
            t.expect(f'receipt {junk[:12]!r} {words}: not proven', done.returncode in (FAULT, OTHER) and 'proven:' not in done.stdout, done)
            t.expect(f'receipt {junk[:12]!r} {words}: says so', 'NOT PROVEN' in done.stdout + done.stderr or done.returncode == OTHER, done)
            if words:
                t.expect(f'receipt {junk[:12]!r}: no entry, no output', not done.stdout, done.stdout)
    open(path, 'w').write('x' * (64 * 1024 + 1))
    refused(t, 'a receipt over the limit', run('receipt', 'verify', path, '--vkey', 'k'), OTHER, 'file')
    os.unlink(path)


def numbers(t, data):
    """Whole numbers have limits, too."""
    for port in ('-1', '65536', '99999', '9223372036854775807'):
        refused(t, f'serve --port {port}', run('serve', '--data', data, '--port', port), USAGE, '--port')
    for n in ('-1', '0', '100000000'):
        refused(t, f'demo --dossiers {n}', run('demo', '--data', data, '--dossiers', n), USAGE, '--dossiers')
    refused(t, 'demo --year --month', run('demo', '--data', data, '--year', '--month'), USAGE, '--month')


def people(t, data):
    """Units, accounts and roles: made once, found again, refused twice."""
    unit = ['unit', 'add', 'H07.99', '--code-old', '000.00.99.H07', '--name-vi', 'Đơn vị thử', '--name-en', 'Test unit', '--data', data]
    refused(t, 'unit add --kind castle', run(*unit, '--kind', 'castle', '--parent', 'H07'), USAGE, '--kind')
    for day in ('2026-02-30', 'today', '2026-1-1'):
        refused(t, f'unit add --from {day}', run(*unit, '--kind', 'district', '--parent', 'H07', '--from', day), USAGE, '--from')
    refused(t, 'unit add below nothing', run(*unit, '--kind', 'district', '--parent', 'H09.98'), ABSENT)
    t.expect('unit add', run(*unit, '--kind', 'district', '--parent', 'H07').returncode == DONE)
    refused(t, 'unit add twice', run(*unit, '--kind', 'district', '--parent', 'H07'), OTHER)
    t.expect('the unit is listed', any(u['code'] == 'H07.99' for u in json.loads(run('unit', 'list', '--json', '--data', data).stdout)))

    user = ['user', 'add', 'test.clerk', '--name', 'Người Thử', '--data', data]
    role = ['--role', 'clerk', '--unit', 'H07.99']
    refused(t, 'user add without a password', run(*user, *role), USAGE, 'password')
    refused(t, 'user add with a short password', run(*user, *role, stdin='abc\n'), OTHER, 'password')
    refused(t, 'user add with a long password', run(*user, *role, stdin='x' * 5000 + '\n'), OTHER, 'password')
    refused(t, 'user add --role king', run(*user, '--role', 'king', '--unit', 'H07.99', stdin='long-enough-1\n'), USAGE, '--role')
    refused(t, 'user add in no unit', run(*user, '--role', 'clerk', '--unit', 'H09.98', stdin='long-enough-1\n'), ABSENT, '--unit')
    refused(t, 'user add with a role and no unit', run(*user, '--role', 'clerk', stdin='long-enough-1\n'), USAGE, '--unit')
    refused(t, 'user add with a unit and no role', run(*user, '--unit', 'H07.99', stdin='long-enough-1\n'), USAGE, '--role')
    t.expect('what was refused left nothing', run(*user, *role, stdin='long-enough-1\n').returncode == DONE)
    refused(t, 'user add twice', run(*user, *role, stdin='long-enough-1\n'), OTHER)
    for verb, words in (('role', ['--role', 'clerk', '--unit', 'H07.99']), ('password', []), ('close', [])):
        refused(t, f'user {verb} of nobody', run('user', verb, 'nobody.here', *words, '--data', data, stdin='long-enough-2\n'), ABSENT)
    refused(t, 'user role king', run('user', 'role', 'test.clerk', '--role', 'king', '--unit', 'H07.99', '--data', data), USAGE, '--role')
    refused(t, 'user role in no unit', run('user', 'role', 'test.clerk', '--role', 'clerk', '--unit', 'H09.98', '--data', data), ABSENT, '--unit')
    t.expect('user role --revoke', run('user', 'role', 'test.clerk', '--role', 'clerk', '--unit', 'H07.99', '--revoke', '--data', data).returncode == DONE)
    t.expect('user password', run('user', 'password', 'test.clerk', '--data', data, stdin='another-one-1\n').returncode == DONE)
    t.expect('user close', run('user', 'close', 'test.clerk', '--data', data).returncode == DONE)


def forecasts(t, empty):
    """Nothing has happened yet: said so, and no figure made of nothing."""
    data = os.path.join(empty, 'young')
    for words in ([], ['--demo']):
        t.expect('init', run('init', *words, '--data', data).returncode == DONE)
        for more in ([], ['--dossiers', '1'], ['--dossiers', '0']):
            done = run('forecast', '--check', *more, '--data', data)
            refused(t, f'forecast --check {more} of a node {words}', done, ABSENT, 'too few')
            t.expect('no figures', 'nan' not in done.stdout + done.stderr and '%' not in done.stdout, done)
        done = run('forecast', '--data', data)
        t.expect('forecast of nothing says so', done.returncode == DONE and 'no open dossiers' in done.stdout, done)
        shutil.rmtree(data)


def delegations(t, data):
    """Who signs for whom: given, listed, ended; every refusal leaves the list as it was."""
    add, unit = ['delegation', 'add'], 'H07.21.01'
    both = [f'leader.{unit.lower()}', f'specialist.{unit.lower()}']
    day = lambda n: (today() + datetime.timedelta(days=n)).isoformat()
    asked = {'--role': 'leader', '--unit': unit, '--to': day(9), '--data': data}
    term = lambda **other: [w for o in {**asked, **{'--' + k: v for k, v in other.items()}}.items() for w in o]
    listed = lambda *more: json.loads(run('delegation', 'list', '--json', '--data', data, *more).stdout)
    was = listed()
    for what, words, code, word in [
            ('a role that is none', [*both, *term(role='king')], USAGE, '--role'),
            ('a day that is none', [*both, *term(to='2026-02-30')], USAGE, '--to'),
            ('a first day that is none', [*both, *term(**{'from': 'soon'})], USAGE, '--from'),
            ('no such giver', ['nobody.here', both[1], *term()], ABSENT, ''),
            ('no such receiver', [both[0], 'nobody.here', *term()], ABSENT, ''),
            ('no such unit', [*both, *term(unit='H09.98')], ABSENT, '--unit'),
            ('to oneself', [both[0], both[0], *term()], OTHER, 'to'),
            ('a role that the giver has not', [both[1], both[0], *term()], OTHER, 'role'),
            ('an officer of another unit', [both[0], 'specialist.h07.22.01', *term()], OTHER, 'to'),
            ('a term that is over', [*both, *term(to=day(-2), **{'from': day(-9)})], OTHER, 'to_day'),
            ('a term turned round', [*both, *term(to=day(4), **{'from': day(5)})], OTHER, 'to_day'),
            ('a term of two years', [*both, *term(to=day(730))], OTHER, 'to_day'),
            ('procedures that are no codes', [*both, *term(procedures='a,b')], OTHER, 'procedures')]:
        refused(t, f'delegation add, {what}', run(*add, *words), code, word)
    t.expect('what was refused left nothing', listed() == was, listed())
    done = run(*add, *both, *term(procedures='1.001193 2.000748'), '--json')
    d = as_json(t, 'delegation add --json', done)
    t.expect('it says what was given', (d['role'], d['unit'], d['from'], d['to'], d['state'], d['procedures']) ==
             ('leader', unit, day(0), day(9), 'running', ['1.001193', '2.000748']), d)
    refused(t, 'the same again', run(*add, *both, *term(procedures='1.001193 2.000748')), OTHER, 'to')
    done = run(*add, *both, *term(**{'from': day(3)}))
    t.expect('delegation add in words', done.returncode == DONE and re.fullmatch(r'added \d+\n', done.stdout), done)
    later = int(done.stdout.split()[1])
    by_unit, by_login = listed('--unit', unit), listed('--login', both[1])
    t.expect('both are listed', by_unit == by_login and {x['id'] for x in by_unit} == {d['id'], later} and
             {x['state'] for x in by_unit} == {'running', 'planned'}, by_unit)
    t.expect('in another unit there are none', listed('--unit', 'H07.22.01') == [])
    text = run('delegation', 'list', '--data', data).stdout
    t.expect('a line each', len(text.splitlines()) == 2 and 'planned' in text and '(all)' in text and f'leader@{unit}' in text, text)
    for what, words, code in [('of nobody', ['--login', 'nobody.here'], ABSENT), ('in no unit', ['--unit', 'H09.98'], ABSENT)]:
        refused(t, f'delegation list {what}', run('delegation', 'list', *words, '--data', data), code)
    for what, word, code in [('no number', 'first', USAGE), ('a number below one', '0', USAGE), ('an id that is none', '12345', ABSENT)]:
        refused(t, f'delegation end, {what}', run('delegation', 'end', word, '--data', data), code, 'id')
    t.expect('delegation end', run('delegation', 'end', str(later), '--data', data).returncode == DONE)
    refused(t, 'delegation end twice', run('delegation', 'end', str(later), '--data', data), OTHER, 'id')
    o = as_json(t, 'delegation end --json', run('delegation', 'end', str(d['id']), '--json', '--data', data))
    t.expect('it is ended', o['state'] == 'ended' and o['id'] == d['id'], o)
    t.expect('both are', {x['state'] for x in listed()} == {'ended'}, listed())


NEW = """
  - id: all_that_ended
    name: {vi: Đã kết thúc, en: Ended}
    about: {vi: Đã kết thúc, en: Ended}
    unit: count
    kind: flow
    count: {event: dossier.moved, if: 'ended'}
"""


def new_versions(t, data, empty):
    """Only an indicator that the version before did not have begins to count now."""
    path = os.path.join(empty, 'petition')
    for version, more, want in (('90.0.0', '', None), ('90.0.1', NEW, '1 indicators count from now on'), ('90.0.2', NEW, None), ('90.0.2', NEW, None),
                                ('90.0.3', '', None), ('90.0.4', NEW, '1 indicators count from now on')):
        shutil.rmtree(path, ignore_errors=True)
        shutil.copytree(os.path.join(ROOT, 'packs/petition'), path)
        name, counted = os.path.join(path, 'pack.yaml'), os.path.join(path, 'indicators.yaml')
        text = re.sub(r'(?m)^version: .*', f'version: {version}', open(name).read())
        open(name, 'w').write(text)
        open(counted, 'a').write(more)
        r = run('pack', 'publish', path, '--data', data)
        t.expect(f'{version} is published', r.returncode == DONE, r.stderr)
        t.expect(f'{version} says what is new', want in r.stdout if want else 'from now on' not in r.stdout, r.stdout)
    shutil.rmtree(path)


def packs(t, data, empty):
    path = os.path.join(ROOT, 'packs/petition')
    t.expect('the same version with the same content again', run('pack', 'publish', path, '--data', data).returncode == DONE)
    other = os.path.join(empty, 'other')
    shutil.copytree(path, other)
    open(os.path.join(other, 'README.md'), 'a').write('\nmore\n')
    refused(t, 'the same version with other content', run('pack', 'publish', other, '--data', data), OTHER)
    shutil.rmtree(other)
    refused(t, 'a pack that is not there', run('pack', 'publish', os.path.join(empty, 'no'), '--data', data), ABSENT)
    refused(t, 'pack check of nothing', run('pack', 'check', os.path.join(empty, 'no')), ABSENT)
    refused(t, 'pack test of nothing', run('pack', 'test', os.path.join(empty, 'no')), ABSENT)
    refused(t, 'pack withdraw of nothing', run('pack', 'withdraw', 'nothing@1', '--data', data), ABSENT)
    here = re.search(r'(?m)^version: (\S+)', open(os.path.join(path, 'pack.yaml')).read())[1]
    for what, words, code, word in [
            ('--map without =', ['--map', 'submitted'], USAGE, '--map'), ('--map to nothing', ['--map', 'submitted='], USAGE, '--map'),
            ('a version that is none', ['--to', '9.9.9'], ABSENT, ''), ('the same version', [], OTHER, 'to')]:
        asked = {'--from': here, '--to': here, '--data': data, **dict(zip(words[::2], words[1::2]))}
        refused(t, f'pack migrate, {what}', run('pack', 'migrate', 'petition', *[w for o in asked.items() for w in o]), code, word)
    ref = [p['ref'] for p in json.loads(run('pack', 'list', '--json', '--data', data).stdout) if p['ref'].startswith('petition@')][0]
    t.expect('pack withdraw', run('pack', 'withdraw', ref, '--data', data).returncode == DONE)


def main():
    t = Report()
    top = tempfile.mkdtemp(prefix='motcua-cli-')
    empty, data = os.path.join(top, 'empty'), os.path.join(top, 'data')
    os.mkdir(empty)
    try:
        found = commands(t)
        for c in found:
            wrong_words(t, c, empty)
            no_such_folder(t, c, empty)
        for words in (['nothing'], ['pack'], ['pack', 'nothing'], ['-x'], [''], ['--']):
            refused(t, f'motcua {words}', run(*words, cwd=empty), word='no command')
        done = run('init', '--demo', '--data', data)
        t.expect('init', done.returncode == DONE, done.stderr[-300:])
        refused(t, 'init twice', run('init', '--data', data), OTHER, data)
        json_outputs(t, found, data, empty)
        receipts(t, empty)
        named_commands(t, found)
        moments(t)
        ends(t, empty)
        numbers(t, data)
        people(t, data)
        delegations(t, data)
        forecasts(t, empty)
        packs(t, data, empty)
        new_versions(t, data, empty)
        t.expect('and the node still verifies', run('verify', data).returncode == DONE)
        t.expect('and rebuilds to the same', run('rebuild', '--check', '--data', data).returncode == DONE)
    finally:
        shutil.rmtree(top, ignore_errors=True)
    return t.end()


sys.exit(main())
