#!/usr/bin/env python3
"""simulate.py - what if, from the outside: a node without a past, a pack without a flow, the table of days, the page."""
import re, sys
from node import Node, PASSWORD, Report
from visitor import Visitor


def wrong(text):
    return re.findall(r'\b(?:nan|inf)\b', text, re.I)


def young(t, node):
    """Nothing has happened yet: every question gets words, none a figure out of nothing."""
    for args, code, words in [(['simulate', 'one-stop'], 5, 'one-stop has no flow'),
                              (['simulate', 'petition', '--unit', 'H07.21.01'], 3, 'no dossiers to learn from'),
                              (['simulate', 'petition', '--unit', 'H99'], 3, 'no unit'), (['simulate', 'no-such'], 3, 'no pack'),
                              (['simulate', 'petition', '--holiday', '2026-02-30'], 5, 'holiday'),
                              (['forecast', '--check'], 3, 'too few'), (['forecast'], 0, '')]:
        done = node.run(*args, check=False)
        t.expect(f'{args}: ends with {code}', done.returncode == code, (done.returncode, done.stderr))
        t.expect(f'{args}: says why', words in done.stderr, done.stderr)
        t.expect(f'{args}: no figure out of nothing', not wrong(done.stdout), done.stdout)
    for args in (['simulate', 'petition', '--arrivals', '0'], ['simulate', 'petition', '--arrivals', '0', '--json'],
                 ['simulate', 'petition', '--staff', 'specialist=0', '--days', '5']):
        done = node.run(*args)
        t.expect(f'{args}: figures are numbers', not wrong(done.stdout), done.stdout[:300])


def leads(t, node):
    """Shares only grow, both columns, and the last line says 99 or more or stands at forty days."""
    text = node.run('simulate', 'building-permit', '--seeds', '3', '--holiday', '2026-12-24').stdout
    rows = [(int(a), float(b), float(c)) for a, b, c in
            re.findall(r'^ +(\d+) +([\d.]+) % [# ]{20} +([\d.]+) %', text, re.M)]
    t.expect('the table of days is there', len(rows) >= 5 and [r[0] for r in rows] == list(range(1, len(rows) + 1)), text[:800])
    t.expect('shares only grow', all(x[i] <= y[i] for x, y in zip(rows, rows[1:]) for i in (1, 2)), rows)
    t.expect('up to all of them', len(rows) == 40 or min(rows[-1][1:]) >= 99, rows[-1:])


def page(t, node):
    v = Visitor(node, 'leader.h07.21')
    p = v.go('/login')
    v.send(p.form('/login'), {'login': 'leader.h07.21', 'password': PASSWORD})
    p = v.go('/figures/what-if?unit=H07.21')
    if not p.all('svg'):
        t.expect('without a past the page says so', p.status == 200 and p.all('p', 'govuk-inset-text'), p.status)
    else:
        tables = [[c.text() for c in r.all('td')] for r in p.all('tr')]
        shares = [[float(x.replace(',', '.').rstrip(' %')) for x in r] for r in tables if len(r) == 2 and all('%' in x for x in r)]
        t.expect('the days stand as a table, too', len(shares) >= 5 and all(a <= b for a, b in zip(shares, shares[1:])), tables[:20])
        for bad in ('2026-02-30', 'tomorrow', ''):
            q = v.go(f'/figures/what-if?unit=H07.21&holiday={bad}')
            t.expect(f'day off `{bad}`: as today', q.status == 200 and 'name="holiday" type="date" value=""' in q.html, q.status)
        q = v.go('/figures/what-if?unit=H07.21&holiday=2026-12-24')
        t.expect('a day off is kept', 'value="2026-12-24"' in q.html)
        t.expect('figures are numbers', not wrong(q.text()))
    v.end()


def main():
    node, t = Node(sys.argv[1]), Report()
    try:
        young(t, node)
        leads(t, node)
        node.start()
        page(t, node)
        node.stop()
        node.run('demo', '--month', '--dossiers', '400')
        node.start()
        page(t, node)
    finally:
        node.end()
    return t.end()


sys.exit(main())
