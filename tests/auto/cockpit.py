#!/usr/bin/env python3
"""cockpit.py MOTCUA: the pages of figures add up: tables, CSV files and pictures say the same, units sum to what is
above them, ranks are shared and skipped, what is small is not ranked, the wall turns without scripts."""
import csv, io, os, re, sqlite3, sys

sys.path.insert(0, os.path.dirname(__file__))
from node import Node, Report, today

TOP = os.path.join(os.path.dirname(__file__), '..', '..')
LEVELS = {'district': 9, 'commune': 157, 'department': 17}


class Pages:
    def __init__(self, node, t):
        self.node, self.t = node, t

    def get(self, path, status=200):
        got, headers, text = self.node.call('GET', path)
        self.t.expect(f'GET {path}', got == status, got)
        self.headers = headers
        return text

    def csv(self, path):
        rows = list(csv.DictReader(io.StringIO(self.get(path), newline='')))
        self.t.expect(f'{path} is a download', 'attachment' in self.headers.get('content-disposition', ''), self.headers)
        self.t.expect(f'{path} is CSV', self.headers['content-type'].startswith('text/csv'), self.headers)
        return rows

    def page(self, path, lang='vi'):
        status, _, html = self.node.call('GET', path, headers={'Cookie': f'lang={lang}'})
        self.t.expect(f'GET {path} [{lang}]', status == 200, status)
        return html


def value_of(row):
    return float(row['value']) if row['value'] else None


def check_league(t, p, figure, is_share):
    """Ranks as anybody would give them from the values in the file."""
    for level, n in LEVELS.items():
        rows = p.csv(f'/figures/{figure}/league.csv?level={level}')
        t.expect(f'{figure}: {level}s', len(rows) == n, len(rows))
        t.expect(f'{figure}: {level}s once each', len({r['code'] for r in rows}) == n, rows[:2])
        ranked = [r for r in rows if r['rank']]
        t.expect(f'{figure}: {level} ranks come first', rows[:len(ranked)] == ranked, [r['rank'] for r in rows])
        if not is_share:
            t.expect(f'{figure}: plain counts are not ranked', not ranked, ranked[:2])
            continue
        values = [value_of(r) for r in ranked]
        want = [1 + sum(w > v for w in values) for v in values]
        t.expect(f'{figure}: {level} ranks', [int(r['rank']) for r in ranked] == want, list(zip(values, [r['rank'] for r in ranked])))
        t.expect(f'{figure}: {level} best first', values == sorted(values, reverse=True), values)
        for r in rows:
            num, den = int(r['numerator']), int(r['denominator'])
            t.expect(f'{figure}: {r["code"]} value', (value_of(r) is None) == (den == 0), r)
            if den:
                t.expect(f'{figure}: {r["code"]} is its share', abs(value_of(r) - 100 * num / den) < 0.0051, r)
            t.expect(f'{figure}: {r["code"]} ranked when enough', bool(r['rank']) == (den >= 5), r)


def plain(html):
    return re.sub(r'<span class="govuk-visually-hidden">.*?</span>|<[^>]*>', '', html).replace('▾', '').strip()


def check_same(t, p):
    """A league's file has the columns and rows of its page, whichever of them there are."""
    names = {'Hạng': 'rank', 'Đơn vị': 'unit', 'Giá trị': 'value', 'Tử số': 'numerator', 'Mẫu số': 'denominator', 'So với kỳ trước': 'change', 'Mã': 'code'}
    for figure, level, n in (('on_time', 'district', 7), ('received', 'district', 6), ('on_time', 'commune', 6), ('received', 'commune', 5)):
        what = f'{figure}, {level}s'
        rows, html = p.csv(f'/figures/{figure}/league.csv?level={level}'), p.page(f'/figures/{figure}/league?level={level}')
        heads = [names.get(plain(h)) for h in re.findall(r'<th scope="col".*?</th>', html)]
        t.expect(f'{what}: {n} columns', len(heads) == n, heads)
        t.expect(f'{what}: the same columns', list(rows[0]) == heads, (list(rows[0]), heads))
        shown = [[plain(c) for c in re.findall(r'<t[hd] .*?</t[hd]>', r)] for r in re.findall(r'<tr class="govuk-table__row"><th scope="row".*?</tr>', html)]
        t.expect(f'{what}: rows', 0 < len(shown) <= len(rows) and all(len(r) == n for r in shown), [len(r) for r in shown])
        for row, cells in zip(rows, shown):
            page = dict(zip(heads, cells))
            for name in ('unit', 'code'):
                t.expect(f'{what}: {name}', page[name] == row[name], (page, row))
            t.expect(f'{what}: rank', page['rank'].replace('–', '') == row['rank'], (page, row))
            for name in ('numerator', 'denominator'):
                t.expect(f'{what}: {name}', page.get(name, '').replace('.', '') == row.get(name, ''), (page, row))


def check_sums(t, p):
    """Communes add up to districts, and all levels to the province."""
    whole = sum(int(r['numerator']) for r in p.csv('/figures/received/csv?by=unit'))
    by_level = {level: p.csv(f'/figures/received/league.csv?level={level}') for level in LEVELS}
    parts = sum(int(r['numerator']) for level in ('district', 'department') for r in by_level[level])
    own = [int(r['numerator']) for r in p.csv('/figures/received/csv?by=unit') if r['key'] == 'H07']
    t.expect('districts and departments are the province', parts + sum(own) == whole, (parts, own, whole))
    for d in by_level['district']:
        below = p.csv(f'/figures/received/league.csv?unit={d["code"]}&level=commune')
        mine = [r for r in by_level['commune'] if r['code'].startswith(d['code'] + '.')]
        t.expect(f'{d["code"]}: the same communes below', {r['code']: r['numerator'] for r in below} == {r['code']: r['numerator'] for r in mine}, len(below))
        own = int(d['numerator']) - sum(int(r['numerator']) for r in mine)
        t.expect(f'{d["code"]}: no less than its communes', own >= 0, own)


def check_time(t, p):
    rows = p.csv('/figures/received/trend.csv')
    t.expect('twelve months', len(rows) == 12, len(rows))
    months = [(int(r['month'][3:]), int(r['month'][:2])) for r in rows]
    t.expect('months in order', months == sorted(months) and len(set(months)) == 12, months)
    this = p.csv('/figures/received/csv?by=unit')
    t.expect('this month is the last', int(rows[-1]['numerator']) == sum(int(r['numerator']) for r in this), rows[-1])
    stock = p.csv('/figures/open/trend.csv')
    now = sum(int(r['numerator']) for r in p.csv('/figures/open/csv?by=unit'))
    t.expect('a stock ends at what stands', int(stock[-1]['numerator']) == now, (stock[-1], now))
    share = p.csv('/figures/on_time/trend.csv')
    t.expect('a month without dossiers has no share', share[0]['value'] == '' and share[0]['denominator'] == '0', share[0])


def check_spread(t, p):
    sizes = set()
    for level, period in (('commune', 'period=month'), ('district', 'period=year'), ('district', 'period=month')):
        asked = f'level={level}&{period}'
        rows = p.csv(f'/figures/on_time/distribution.csv?{asked}')
        units = [r for r in p.csv(f'/figures/on_time/league.csv?{asked}') if r['rank']]
        values = [value_of(u) for u in units]
        ends = [[float(x.replace(',', '.')) for x in r['class'].rstrip(' %').split('–')] for r in rows]
        sizes.add(ends[0][1] - ends[0][0])
        t.expect(f'{asked}: at most ten classes, side by side', 0 < len(rows) <= 10 and all(a[1] == b[0] for a, b in zip(ends, ends[1:])), ends)
        t.expect(f'{asked}: every compared unit is in one class', sum(int(r['units']) for r in rows) == len(units), (rows, len(units)))
        t.expect(f'{asked}: shares close together are told apart', not values or max(values) == min(values) or sum(r['units'] != '0' for r in rows) > 1, (rows, values))
        for (low, high), r in zip(ends, rows):
            want = sum(low <= v < high or (high == 100 and v == 100) for v in values)
            t.expect(f'{asked}: class {r["class"]}', int(r['units']) == want, (r, want))
    t.expect('classes as narrow as the shares need', len(sizes) > 1, sizes)
    html = p.page('/figures/on_time/distribution?level=office')
    t.expect('a level that is not there falls back', 'aria-current="page">Huyện' in html, 'no district level')


def check_map(t, p):
    new = p.csv('/figures/on_time/map.csv')
    old = p.csv('/figures/on_time/map.csv?period=custom&from=2025-06-01&to=2025-06-30')
    first = p.csv('/figures/on_time/map.csv?period=custom&from=2025-06-01&to=2025-07-01')
    t.expect('two islands have rows and no figures', all([r['unit'] for r in rows if not r['code']] == ['Hoàng Sa', 'Trường Sa'] and
             not any(r['value'] for r in rows if not r['code']) for rows in (new, old, first)), new[-2:])
    new, old, first = ([r for r in rows if r['code']] for rows in (new, old, first))
    t.expect('34 provinces now', len(new) == 34, len(new))
    t.expect('63 until 30 June 2025', len(old) == 63, len(old))
    t.expect('34 from 1 July 2025', len(first) == 34, len(first))
    known = [r for r in new if r['numerator']]
    t.expect('this node knows one province, under its new name', [r['unit'] for r in known] == ['Vĩnh Long'], known)
    t.expect('and under its old one', [r['unit'] for r in old if r['numerator']] == ['Bến Tre'], old[:1])
    for path in ('/figures/on_time/map', '/figures/on_time/map?period=custom&from=2024-01-01&to=2024-12-31'):
        html = p.page(path)
        t.expect(f'{path}: Hoàng Sa and Trường Sa are drawn', 'Hoàng Sa' in html and 'Trường Sa' in html, path)
    emc = {r['code']: r for r in p.csv('/figures/full_online_share/map.csv?period=custom&from=2024-01-01&to=2024-12-31')}
    for code, value in (('H25', '68.54'), ('H17', '58.89'), ('H22', '55.76'), ('H40', '52.96')):
        t.expect(f'{code}: what was published for 2024', emc[code]['value'] == value, emc[code])
        t.expect(f'{code}: declared, not counted over dossiers', emc[code]['denominator'] == '' and emc[code]['source'], emc[code])
    t.expect('Cà Mau published nothing', emc['H12']['value'] == '', emc['H12'])
    below = p.csv('/figures/on_time/map.csv?unit=H07.21')
    t.expect('below a district: its communes', below and all(r['code'].startswith('H07.21.') for r in below), below[:1])


def layout_faults(path, n):
    rows = list(csv.DictReader(open(path, encoding='utf-8')))
    places = [(r['x'], r['y']) for r in rows]
    codes = [c for r in rows if not r['apart'] for c in [r['code']] + r['also'].split()]
    found = []
    if len(set(places)) != len(places):
        found.append('two in one place')
    if sum(not r['apart'] for r in rows) != n:
        found.append('wrong number of provinces')
    if sorted(codes) != [f'H{i:02d}' for i in range(1, 64)]:
        found.append('the 63 codes, each once')
    if {r['name'] for r in rows if r['apart']} != {'Hoàng Sa', 'Trường Sa'}:
        found.append('islands')
    return found


def check_overview(t, p):
    """First what is filed; parts of scorecards and entered figures have pages of their own."""
    for path in ('/figures', '/wall?every=0'):
        html = p.page(path)
        shown = re.findall(r'href="/figures/([^/?"]+)\?', html)
        t.expect(f'{path} begins with what is filed', shown and shown[0] == 'received', shown[:3])
        t.expect(f'{path} shows no parts of scorecards', not [i for i in shown if i.startswith(('q766-', 'tt01-', 'emc-', 'dti-'))], shown)
    rows = {r['id'] for r in p.csv('/figures.csv')}
    t.expect('the file has them all the same', 'q766-ended' in rows and 'dti-total' in rows, len(rows))


def check_values(t, p):
    """A distribution counts each dossier once, and its percentiles stand where the classes say."""
    rows = p.csv('/figures/days_spread/distribution.csv?period=year')
    done = sum(int(r['numerator']) for r in p.csv('/figures/done/csv?period=year&by=unit'))
    counts = [int(r['count']) for r in rows]
    t.expect('each finished dossier once', sum(counts) == done > 0, (sum(counts), done))
    mean = p.csv('/figures/days_spread/csv?period=year&by=procedure')
    t.expect('over as many as are done', sum(int(r['denominator']) for r in mean) == done, mean[:2])
    html = p.page('/figures/days_spread/distribution?period=year')
    shown = dict(re.findall(r'<dt>(\d+)% không quá</dt><dd>([\d.,]+)</dd>', html))
    t.expect('five percentiles', list(shown) == ['25', '50', '75', '90', '95'], shown)
    if all('–' not in r['class'] for r in rows):  # a class is one day: it can be counted by hand
        for percent, text in shown.items():
            need, seen = -(-done * int(percent) // 100), 0
            for r in rows:
                seen += int(r['count'])
                if seen >= need:
                    break
            t.expect(f'{percent} %', float(text.replace(',', '.')) == float(r['class']), (text, r))
    units = p.csv('/figures/days_spread/distribution.csv?period=year&level=district')
    t.expect('with a level: its units', sum(int(r['units']) for r in units) <= 9, units)


def check_all_figures(t, p):
    """One file with everything says what each figure's own file says."""
    for unit in ('', 'H07.21', 'H07.21.01'):
        q = f'?unit={unit}' if unit else ''
        rows = p.csv('/figures.csv' + q)
        t.expect('every indicator once', len({r['id'] for r in rows}) == len(rows) > 30, len(rows))
        by = {r['id']: r for r in rows}
        own = p.csv(f'/figures/received/csv{q or "?"}&by=procedure')
        t.expect(f'{unit}: received', int(by['received']['numerator']) == sum(int(r['numerator']) for r in own), by['received'])
        t.expect(f'{unit}: a count has no denominator', by['received']['denominator'] == '', by['received'])
        for r in rows:
            if r['denominator'] not in ('', '0') and r['id'].endswith('on_time'):
                t.expect(f'{unit}: {r["id"]}', abs(float(r['value']) - 100 * int(r['numerator']) / int(r['denominator'])) < 0.0051, r)
            if r['denominator'] == '0':
                t.expect(f'{unit}: {r["id"]} nothing over nothing', r['value'] == '', r)


def check_scorecards(t, p):
    html = p.page('/scorecards')
    ids = sorted(set(re.findall(r'/scorecards/([a-z0-9-]+)\?', html)))
    t.expect('the 766 index is there', 'index-766' in ids, ids)
    for card in ids:
        for lang in ('vi', 'en'):
            p.page(f'/scorecards/{card}', lang)
            p.page(f'/scorecards/{card}/units', lang)
        rows = p.csv(f'/scorecards/{card}/points.csv')
        by = {r['id']: r for r in rows}
        t.expect(f'{card}: nodes once', len(by) == len(rows) > 0, len(rows))
        units = p.csv(f'/scorecards/{card}/units.csv')
        t.expect(f'{card}: nine districts', len(units) == 9, len(units))
        ranks = [int(r['rank']) for r in units if r['rank']]
        t.expect(f'{card}: in order', ranks == sorted(ranks), ranks)
        below = p.csv(f'/scorecards/{card}/units.csv?unit=H07.21.01')
        t.expect(f'{card}: nobody below a commune', below == [], below[:1])
        communes = p.csv(f'/scorecards/{card}/units.csv?level=commune')
        t.expect(f'{card}: every commune below the districts', len({r['code'] for r in communes}) == len(communes) == 157, len(communes))
        ranks = [r['rank'] for r in communes]
        told = [float(r['points']) for r in communes if r['rank']]
        t.expect(f'{card}: those nothing can be said of come last', '' not in ranks[:len(told)], ranks)
        for r in communes[:2] + communes[-1:]:
            alone = {n['id']: n for n in p.csv(f'/scorecards/{card}/points.csv?unit={r["code"]}')}
            top = [i for i in alone if i in r]
            same = all(float(r[i] or 0) == float(alone[i]['got'] or 0) for i in top)
            t.expect(f'{card}: {r["code"]} among all as alone', top and same, (r, [alone[i] for i in top]))
    for r in p.csv('/scorecards/index-766/points.csv'):
        value, got, most = r['value'], float(r['got'] or 0), float(r['points'])
        t.expect(f'766 {r["id"]}: never more than there is', 0 <= got <= most, r)
        t.expect(f'766 {r["id"]}: no value, no points', value or not got or '.' not in r['id'], r)
    tops = [float(r['got'] or 0) for r in p.csv('/scorecards/index-766/points.csv') if '.' not in r['id']]
    t.expect('766: the whole is its groups', f'{sum(tops):.2f}'.replace('.', ',') in p.page('/scorecards/index-766'), tops)
    for path, status in (('/scorecards/nosuch', 404), ('/scorecards/nosuch/units', 404), ('/scorecards/nosuch/points.csv', 404),
                         ('/scorecards/index-766?unit=H99', 404), ('/scorecards/index-766/units.csv?nosuch=1', 400), ('/scorecards?unit=%20', 422)):
        p.get(path, status)


def refused(node):
    db = sqlite3.connect(f'file:{node.data}/motcua.db?mode=ro', uri=True)
    n = db.execute("select count(*) from event where kind = 11 and facts like '%/officers%'").fetchone()[0]
    db.close()
    return n


def check_officers(t, p):
    """For leaders of that very unit; whoever else tries is refused and journalled."""
    def get(login, path):
        return p.node.call('GET', path, headers={'Authorization': 'Bearer ' + p.node.token(login)})

    leader, unit = 'leader.h07.21.01', 'H07.21.01'
    for path, words in ((f'/officers?unit={unit}', 'Thông tư 01/2018'), ('/officers', 'Phú Khương'), (f'/officers?unit={unit}&year=2025&quarter=4', 'Quý 4/2025'),
                        (f'/officers.csv?unit={unit}', 'name,dossiers,time'), (f'/api/v1/officers/grades?unit={unit}', '"officers"')):
        status, _, text = get(leader, path)
        t.expect(f'{path} for its leader', status == 200 and words in text, (status, text[:200]))
    rows = list(csv.DictReader(io.StringIO(get(leader, '/officers.csv')[2], newline='')))
    t.expect('officers with dossiers', rows and all(int(r['dossiers']) > 0 and r['grade'] for r in rows), rows[:2])
    for r in rows:
        parts = [float(r[k].replace(',', '.')) for k in ('time', 'contacts', 'offices', 'manner')]
        t.expect('points of eight as of ten', abs(sum(parts) * 10 / 8 - float(r['graded'].replace(',', '.'))) < 0.006, r)
        t.expect('two at most', all(0 <= x <= 2 for x in parts), r)
    tries = [(who, path) for who in ('leader.h07', 'specialist.h07.21.01', 'reception.h07.21.01', 'auditor.h07', 'admin.h07', '083195000000')
             for path in (f'/officers?unit={unit}', f'/officers.csv?unit={unit}', f'/api/v1/officers/grades?unit={unit}')]
    tries += [(leader, '/officers?unit=H07'), (leader, '/api/v1/officers/grades?unit=H07.21')]
    before = refused(p.node)
    for who, path in tries:
        status, _, text = get(who, path)
        t.expect(f'{path} for {who}', status == 403 and 'name,dossiers' not in text, status)
    t.expect('each refusal is journalled', refused(p.node) - before == len(tries), (before, refused(p.node), len(tries)))
    for path, status in (('/officers?year=2017', 422), ('/officers?quarter=5', 422), ('/officers?unit=H99', 404), ('/officers?nosuch=1', 400)):
        t.expect(path, get(leader, path)[0] == status, get(leader, path)[0])
    t.expect('nobody is led to sign in', p.node.call('GET', '/officers')[0] in (302, 303), p.node.call('GET', '/officers')[0])
    html = get(leader, f'/scorecards?unit={unit}')[2]
    t.expect('the scorecards lead there', f'/officers?unit={unit}' in html, 'no link')
    t.expect('others are not led there', '/officers' not in p.page(f'/scorecards?unit={unit}'), 'a link')


def check_layouts(t):
    for n in (63, 34):
        found = layout_faults(os.path.join(TOP, 'assets', 'tiles', f'tiles{n}.csv'), n)
        t.expect(f'layout of {n}', not found, found)


def check_wall(t, p):
    html = p.page('/wall')
    status, headers, _ = p.node.call('GET', '/wall')
    t.expect('the wall turns by itself', headers.get('refresh', '').startswith('20; url=/wall?'), headers.get('refresh'))
    t.expect('to the next page', headers['refresh'].endswith('show=1'), headers['refresh'])
    t.expect('and says how to stop', 'every=0' in html, 'no link')
    for path, want in (('/wall?every=0', None), ('/wall?every=1', '5;'), ('/wall?every=600', '600;')):
        _, headers, _ = p.node.call('GET', path)
        got = headers.get('refresh')
        t.expect(path, (got is None) if want is None else (got or '').startswith(want), got)
    pages = int(re.search(r' 1/(\d+)</p>', html)[1])
    _, headers, _ = p.node.call('GET', f'/wall?show={pages - 1}')
    t.expect('the last page leads to the first', headers['refresh'].endswith('show=0'), headers['refresh'])
    t.expect('a page beyond the last is one of them', p.node.call('GET', f'/wall?show={pages + 2}')[0] == 200)


def check_refusals(t, p):
    for path, status in (('/figures/nosuch/league', 404), ('/figures/nosuch/league.csv', 404), ('/figures/nosuch/map.csv', 404),
                         ('/figures/on_time/league?unit=H99', 404), ('/figures/on_time/trend.csv?unit=H99', 404), ('/wall?unit=H99', 404),
                         ('/figures/on_time/league?after=-1', 422), ('/figures/on_time/league?after=x', 422), ('/wall?every=601', 422),
                         ('/wall?every=-1', 422), ('/figures/on_time/league?nosuch=1', 400), ('/figures/on_time/league?level=%3Cscript%3E', 422),
                         ('/figures/on_time/league?level=nosuch', 422), ('/figures/on_time/league?after=4000', 200),
                         ('/figures/on_time/trend?period=custom&from=never', 422), ('/figures/on_time/league?period=custom&from=2026-02-01&to=2026-01-01', 422)):
        p.get(path, status)


def check_newest(t, p):
    """Where nothing came in, a page leads to the last year in which something did."""
    year = today().year
    link = f'period=custom&amp;from={year}-01-01&amp;to={year}-12-31'
    for page in ('/figures', '/figures/on_time', '/figures/on_time/trend', '/figures/on_time/map', '/scorecards', '/scorecards/index-766'):
        later, now, before = (p.page(f'{page}?period=custom&from={y}-01-01&to={y}-12-31') for y in (year + 3, year, year - 9))
        t.expect(f'{page}: a later year leads to this one', link in later and f'Xem số liệu năm {year}' in later, 'no link')
        t.expect(f'{page}: this year leads nowhere', 'Xem số liệu năm' not in now, 'a link')
        t.expect(f'{page}: before the first one neither', 'Xem số liệu năm' not in before, 'a link')
    t.expect('in English', f'See the figures of {year}' in p.page(f'/figures?period=custom&from={year + 3}-01-01&to={year + 3}-02-01', 'en'))


def check_words(t, p):
    """Every page in both languages: well-formed, and each says what the figure is."""
    for lang in ('vi', 'en'):
        for page in ('', '/league', '/league?level=commune', '/trend', '/distribution', '/map'):
            for figure in ('on_time', 'open', 'average_days', 'received'):
                html = p.page(f'/figures/{figure}{page}', lang)
                for words in ({'vi': ('Định nghĩa', 'Vị trí sổ cái', 'Phạm vi và kỳ', 'mỗi sự kiện'),
                               'en': ('Definition', 'Ledger position', 'Scope and period', 'every event')}[lang]):
                    ok = words in html or (figure == 'average_days' and 'event' in words or 'sự kiện' in html)
                    t.expect(f'/figures/{figure}{page} [{lang}] says {words}', ok, 'not there')
                t.expect(f'/figures/{figure}{page} [{lang}] leads to the dossiers', f'/figures/{figure}/dossiers' in html, 'no link')
                t.expect(f'/figures/{figure}{page} [{lang}] leads to CSV', '.csv' in html or '/csv' in html, 'no link')


def main():
    node, t = Node(sys.argv[1]), Report()
    check_layouts(t)
    node.run('demo', '--month', '--dossiers', '600')
    node.start()
    try:
        p = Pages(node, t)
        check_league(t, p, 'on_time', True)
        check_league(t, p, 'online_share', True)
        check_league(t, p, 'received', False)
        check_same(t, p)
        check_sums(t, p)
        check_time(t, p)
        check_spread(t, p)
        check_map(t, p)
        check_overview(t, p)
        check_values(t, p)
        check_all_figures(t, p)
        check_scorecards(t, p)
        check_officers(t, p)
        check_wall(t, p)
        check_refusals(t, p)
        check_newest(t, p)
        check_words(t, p)
    finally:
        node.end()
    return t.end()


sys.exit(main())
