#!/usr/bin/env python3
"""opendata.py MOTCUA: what is given out is what was counted; its files, catalogue and API agree and
hash to what the ledger says; what would tell of too few is kept back; changed bytes are no answer."""
import copy, csv, hashlib, io, json, os, sqlite3, subprocess, sys

sys.path.insert(0, os.path.dirname(__file__))
from node import Node, Report, today

SET = 'dossiers-by-procedure'
READER = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'interop', 'read_catalogue.py')


def get(node, path, lang='en'):
    s, h, text = node.call('GET', path, None, {'Accept-Language': lang})
    return s, h, text


def files_agree(t, node, span):
    s, h, text = get(node, f'/data/{SET}.csv')
    t.expect('CSV', s == 200 and h['content-type'].startswith('text/csv'), (s, h))
    t.expect('lines end as RFC 4180 says', text.endswith('\r\n') and text.count('\n') == text.count('\r\n'), '')
    rows = list(csv.DictReader(io.StringIO(text, newline='')))
    digest = hashlib.sha256(text.encode()).hexdigest()
    t.expect('the digest is the ETag', h['etag'] == f'W/"{digest}"', h['etag'])
    t.expect('the licence is said', 'rel="license"' in h['link'], h.get('link'))
    counted = json.loads(get(node, f'/api/v1/indicators/received?from={span[1]}&to={span[2]}')[2])['numerator']
    t.expect('what is given out is what was counted', sum(int(r['received']) for r in rows) == counted > 0, counted)
    t.expect('each row stands for five or more', all(int(r['received']) in (0, *range(5, 10**6)) for r in rows), rows)
    whole = json.loads(get(node, f'/data/{SET}.json')[2])
    t.expect('JSON says the same', [{k: str(v) for k, v in r.items()} for r in whole['rows']] == rows, whole['rows'][:1])
    t.expect('numbers are numbers, codes are not', isinstance(whole['rows'][0]['received'], int) and isinstance(whole['rows'][0]['procedure'], str), '')
    t.expect('columns are told', [c['name'] for c in whole['columns']] == list(rows[0]), whole['columns'])
    t.expect('release', whole['release']['digest'] == digest and whole['release']['rows'] == len(rows), whole['release'])
    return whole['rows']


def kept(t, node, span):
    """Who has a file already is told so; a released revision may be kept by anybody."""
    for name in (f'{SET}.csv', f'{SET}.json'):
        s, h, text = get(node, f'/data/{name}')
        tag = h.get('etag', '')
        t.expect(f'{name}: a weak tag', s == 200 and tag[:3] == 'W/"' and tag[-1:] == '"', tag)
        t.expect(f'{name}: asked again, kept by anybody', h['cache-control'] == 'public, no-cache', h['cache-control'])
        for ask, status in ((tag, 304), (tag[2:], 304), (f'"x,y", {tag}', 304), ('*', 304), ('"other"', 200), (tag[3:-1], 200), ('', 200)):
            for coding in ({}, {'Accept-Encoding': 'gzip'}):
                s, h2, body = node.call('GET', f'/data/{name}', None, {'Accept-Language': 'en', 'If-None-Match': ask, **coding})
                t.expect(f'{name} {ask} {coding}', s == status and (s == 200) == bool(body) and h2['etag'] == tag, (s, h2))
                is_long = name.endswith('.json')  # a table of a few rows is sent as it is
                t.expect(f'{name} {ask}: compressed for who takes it', (h2.get('content-encoding') == 'gzip') == bool(coding and s == 200 and is_long), h2)
        s, h, text = get(node, f'/data/{name}?period={span[0]}&revision=1')
        t.expect(f'{name}: one revision', s == 200 and h['cache-control'].startswith('public, max-age='), h['cache-control'])
        s, h, text = get(node, f'/data/{name}?period={span[0]}&revision=1&lang=en')
        t.expect(f'{name}: not beside a cookie', h['cache-control'] == 'private, no-cache', h['cache-control'])
    vi, en = (get(node, f'/data/{SET}.json', lang)[1]['etag'] for lang in ('vi', 'en'))
    t.expect('another language, another tag', vi != en, vi)


def paging(t, node, rows):
    got, at = [], 0
    while at is not None:
        v = json.loads(get(node, f'/api/v1/datasets/{SET}/rows?limit=2&from={at}')[2])
        t.expect('a page has at most two', len(v['rows']) <= 2 and v['total'] == len(rows), v['total'])
        got += v['rows']
        at = v.get('next')
    t.expect('all pages are the whole', got == rows, (len(got), len(rows)))
    v = json.loads(get(node, f'/api/v1/datasets/{SET}/rows?from=40000')[2])
    t.expect('behind the end is nothing', v['rows'] == [] and 'next' not in v, v)


def refusals(t, node):
    for path, status in ((f'/data/{SET}.csv?period=1999-01', 404), (f'/data/{SET}.csv?revision=7', 404), ('/data/none', 404),
                         ('/data/none.csv', 404), ('/api/v1/datasets/none', 404), ('/api/v1/datasets/none/rows', 404),
                         (f'/api/v1/datasets/{SET}/rows?limit=0', 422), (f'/api/v1/datasets/{SET}/rows?limit=1001', 422),
                         (f'/api/v1/datasets/{SET}/rows?page=2', 400), (f'/data/{SET}.csv?revision=x', 422), (f'/data/{SET}?period=../..', 422)):
        s = get(node, path)[0]
        t.expect(path, s == status, s)


def catalogue(t, node, span):
    s, h, text = get(node, '/data/catalog.jsonld')
    t.expect('JSON-LD', s == 200 and h['content-type'].startswith('application/ld+json'), (s, h))
    graph = json.loads(text)['@graph']
    top = next(n for n in graph if n['@type'] == 'dcat:Catalog')
    for need in ('dct:title', 'dct:description', 'dct:publisher', 'dcat:dataset', 'dcat:service'):
        t.expect(f'a catalogue has {need}', need in top, list(top))
    for d in top['dcat:dataset']:
        missing = [k for k in ('dct:title', 'dct:description', 'dcat:distribution', 'dcat:contactPoint', 'dcat:theme', 'dct:publisher', 'dct:temporal') if k not in d]
        t.expect('a dataset has what DCAT-AP asks for', not missing, missing)
        for f in d['dcat:distribution']:
            url = f['dcat:downloadURL']['@id']
            path = '/' + url.split('/', 3)[3]
            s, _, body = get(node, path)
            want = f.get('spdx:checksum', {}).get('spdx:checksumValue', {}).get('@value')
            t.expect(f'{path} is there', s == 200 and (not want or hashlib.sha256(body.encode()).hexdigest() == want), s)
            t.expect('with a licence', f['dct:license']['@id'].startswith('https://'), f)
    mine = [d for d in top['dcat:dataset'] if SET in d['@id']]
    t.expect('the period is told', mine and mine[0]['dct:temporal']['dcat:endDate']['@value'] == span[2], mine[:1])
    somebody_else_reads(t, node, graph, len(top['dcat:dataset']))


def understood(node, graph):
    """What a reader that is not ours makes of it: rdflib, out of Debian."""
    path = os.path.join(node.dir, 'catalog.jsonld')
    with open(path, 'w', encoding='utf-8') as f:
        json.dump(graph, f)
    done = subprocess.run([READER, path], capture_output=True, text=True)
    return json.loads(done.stdout) if done.returncode == 0 else {'faults': [done.stderr[-300:]]}


def somebody_else_reads(t, node, graph, n):
    whole = json.loads(get(node, '/data/catalog.jsonld')[2])
    v = understood(node, whole)
    t.expect('a foreign reader finds no fault', v['faults'] == [], v['faults'][:3])
    t.expect('and as many datasets and files', (v.get('datasets'), v.get('distributions')) == (n, 2 * n) and v['triples'] > 30 * n, v)
    for what, change in CHANGES.items():  # it is a reader that would have seen it
        bad = copy.deepcopy(whole)
        change(next(g for g in bad['@graph'] if g['@type'] == 'dcat:Catalog'))
        v = understood(node, bad)
        t.expect(f'{what} is a fault', len(v['faults']) > 0, v)


def first_file(c):
    return c['dcat:dataset'][0]['dcat:distribution'][0]


CHANGES = {
    'no title': lambda c: c.pop('dct:title'),
    'a title in one language': lambda c: c.update({'dct:title': c['dct:title'][:1]}),
    'no description of a dataset': lambda c: c['dcat:dataset'][0].pop('dct:description'),
    'no publisher': lambda c: c.pop('dct:publisher'),
    'no address of a file': lambda c: first_file(c).pop('dcat:accessURL'),
    'no licence': lambda c: first_file(c).pop('dct:license'),
    'another licence': lambda c: first_file(c).update({'dct:license': {'@id': 'https://example.org/mine'}}),
    'a frequency that is no word of the list': lambda c: c['dcat:dataset'][0].update({'dct:accrualPeriodicity': {'@id': 'monthly'}}),
    'a day that is none': lambda c: c['dcat:dataset'][0]['dct:temporal'].update({'dcat:endDate': {'@type': 'xsd:date', '@value': '2020-02-31'}}),
}


def kept_back(t, node, span):
    check = node.run('dataset', 'check', 'dossiers-by-commune', '--period', '2020-Q2', check=False)
    t.expect('too few are seen', check.returncode == 1 and 'fewer than 5' in check.stdout and 'enough:' in check.stdout, check.stdout)
    done = node.run('dataset', 'release', 'dossiers-by-commune', '--period', '2020-Q2', check=False)
    by_district = [node.run('dataset', 'check', 'dossiers-by-district', '--period', f'2020-{m:02}', check=False) for m in range(1, 13)]
    t.expect('by district each month may go out', all(d.returncode == 0 and '10 rows' in d.stdout for d in by_district), [d.stdout for d in by_district if d.returncode])
    t.expect('and kept back', done.returncode == 1 and 'refused' in done.stdout, done.stdout)


def commands(t, node, span):
    done = node.run('dataset', 'release', SET, '--period', span[0])
    t.expect('it is released', 'released' in done.stdout and 'sha256' in done.stdout, done.stdout)
    again = node.run('dataset', 'release', SET, '--period', span[0])
    t.expect('once', 'same content' in again.stdout, again.stdout)
    kept_back(t, node, span)
    for args, code in ((('release', SET, '--period', '2026-Q1'), 2), (('release', 'none'), 3), (('check', SET, '--period', '2026'), 2),
                       (('release', SET, '--period', today().strftime('%Y-%m')), 5)):
        done = node.run('dataset', *args, check=False)
        t.expect(f'dataset {args}', done.returncode == code, (done.returncode, done.stderr))
    rows = json.loads(node.run('dataset', 'list', '--json').stdout)
    t.expect('the list', {r['id']: r['last'] for r in rows}[SET] == span[0], rows)


def main():
    t, span = Report(), ('2020-05', '2020-05-01', '2020-05-31')
    node = Node(sys.argv[1])
    try:
        node.run('demo', '--year', '--dossiers', '8000')
        commands(t, node, span)
        node.start()
        rows = files_agree(t, node, span)
        paging(t, node, rows)
        kept(t, node, span)
        refusals(t, node)
        catalogue(t, node, span)
        page = get(node, f'/data/{SET}', 'vi')[2]
        t.expect('a column says nothing of the whole', page.count('của từng thủ tục hành chính trên toàn địa bàn') == 1, page.count('toàn địa bàn'))
        t.expect('the catalogue is led to', 'href="/data"' in page, '')
        page = get(node, '/data/dossiers-by-commune', 'vi')[2]
        t.expect('why not is shown', 'Các kỳ không công bố' in page and 'theo cấp huyện thay vì theo cấp xã' in page, '')
        node.stop()
        done = node.run('rebuild', '--check', check=False)
        t.expect('releases are a fold', done.returncode == 0, done.stdout[-300:])
        db = sqlite3.connect(os.path.join(node.data, 'motcua.db'))
        db.execute("update dataset_bytes set body = cast(replace(cast(body as text), ',5', ',6') || 'x' as blob)")
        db.commit()
        db.close()
        node.start()
        s = get(node, f'/data/{SET}.csv')[0]
        t.expect('changed bytes are no answer', s == 500, s)
    finally:
        node.end()
    return t.end()


sys.exit(main())
