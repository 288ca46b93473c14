#!/usr/bin/env python3
"""quality.py MOTCUA: a node looks at itself. Every service is near, broken links are listed, looks
and gaps are counted, forms tell where people stop, maintenance is announced in time."""
import csv, datetime, http.server, io, json, os, re, shutil, sqlite3, sys, threading, time, urllib.request

sys.path.insert(0, os.path.dirname(__file__))
from node import HERE, Node, Report, PASSWORD
from visitor import Visitor

PACKS = os.path.join(os.path.dirname(__file__), '..', '..', 'packs')


def wait_for(what, seconds=25):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.4)
    return False


def api(node, path):
    s, _, text = node.call('GET', '/api/v1' + path)
    return json.loads(text) if s == 200 else {'status': s}


class Silent(http.server.BaseHTTPRequestHandler):
    status = 200

    def do_GET(self):
        self.send_response(Silent.status)
        self.end_headers()

    def log_message(self, *a):
        pass


def portal_of_others():
    server = http.server.HTTPServer(('127.0.0.1', 0), Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def crawled(t, node):
    done = node.run('quality', 'crawl', '--json', check=False)
    v = json.loads(done.stdout)
    t.expect('our own pages have no broken link', done.returncode == 0 and v['nbroken'] == 0, v.get('broken'))
    t.expect('all six services are reached', len(v['clicks']) == 6, v['clicks'])
    t.expect('within three clicks', all(1 <= n <= 3 for n in v['clicks'].values()), v['clicks'])
    t.expect('hundreds of pages, thousands of links', v['pages'] > 300 and v['links'] > 3000, v['pages'])
    listed = json.loads(node.run('quality', 'list', '--json').stdout)
    t.expect('each service says so', all(s['clicks']['text'] == '2' for s in listed['services']), listed['services'][0]['clicks'])


def broken(t, node):
    """A pack whose texts name addresses that cannot be ones, and one that can."""
    folder = os.path.join(node.dir, 'petition')
    shutil.copytree(os.path.join(PACKS, 'petition'), folder)
    path = os.path.join(folder, 'pack.yaml')
    text = re.sub(r'(?m)^version: .*', 'version: 99.0.0', open(path, encoding='utf-8').read())
    text = text.replace('Tell an authority', 'See https://vbpl and https://vbpl.vn/a. Tell an authority')
    open(path, 'w', encoding='utf-8').write(text)
    node.run('pack', 'publish', folder)
    done = node.run('quality', 'crawl', check=False)
    t.expect('a broken address in a pack is found', done.returncode == 1 and 'https://vbpl  outside' in done.stdout, done.stdout[-400:])
    t.expect('a good one is not', 'vbpl.vn' not in done.stdout, done.stdout[-400:])
    links = json.loads(node.run('quality', 'links', '--json').stdout)
    t.expect('with the pack in which it stands', links['nbroken'] == 1 and links['broken'][0]['where'] == ['petition@99.0.0'], links['broken'])


def looked(t, node, others):
    def site(name, page):
        return next((p for p in api(node, '/quality/pages').get('pages', []) if p['site'] == name and p['page'] == page), None)

    t.expect('looks are written down', wait_for(lambda: site('', '/') and site('', '/')['uptime']['den'] >= 2), site('', '/'))
    for page in ('/', '/services', '/figures', '/quality', '/lookup', '/service/petition/start', '/service/building-permit/start'):
        p = site('', page)
        t.expect(f'{page} answers', p and p['uptime']['text'] == '100 %' and float(p['p95']['value']) > 0, p)
    t.expect('signing in is asked for, which is an answer', site('', '/service/building-permit/start')['status'] == 303, '')
    k = site('kia', '/')
    t.expect('another portal is looked at', k and k['status'] == 200 and k['uptime']['num'] == k['uptime']['den'], k)
    Silent.status = 500
    t.expect('its errors are seen', wait_for(lambda: site('kia', '/')['status'] == 500), site('kia', '/'))
    others.shutdown()
    others.server_close()
    t.expect('its silence, too', wait_for(lambda: site('kia', '/')['status'] == 0), site('kia', '/'))
    k = site('kia', '/')
    t.expect('and counts as down', k['uptime']['num'] < k['uptime']['den'] and float(k['uptime']['value']) < 100, k)
    one = api(node, '/quality/PAKN')
    t.expect('a day of looks', len(one['days']) >= 1 and one['days'][-1]['uptime']['num'] >= 2, one['days'])
    rows = list(csv.DictReader(io.StringIO(node.call('GET', '/quality/PAKN/days.csv')[2])))
    t.expect('its CSV says the same', int(rows[-1]['up']) >= one['days'][-1]['uptime']['num'], rows)


def gap(t, node):
    """Twelve seconds at rest with a look each second: those missed are counted as down."""
    before = next(p for p in api(node, '/quality/pages')['pages'] if p['page'] == '/' and not p['site'])['uptime']
    node.stop()
    time.sleep(8)
    node.start()
    page = lambda: next(p for p in api(node, '/quality/pages')['pages'] if p['page'] == '/' and not p['site'])['uptime']
    t.expect('a node at rest was down', wait_for(lambda: page()['num'] > before['num'] and page()['den'] - page()['num'] >= 8), (before, page()))


def begin(node, name):
    v = Visitor(node, name)
    v.go('/service/petition/start')
    unit = None
    for _ in range(3):
        form = v.page.form('/service/petition/start')
        codes = [i.get('value') for i in form.all('input') if i.get('name') == 'unit']
        if codes:
            unit = codes[0]
            break
        area = next(i.get('value') for i in form.all('input', 'option') if i.get('name') == 'area' or i.name == 'option')
        v.go(f'/service/petition/start?area={area}')
    v.send(v.page.form('/service/petition/start'), {'unit': unit})
    return v, re.match(r'/draft/([^/]+)', v.page.path)[1]


def answer(v, draft, page, **values):
    v.go(f'/draft/{draft}/page/{page}')
    return v.send(v.page.form(f'/draft/{draft}/page/{page}'), {f'a.{k}': x for k, x in values.items()})


def walked(t, node):
    """Three that were given up: at once; after one page; after a page that was refused six times."""
    begin(node, 'a')
    v, d = begin(node, 'b')
    answer(v, d, 'kind', kind='local')
    v, d = begin(node, 'c')
    answer(v, d, 'kind', kind='rule')
    for _ in range(6):
        page = answer(v, d, 'rule-name', rule_name='x')
        t.expect('it is refused', page.status == 422, page.status)
    v, d2 = begin(node, 'd')
    answer(v, d2, 'kind', kind='conduct')
    answer(v, d2, 'kind', kind='conduct')
    answer(v, d2, 'office-name', office_name='y')
    answer(v, d2, 'office-name', office_name='Bộ phận Một cửa')
    node.stop()
    db = sqlite3.connect(os.path.join(node.data, 'motcua.db'))
    n = db.execute("update draft set changed_us = changed_us - 40 * 86400000000 where page <> 'field'").rowcount
    t.expect('where they stand is known', n == 2, db.execute('select page, seen from draft').fetchall())
    db.commit()
    db.close()
    node.start()


def funnel(t, node):
    f = lambda: next(iter(api(node, '/quality/PAKN')['funnels']), {})
    t.expect('drafts that nobody touched are given up', wait_for(lambda: f().get('abandoned') == 2), f())
    v = f()
    pages = {p['page']: p for p in v['pages']}
    t.expect('four began', v['begun'] == 4 and v['version'] == 'petition@99.0.0', v)
    t.expect('each page counts a draft once', pages['kind']['reached'] == 4 and pages['rule-name']['reached'] == 1 and
             pages['office-name']['reached'] == 1 and pages['field']['reached'] == 2, pages)
    t.expect('one left at the first page, one at the second', pages['kind']['abandoned'] == 1 and pages['rule-name']['abandoned'] == 1, pages)
    t.expect('few errors of a page are hidden like those of its question', all(pages[x]['is_hidden'] and 'refused' not in pages[x] for x in ('rule-name', 'office-name')), pages)
    fields = {x['field']: x for x in v['fields']}
    t.expect('the small number hides, and the one beside it', fields['office_name'].get('refused') is None and
             fields['rule_name'].get('refused') is None, fields)
    text = node.call('GET', '/quality/PAKN/funnel.csv')[2]
    t.expect('nor does the CSV of pages tell', 'rule-name' not in text and not re.search(r',6,\d+,', text), text)
    with urllib.request.urlopen(f'http://127.0.0.1:{node.port}/quality/PAKN/funnel.csv') as r:
        t.expect('a spreadsheet knows the letters', r.read()[:3] == b'\xef\xbb\xbf')
    text = node.call('GET', '/quality/PAKN/fields.csv')[2]
    t.expect('in the CSV by day, too', 'office_name' in text and not re.search(r'office-name,\d', text), text)
    s, _, html = node.call('GET', '/quality/PAKN?lang=vi')
    t.expect('the page shows it', s == 200 and 'Giấy tờ' not in html.split('mc-picture')[0] and '&lt; 5' in html, html[-500:])
    leader = node.token('chutich.tinh') if 'chutich.tinh' in node.accounts() else None
    name = leader or next((node.token(l) for l, r in node.accounts().items() if r == 'auditor'), None)
    if name:
        seen = json.loads(node.call('GET', '/api/v1/quality/PAKN', headers={'Authorization': 'Bearer ' + name})[2])
        open_fields = {x['field']: x.get('refused') for x in seen['funnels'][0]['fields']}
        t.expect('who may see the dossiers sees the numbers', open_fields == {'rule_name': 6, 'office_name': 1}, open_fields)
        open_pages = {x['page']: x.get('refused') for x in seen['funnels'][0]['pages']}
        t.expect('and those of the pages', open_pages['rule-name'] == 6 and open_pages['office-name'] == 1, open_pages)
    texts = node.call('GET', '/api/v1/quality/PAKN')[2] + html
    t.expect('no answer is told', 'Bộ phận Một cửa</td>' not in texts and '"x"' not in texts, '')


def maintained(t, node):
    admin = next(l for l, r in node.accounts().items() if r == 'admin')
    auth = {'Authorization': 'Bearer ' + node.token(admin)}
    earliest = datetime.datetime.fromisoformat(api(node, '/maintenance')['earliest'])
    say = lambda at, hours, reason='Nâng cấp máy chủ', **kw: node.call('POST', '/api/v1/maintenance', {
        'from': at.isoformat(), 'to': (at + datetime.timedelta(hours=hours)).isoformat(), 'reason': reason}, kw.get('headers', auth))
    now = datetime.datetime.now(HERE)
    for what, at, hours, status in (('in an hour', now + datetime.timedelta(hours=1), 1, 409), ('yesterday', now - datetime.timedelta(days=1), 1, 409),
                                    ('just too early', earliest - datetime.timedelta(minutes=2), 1, 409),
                                    ('backwards', earliest + datetime.timedelta(days=1), -1, 422), ('for four days', earliest + datetime.timedelta(days=1), 96, 422)):
        s, _, text = say(at, hours)
        t.expect(f'{what}: refused', s == status, (s, text))
    v = Visitor(node, admin)
    v.sign_in(admin, PASSWORD)
    for what, gone in (('no beginning', 'from'), ('no end', 'to'), ('no reason', 'reason')):
        day = earliest + datetime.timedelta(days=1)
        typed = {'from': day.strftime('%Y-%m-%dT%H:%M'), 'to': (day + datetime.timedelta(hours=1)).strftime('%Y-%m-%dT%H:%M'),
                 'reason': 'Nâng cấp', 'reason_en': 'Renewal', gone: ''}
        v.go('/quality/maintenance')
        p = v.send(v.page.form('/quality/maintenance'), typed)
        kept = {x.get('name'): x.get('value') for x in p.all('input') if x.get('name') in typed}
        wrong = [x.get('id') for x in p.all('p') if x.get('id', '').endswith('-error')]
        t.expect(f'{what}: the form again, what was typed in it', p.status == 422 and kept == typed and wrong == [gone + '-error'], (p.status, kept, wrong))
    t.expect('not by anybody', say(earliest, 1, headers={})[0] == 401, '')
    s, _, text = say(earliest, 2)
    t.expect('a working day before: announced', s == 201, (s, text))
    seq = json.loads(text)['seq']
    t.expect('not twice at one time', say(earliest + datetime.timedelta(hours=1), 1)[0] == 409, '')
    shown = lambda: 'Nâng cấp máy chủ' in node.call('GET', '/?lang=vi')[2]
    t.expect('every page says so', wait_for(shown, 15), node.call('GET', '/?lang=vi')[2][:900])
    t.expect('also in English', 'down for maintenance' in node.call('GET', '/lookup', headers={'Cookie': 'lang=en'})[2], '')
    node.stop()
    early = node.run('maintenance', 'announce', '--from', now.strftime('%Y-%m-%dT%H:%M'), '--to', '2030-01-01T00:00', '--reason', 'x', check=False)
    t.expect('the command refuses, too', early.returncode not in (0, 1, 2) and early.stderr, early)
    wrong = node.run('maintenance', 'announce', '--from', 'tomorrow', '--to', 'later', '--reason', 'x', check=False)
    t.expect('and what is no time', wrong.returncode == 2, wrong)
    listed = json.loads(node.run('maintenance', 'list', '--json').stdout)
    t.expect('it lists', [m['state'] for m in listed] == ['planned'] and listed[0]['seq'] == seq, listed)
    node.run('maintenance', 'cancel', str(seq))
    t.expect('what was taken back is', json.loads(node.run('maintenance', 'list', '--json').stdout)[0]['state'] == 'cancelled', '')
    again = node.run('maintenance', 'cancel', str(seq), check=False)
    t.expect('only once', again.returncode == 5, again)
    done = node.run('rebuild', '--check', check=False)
    t.expect('all of it is a fold of the ledger', done.returncode == 0, done.stdout[-500:])


def main():
    t, others = Report(), portal_of_others()
    node = Node(sys.argv[1], quality_probe_s=1, access_log=0, quality_sites=f'kia=http://127.0.0.1:{others.server_port}/')
    try:
        crawled(t, node)
        broken(t, node)
        node.start()
        looked(t, node, others)
        gap(t, node)
        walked(t, node)
        funnel(t, node)
        maintained(t, node)
    finally:
        node.end()
    return t.end()


sys.exit(main())
