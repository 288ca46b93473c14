#!/usr/bin/env python3
"""letters.py MOTCUA: letters over pages, API and command line. Who gets which, the same bytes in two
processes and from the server, signature and public check, one changed byte refused in words, rights,
the QR code read back where Debian's zbar-tools and poppler-utils are installed."""
import hashlib, json, os, re, shutil, subprocess, sys

sys.path.insert(0, os.path.dirname(__file__))
from node import PASSWORD, Node, Report
from strict import wrong_of
from values import PETITION
from visitor import Visitor, keys_of

TOP = os.path.join(os.path.dirname(__file__), '..', '..')
UNIT = 'H07.21.01'


class Person:
    """Somebody with an API token, or nobody."""

    def __init__(self, node, login=None):
        self.node, self.head = node, {'Authorization': 'Bearer ' + node.token(login)} if login else {}

    def get(self, path, **head):
        import http.client
        c = http.client.HTTPConnection('127.0.0.1', self.node.port, timeout=30)
        c.request('GET', path, None, {**self.head, **head})
        r = c.getresponse()
        return r.status, {k.lower(): v for k, v in r.getheaders()}, r.read()

    def json(self, path):
        status, _, data = self.get(path)
        return status, json.loads(data)

    def post(self, path, body):
        status, _, text = self.node.call('POST', path, body, self.head)
        return status, json.loads(text)


def filed(t, citizen, officer):
    """A dossier that was received and sent back once: (code, its letters)."""
    s, o = citizen.post('/api/v1/dossiers', {'service': 'petition', 'unit': UNIT, 'answers': PETITION})
    t.expect('a dossier is filed', s == 201, o)
    path = f"/api/v1/dossiers/{o['code']}"
    t.expect('nothing was given yet', citizen.json(path + '/letters')[1] == {'letters': []})
    s, o = officer.post(path + '/acts', {'act': 'accept'})
    t.expect('it is received', s == 201, o)
    s, list_ = citizen.json(f"/api/v1/dossiers/{o['code']}/letters")
    t.expect('the receipt is there at once', [x['form'] for x in list_['letters']] == ['01'], list_)
    return o['code']


def told_later(t, node, login, citizen, officer):
    """While the officer may take a move back, the applicant sees it neither on pages nor in the API."""
    code = filed(t, citizen, officer)
    v = Visitor(node, login)
    p = v.go('/login')
    v.send(p.form('/login'), {'login': login, 'password': PASSWORD})
    other = Person(node, 'specialist.h07.21.01')
    path, items = f'/api/v1/dossiers/{code}', ['Ảnh rõ hơn']

    def seen():
        s, d = citizen.json(path)
        return (d['state'], citizen.json(path + '/letters')[1]['letters'][0]['form'], Person(node).json(path + '/status')[1]['status'],
                [x['state'] for x in citizen.json('/api/v1/dossiers')[1]['dossiers'] if x['code'] == code],
                items[0] in v.go('/dossier/' + code).text(), citizen.json(path + '/due')[1]['clocks'][0]['paused'])
    was = seen()
    t.expect('being handled', was == ('handling', '01', 4, ['handling'], False, False), was)
    s, o = other.post(path + '/acts', {'act': 'supplement', 'reason': 'Chưa rõ', 'items': items})
    t.expect('more is asked for', s == 201 and o['state'] == 'waiting', o)
    t.expect('the officer sees it', other.json(path)[1]['state'] == 'waiting' and other.json(path)[1]['can_undo'], s)
    t.expect('the applicant does not yet', seen() == was, seen())
    p = v.go(f'/dossier/{code}/act/resubmit')
    t.expect('nor its page', p.status == 409, p.status)
    s, o = other.post(path + '/undo', {})
    t.expect('it is taken back', s in (200, 201), o)
    t.expect('and was never seen', seen() == was, seen())
    v.end()


def rights(t, node, code, citizen, officer, path):
    other, stranger = Person(node, 'reception.h07.22.01'), Person(node, [a for a, r in node.accounts().items() if r == 'citizen'][1])
    for what, who, want in [('nobody', Person(node), 401), ('another citizen', stranger, 404), ('another unit', other, 403),
                            ('the applicant', citizen, 200), ('an officer of the unit', officer, 200)]:
        for p in (path, path + '/sig', f'/api/v1/dossiers/{code}/letters'):
            s = who.get(p)[0]
            t.expect(f'{what}: {p} gives {want}', s == want, s)
    slip = path.replace('/01/', '/05/')
    t.expect('the slip is no citizen\'s', citizen.get(slip)[0] in (403, 404), citizen.get(slip)[0])
    for bad in ('/letters/01/999999', '/letters/07/1', '/letters/02/1', '/letters/..%2f/1'):
        s = citizen.get(f'/api/v1/dossiers/{code}{bad}')[0]
        t.expect(f'{bad} is refused', s in (400, 404, 422), s)


def register(t, node, citizen, officer):
    base, span = f'/api/v1/units/{UNIT}/register', '?from=2026-01-01&to=2026-12-31'
    t.expect('the register is made', officer.get(base + span)[2].startswith(b'%PDF'))
    for what, who, query, want in [
            ('a citizen', citizen, span, 403), ('nobody', Person(node), span, 401),
            ('another unit', Person(node, 'reception.h07.22.01'), span, 403),
            ('no days', officer, '', 422), ('days turned round', officer, '?from=2026-02-01&to=2026-01-01', 422),
            ('a year and a day', officer, '?from=2025-01-01&to=2026-01-02', 422), ('no such day', officer, '?from=2026-02-30&to=2026-03-01', 422)]:
        s = who.get(base + query)[0]
        t.expect(f'register, {what}: {want}', s == want, s)


def checked(t, node, pdf, code, own):
    """The public page: by file, by code, in words; strict HTML on the way."""
    keys, wrong = keys_of(os.path.join(TOP, 'po', 'vi.po')), []
    v = Visitor(node, 'visitor', on_page=lambda v, p: wrong.extend(wrong_of(p, v.lang, keys)))

    def upload(data):
        p = v.go('/letter')
        return v.send(p.form('/letter'), files=[('file', 'giấy.pdf', 'application/pdf', data)])
    p = upload(pdf)
    t.expect('the file is confirmed', p.status == 200 and 'có thật' in p.text() and code in p.text(), (p.status, p.text()[:200]))
    t.expect('nothing personal is shown', own not in p.html)
    for at in (0, len(pdf) // 3, len(pdf) - 1):
        bad = bytearray(pdf)
        bad[at] ^= 1
        p = upload(bytes(bad))
        t.expect(f'byte {at} changed: refused in words', p.status == 404 and 'đã bị sửa' in p.text(), (p.status, p.text()[:200]))
    p = v.go('/letter')
    p = v.send(p.form('/letter'), files=[])
    t.expect('no file: said so', p.status == 422 and any(x.get('id') == 'file-error' for x in p.all('p')), p.status)
    for path in ('/letter/xyz/0123456789abcdef', f'/letter/{code}/0123456789abcdef', f'/letter/{code}/zz'):
        p = v.go(path)
        t.expect(f'{path}: not confirmed', p.status == 404 and 'Không có giấy tờ nào' in p.text(), (p.status, p.text()[:100]))
    t.expect('pages are strict', not wrong, wrong[:5])
    v.end()


def qr(t, node, pdf, code):
    """What a telephone reads from the print leads to the page that confirms it."""
    if not (shutil.which('pdftoppm') and shutil.which('zbarimg')):
        return
    path = os.path.join(node.dir, 'qr')
    open(path + '.pdf', 'wb').write(pdf)
    subprocess.run(['pdftoppm', '-r', '150', '-png', '-singlefile', path + '.pdf', path], check=True)
    read = subprocess.run(['zbarimg', '-q', '--raw', path + '.png'], capture_output=True, text=True).stdout.strip()
    t.expect('the QR code is read', re.fullmatch(rf'http://[\w.:]+/letter/{code}/[0-9a-f]{{16}}', read), read)
    page = Visitor(node).go(re.sub(r'^http://[^/]+', '', read))
    t.expect('it leads to the letter', page.status == 200 and 'đã được cấp' in page.text() and 'có thật' not in page.text(), page.status)
    text = subprocess.run(['pdftotext', '-layout', path + '.pdf', '-'], capture_output=True, text=True).stdout
    for word in ('GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ', 'Độc lập – Tự do – Hạnh phúc', code, 'Phản ánh, kiến nghị'):
        t.expect(f'the letter says {word}', word in text, text[:300])


def page_of_dossier(t, node, login, code, of):
    v = Visitor(node, login)
    p = v.go('/login')
    p = v.send(p.form('/login'), {'login': login, 'password': PASSWORD})
    p = v.go(f'/dossier/{code}')
    href = f'/dossier/{code}/letter/01/{of}'
    t.expect('the page lists the receipt', href in p.links() and 'Giấy tờ đã cấp' in p.text(), p.links())
    p = v.go(href)
    t.expect('it is a PDF with a name', p.headers['content-type'] == 'application/pdf' and
             p.headers['content-disposition'] == f'inline; filename="{code}_TNHS.pdf"' and
             'no-store' in p.headers.get('cache-control', ''), p.headers)
    pdf = p.raw
    sig = v.go(href + '/sig').raw
    t.expect('its size stands on the page now', f'{(len(pdf) + 1023) // 1024} KB' in v.go(f'/dossier/{code}').text())
    v.end()
    return pdf, sig


def offline(t, node, code, pdf, sig, vkey):
    """Two processes and the server make the same bytes; the signature holds without a network."""
    made = [os.path.join(node.dir, n) for n in ('a.pdf', 'b.pdf')]
    for path in made:
        node.run('letter', code, '01', '-o', path)
    both = [open(p, 'rb').read() for p in made]
    t.expect('two processes make the same bytes', both[0] == both[1])
    t.expect('the server made the same bytes', both[0] == pdf, (len(both[0]), len(pdf)))
    open(made[0] + '.sig', 'wb').write(sig)

    def verdict(*args):
        return node.run('letter', 'verify', *args, data=False, check=False).returncode
    t.expect('it verifies', verdict(made[0], '--vkey', vkey) == 0)
    t.expect('the other signature, too', verdict(made[0], '--sig', made[1] + '.sig', '--vkey', vkey) == 0)
    other = os.path.join(node.dir, 'en.pdf')
    node.run('letter', code, '01', '-o', other, '--lang', 'en')
    t.expect('the English one is another letter', verdict(other, '--sig', made[0] + '.sig', '--vkey', vkey) == 1)
    bad = bytearray(pdf)
    bad[len(bad) // 2] ^= 1
    open(made[1], 'wb').write(bad)
    t.expect('a changed byte is seen', verdict(made[1], '--vkey', vkey) == 1)
    t.expect('a wrong key is seen', verdict(made[0], '--vkey', vkey[:-6] + 'AAAAA=') == 1)
    for args, want in [(('letter', 'no-such', '01', '-o', other), 3), (('letter', code, '02', '-o', other), 3),
                       (('letter', UNIT, '06', '-o', other), 2), (('letter', code, '01'), 2),
                       (('letter', code, '01', '-o', '/no/such/folder/x'), 5)]:
        got = node.run(*args, check=False).returncode
        t.expect(f'{args[1:3]} ends with {want}', got == want, got)
    node.run('letter', UNIT, '06', '-o', other, '--from', '2026-01-01', '--to', '2026-12-31')
    done = node.run('rebuild', '--check', check=False)
    t.expect('rebuild --check', done.returncode == 0, done.stdout)


def apology(t, node, code):
    """What is wrong with an apology is said beside the field."""
    v = Visitor(node, 'specialist.h07.21.01')
    p = v.go('/login')
    v.send(p.form('/login'), {'login': 'specialist.h07.21.01', 'password': PASSWORD})
    path = f'/desk/dossier/{code}/apology'
    page = v.go(path)
    for values, field in [({'reason': ''}, 'reason'), ({'reason': ' '}, 'reason'), ({'reason': 'Bão', 'day': '2020-01-02'}, 'day'),
                          ({'reason': 'Bão', 'day': '31/12'}, 'day'), ({'reason': 'Bão', 'day': ''}, 'day')]:
        v.page = page
        p = v.send(page.form(path), values)
        wrong = [e.get('id') for e in p.all('p') if e.get('id', '').endswith('-error')]
        t.expect(f'apology {values}: told at {field}', p.status == 422 and wrong == [f'{field}-error'], (p.status, wrong))
    p = v.send(page.form(path), {'reason': 'Cơn bão số 9.'})
    t.expect('the apology is sent', p.status == 200, p.status)
    p = v.send(page.form(path), {'reason': 'Nữa'})
    t.expect('a second one is refused', p.status == 409, p.status)
    v.end()


def main():
    node, t = Node(sys.argv[1]).start(), Report()
    try:
        login = next(a for a, r in node.accounts().items() if r == 'citizen')
        citizen, officer = Person(node, login), Person(node, 'reception.h07.21.01')
        code = filed(t, citizen, officer)
        of = citizen.json(f'/api/v1/dossiers/{code}/letters')[1]['letters'][0]['of']
        path = f'/api/v1/dossiers/{code}/letters/01/{of}'
        pdf, sig = page_of_dossier(t, node, login, code, of)
        s, head, same = citizen.get(path)
        t.expect('the API gives the same bytes', s == 200 and same == pdf and head['content-type'] == 'application/pdf', (s, head))
        s, o = Person(node).json('/api/v1/letters/' + hashlib.sha256(pdf).hexdigest())
        t.expect('anybody may ask by digest', s == 200 and o['form'] == '01' and login not in json.dumps(o), o)
        t.expect('of what was never given: 404', Person(node).get('/api/v1/letters/' + '0' * 64)[0] == 404)
        t.expect('of no digest: 422', Person(node).get('/api/v1/letters/' + 'z' * 64)[0] == 422)
        rights(t, node, code, citizen, officer, path)
        told_later(t, node, login, citizen, officer)
        register(t, node, citizen, officer)
        checked(t, node, pdf, code, login)
        qr(t, node, pdf, code)
        apology(t, node, code)
        vkey = node.call('GET', '/ledger/vkey')[2].strip()
        node.stop()
        offline(t, node, code, pdf, sig, vkey)
    finally:
        node.end()
    return t.end()


sys.exit(main())
