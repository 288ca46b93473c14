#!/usr/bin/env python3
"""figure_edges.py MOTCUA: every page and file of figures asked about the ends of time, units that are none, levels and
rows that are not there: an answer in words or a refusal, never a fault; files hold no formula and as many columns as heads."""
import csv, io, os, re, sys

sys.path.insert(0, os.path.dirname(__file__))
from node import Node, Report

FIGURES = ('on_time', 'open')
PAGES = ('', '/csv', '/league', '/league.csv', '/trend', '/trend.csv', '/distribution', '/distribution.csv', '/map', '/map.csv', '/dossiers')
PERIODS = [  # from, to: ends of the calendar, the wrong way round, days that are none
    ('0001-01-01', '0001-01-02'), ('0001-01-01', '9999-12-31'), ('9999-12-31', '9999-12-31'), ('1969-12-31', '1970-01-01'), ('2026-11-22', '2026-11-01'),
    ('2024-02-29', '2024-02-29'), ('2025-06-30', '2025-07-01'), ('2023-02-29', '2023-02-30'), ('2026-13-01', '2026-00-00'), ('', ''), ('x', 'y'), ('-1', '99999-01-01'),
]
ODD = ['unit=H99', 'unit=', 'unit=h07', 'unit=H07%00', 'unit=H07.21.01&level=commune', 'unit=H07&level=nosuch', 'unit=H07&level=province', 'procedure=1.001193',
       'procedure=9.9', 'procedure=%27%20or%201=1', 'period=nosuch', 'period=last&unit=H07.21', 'period=year&procedure=1.001612', 'after=0', 'after=1000000', 'after=-1',
       'by=unit', 'by=procedure', 'by=day', 'by=month', 'by=nosuch', 'unit=H07&unit=H07.21', 'nosuch=1', 'period=custom', 'level=%3Cscript%3E']
REFUSED = (400, 404, 413, 422)
FORMULA = re.compile(r'^[=+@\t\r]|^-(?![0-9.,]*$)')


def check_file(t, path, headers, text):
    rows = list(csv.reader(io.StringIO(text, newline='')))
    t.expect(f'{path}: a head', rows and len(rows[0]) > 1, rows[:1])
    wide = [r for r in rows if len(r) != len(rows[0])]
    t.expect(f'{path}: as many cells as heads', not wide, wide[:1])
    odd = [c for r in rows for c in r if FORMULA.match(c)]
    t.expect(f'{path}: no formula', not odd, odd[:3])
    t.expect(f'{path}: a download of its own name', re.search(r'attachment; filename="[A-Za-z0-9._-]+"', headers.get('content-disposition', '')), headers.get('content-disposition'))


def ask(t, node, path, lang):
    status, headers, text = node.call('GET', path, headers={'Cookie': f'lang={lang}'})
    kind = headers.get('content-type', '')
    t.expect(f'{path} [{lang}]', status == 200 or status in REFUSED, status)
    if status == 200 and kind.startswith('text/csv'):
        check_file(t, path, headers, text)
    elif kind.startswith('text/html'):
        t.expect(f'{path} [{lang}]: in its language', f'<html lang="{lang}"' in text, text[:200])
        t.expect(f'{path} [{lang}]: nothing of the program', not re.search(r'<script>|\bnull\b|-9223372036854775808|\bnan\b|%\.\*s|%lld|\{\{', re.sub(r'(?s)<script.*?</script>', '', text)))
    return status, text


def figures(t, node):
    for figure in FIGURES:
        for page in PAGES:
            path = f'/figures/{figure}{page}'
            for first, last in PERIODS:
                ask(t, node, f'{path}?period=custom&from={first}&to={last}', 'vi')
            for odd in ODD:
                ask(t, node, f'{path}?{odd}', 'en')


def others(t, node):
    paths = ['/figures', '/figures.csv', '/wall', '/scorecards', '/targets', '/targets/csv', '/targets/owed', '/data', '/statements']
    cards = sorted(set(re.findall(r'/scorecards/([a-z0-9-]+)', node.call('GET', '/scorecards')[2])))
    t.expect('scorecards are there', len(cards) >= 4, cards)
    paths += [f'/scorecards/{c}{p}' for c in cards for p in ('', '/points.csv', '/units', '/units.csv')]
    for path in paths:
        for query in [f'period=custom&from={a}&to={b}' for a, b in PERIODS[:4]] + ODD[:8]:
            ask(t, node, f'{path}?{query}', 'vi')
        for lang in ('vi', 'en'):
            ask(t, node, path, lang)


def nothing_there(t, node):
    """What is not is said so, on pages and files alike."""
    for path in ('/figures/nosuch', '/figures/nosuch/csv', '/figures/nosuch/league.csv', '/figures/nosuch/map', '/figures/received?unit=H99', '/scorecards/nosuch',
                 '/scorecards/nosuch/points.csv', '/targets/nosuch', '/data/nosuch', '/data/nosuch.csv', '/data/nosuch.json', '/api/v1/datasets/nosuch/rows',
                 '/api/v1/statements/2026-01', '/data/ratings.csv?period=1999-Q1', '/data/ratings.csv?revision=7'):
        status, _, text = node.call('GET', path)
        t.expect(f'{path} is not there', status == 404, (status, text[:100]))
    for path in ('/api/v1/statements/2026-1', '/data/ratings?revision=0', '/data/ratings?revision=x', '/api/v1/datasets/ratings/rows?limit=1001',
                 '/api/v1/datasets/ratings/rows?from=-1'):
        status, _, text = node.call('GET', path)
        t.expect(f'{path} is refused', status in (400, 404, 422), (status, text[:100]))


def one_day_is_part_of_its_month(t, node):
    """A day's figure, a month's and a year's: what is asked for twice in other words is the same."""
    def value(query):
        rows = list(csv.DictReader(io.StringIO(node.call('GET', f'/figures/received/csv?by=unit&{query}')[2], newline='')))
        return sum(int(r['numerator']) for r in rows)
    whole = value('period=custom&from=0001-01-01&to=9999-12-31')
    halves = value('period=custom&from=0001-01-01&to=2026-11-10') + value('period=custom&from=2026-11-11&to=9999-12-31')
    t.expect('two halves are the whole', whole == halves > 0, (whole, halves))
    days = sum(value(f'period=custom&from=2026-11-{d:02}&to=2026-11-{d:02}') for d in range(1, 31))
    month = value('period=custom&from=2026-11-01&to=2026-11-30')
    t.expect('its days are the month', days == month, (days, month))
    status, _, text = node.call('GET', '/figures/received/csv?by=unit&period=custom&from=2026-11-22&to=2026-11-01')
    t.expect('the wrong way round is refused', status == 422 and 'Ngày cuối' in text, status)


def main():
    t, node = Report(), Node(sys.argv[1])
    try:
        node.run('demo', '--month')
        node.start()
        one_day_is_part_of_its_month(t, node)
        figures(t, node)
        others(t, node)
        nothing_there(t, node)
        t.expect('still answering', node.call('GET', '/healthz')[0] == 200)
        t.expect('it ends well', node.stop() == 0)
        log = open(node.log.name, errors='replace').read()
        t.expect('no fault in the log', ' error ' not in log, [l for l in log.splitlines() if ' error ' in l][:3])
    finally:
        node.end()
    sys.exit(t.end())


if __name__ == '__main__':
    main()
