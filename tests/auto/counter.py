#!/usr/bin/env python3
"""counter.py MOTCUA: what officers do at the counter and at the desk, and what one does with one's
own account and drafts, over the pages' forms; every refusal said in words, every page read strictly."""
import os, re, sys

sys.path.insert(0, os.path.dirname(__file__))
from node import PASSWORD, Node, Report
from story import AREA, BABY, LONG_AGO, STORIES, UNIT, errors_of, given, png, tasks
from strict import wrong_of
from visitor import Visitor, keys_of

TOP = os.path.join(os.path.dirname(__file__), '..', '..')
NUMBER, NAME = '083190123456', 'Nguyễn Thị Thử'
FIRST = dict(STORIES['birth-registration']['answers'], father_basis='none')


def reader(t):
    keys, seen = keys_of(os.path.join(TOP, 'po', 'vi.po')), set()

    def read(v, page):
        for w in wrong_of(page, v.lang, keys):
            if w not in seen:
                seen.add(w)
                t.expect(f'{v.name} {page.path}: {w}', False)
    return read


def answers_at(form, answers):
    return given(form, answers, False)[0]


def counter_form(p):
    return next(f for f in p.all('form') if re.match(r'/desk/intake/[^/]+$', f.get('action')))


# -- the counter --

INTAKE = [  # what is typed, the field that is refused
    ({}, 'number'),
    ({'number': '1234'}, 'number'),
    ({'number': '083190123456x'}, 'number'),
    ({'number': '999190123456'}, 'number'),  # no such province
    ({'service': 'nosuch', 'number': NUMBER, 'name': NAME}, 'service'),
    ({'service': 'one-stop', 'number': NUMBER, 'name': NAME}, 'service'),
    ({'service': 'birth-registration', 'number': '083190123457'}, 'name'),
    ({'service': 'birth-registration', 'number': NUMBER, 'name': NAME, 'birth': '1991-08-27'}, 'number'),
    ({'service': 'birth-registration', 'number': '0100109106', 'kind': '1', 'name': 'Công ty Mẫu'}, 'service'),
    ({'service': 'birth-registration', 'number': '01001091', 'kind': '1', 'name': 'Công ty Mẫu'}, 'number'),
]


def intake_refused(t, v):
    for typed, field in INTAKE:
        p = v.go('/desk/intake')
        p = v.send(p.form('/desk/intake'), {'service': '', **typed, **({'kind': typed['kind']} if 'kind' in typed else {})})
        t.expect(f'intake {typed}: refused at {field}', p.status == 422 and any(x.get('id') == field + '-error' for x in p.all('p')),
                 (p.status, errors_of(p)))
        t.expect(f'intake {typed}: what was typed stands', typed.get('number', '') in p.html)


def intake_new(t, v, service, number=NUMBER, name=NAME):
    p = v.go('/desk/intake')
    p = v.send(p.form('/desk/intake'), {'service': service, 'number': number[:3] + ' ' + number[3:7] + '.' + number[7:], 'kind': '0',
                                        'name': name, 'birth': '1990-08-27', 'phone': '0901234567'})
    t.expect(f'{service}: the form is open', p.status == 200 and p.form('') and number in p.html and name in p.html, (p.status, p.path, errors_of(p)))
    return p


def tampered(t, v, other, path):
    """For whom a draft is stands in the draft: the address cannot say otherwise, nobody else opens it."""
    p = v.go(path + '?person=1')
    t.expect('a person in the address: refused', p.status in (400, 404, 422) and NUMBER not in p.html, p.status)
    p = other.go(path)
    t.expect('another officer\'s draft is not there', p.status in (403, 404) and NUMBER not in p.html, p.status)
    t.expect('nor on the other\'s list', path not in other.go('/desk/intake').html)


def unfinished(t, v, path, second):
    """What was begun waits on the counter page until it is filed or deleted."""
    p = v.go('/desk/intake')
    t.expect('both are listed', f'href="{path}"' in p.html and f'href="{second}"' in p.html and NAME in p.html)
    p = v.send(p.form(second + '/delete'), {})
    t.expect('one is deleted', p.status == 200 and f'href="{second}"' not in p.html and f'href="{path}"' in p.html, p.status)


def counter_story(t, node, who):
    v, other = who['reception'], who['other']
    intake_refused(t, v)
    p = intake_new(t, v, 'birth-registration')
    path = p.path
    second = v.send(v.go('/desk/intake').form('/desk/intake'), {'service': 'birth-registration', 'number': NUMBER}).path
    t.expect('a known number needs no name', second.startswith('/desk/intake/'), second)
    tampered(t, v, other, path)
    unfinished(t, v, path, second)
    p = v.go(path)
    p = v.send(counter_form(p), {}, press=('submit', '1'))
    t.expect('an empty form is refused', p.status == 422 and len(errors_of(p)) > 5, (p.status, len(errors_of(p))))
    for _ in range(3):  # answers open further questions
        form = counter_form(p)
        p = v.send(form, answers_at(form, FIRST))
        t.expect('saved', p.status == 200, (p.status, errors_of(p)))
    p = v.send(counter_form(p), {}, press=('submit', '1'))
    t.expect('a missing paper is refused beside it', p.status == 422 and any(re.match(r'p\d+-error', x.get('id')) for x in p.all('p')), errors_of(p))
    box = next(x.get('name') for x in counter_form(p).all('input') if x.get('type') == 'file')
    bad = v.send(counter_form(p), {}, [(box, 'a.txt', 'text/plain', b'hello')])
    t.expect('a text is no paper', bad.status in (415, 422), bad.status)
    p = v.go(path)
    p = v.send(counter_form(p), {}, [(box, 'một.png', 'image/png', png(1)), (box, 'hai.png', 'image/png', png(2))])
    t.expect('two papers', 'một.png' in p.html and 'hai.png' in p.html, p.status)
    drop = next(b for b in counter_form(p).all('button') if b.get('name') == 'drop')
    p = v.send(counter_form(p), {}, press=('drop', drop.get('value')))
    t.expect('one was taken out', ('một.png' in p.html) != ('hai.png' in p.html), p.status)
    stale = counter_form(p)
    p = v.send(stale, {}, press=('submit', '1'))
    t.expect('filed at the counter', p.status == 200 and p.path.startswith('/desk/intake/filed/'), (p.status, errors_of(p)))
    code = p.path.split('/')[-1]
    again = v.send(stale, {}, press=('submit', '1'))
    t.expect('filing again files nothing', again.status in (404, 409) or again.path.endswith(code), (again.status, again.path))
    return code


def counter_items(t, v):
    """A group's items at the counter; bounds refused."""
    p = intake_new(t, v, 'household-business', '083190654322', 'Trần Thị Mẫu')
    form = counter_form(p)
    adds = [b.get('value') for b in form.all('button') if b.get('name') == 'add']
    t.expect('groups can grow', 'lines' in adds, adds)
    p = v.send(form, {'a.lines.0.name': 'Sửa xe đạp'}, press=('add', 'lines'))
    t.expect('a second line, the first one kept', 'a.lines.1.name' in p.html and 'Sửa xe đạp' in p.html, p.status)
    path = p.path
    p = v.send(counter_form(p), {'a.lines.1.name': 'Quán cà phê'}, press=('remove', 'lines.0'))
    t.expect('the first line goes', 'Quán cà phê' in p.html and 'Sửa xe đạp' not in p.html, p.status)
    for name, value in [('add', 'nosuch'), ('add', 'owner_sex'), ('remove', 'lines'), ('remove', 'lines.9'), ('remove', 'lines.x'), ('remove', '.0'),
                        ('remove', 'lines.99999999999999999999'), ('drop', '999')]:
        p = v.send(counter_form(v.go(path)), {}, press=(name, value))
        t.expect(f'{name}={value} is refused', p.status in (400, 404, 422), p.status)
    for i in range(12):
        p = v.go(path)
        if not any(b.get('value') == 'lines' and b.get('name') == 'add' for b in counter_form(p).all('button')):
            break
        v.send(counter_form(p), {f'a.lines.{i + 1}.name': f'Ngành {i}'}, press=('add', 'lines'))
    t.expect('a group ends at its most', 'a.lines.9.name' in p.html and
             v.send(counter_form(p), {'a.lines.9.name': 'Ngành cuối'}, press=('add', 'lines')).status in (400, 422), i)


# -- the desk --

def desk_story(t, node, who, code):
    r, s, leader, other = who['reception'], who['specialist'], who['leader'], who['other']
    p = other.go('/desk/dossier/' + code)
    t.expect('another unit: refused, told whose it is', p.status == 403 and NAME not in p.html and NUMBER not in p.html and code in p.html, p.status)
    t.expect('another unit: no file, no act', other.go(f'/desk/dossier/{code}/file/1').status in (403, 404))
    p = s.go('/desk/list?box=unit&text=nguyen+thi+thu')
    t.expect('found by a name without marks', code in p.html, p.text()[:200])
    t.expect('not found by another name', code not in s.go('/desk/list?box=unit&text=zzzz').html)
    for path, want in [('/desk?unit=H07.21.02', 403), ('/desk?unit=H07.99', 404), ('/desk/list?unit=H07.21.02', 403), ('/desk/list?unit=H07.99', 404),
                       ('/desk/list?after=-1', 422), ('/desk/list?procedure=nosuch', 200), ('/desk/list?from=2026-02-30', 422), ('/desk/list?holder=0', 422),
                       ('/desk/bulk', 200), ('/desk/bulk?pick=' + code, 200), ('/desk/bulk?pick=zzz', 200), ('/desk/hand?unit=H07.21.02', 403),
                       ('/desk/hand?owner=1', 403), (f'/desk/dossier/{code}/slip', 200), ('/desk/dossier/H07.21.01-200101-9999/slip', 404),
                       ('/desk/dossier/H07.21.01-200101-9999', 404), (f'/desk/dossier/{code}/file/999999', 404), (f'/desk/dossier/{code}/file/x', 404)]:
        t.expect(f'{path} is {want}', s.go(path).status == want, s.page.status)
    p = r.go('/desk/dossier/' + code)
    files = [a for a in p.links() if '/file/' in a]
    t.expect('the paper opens', files and r.go(files[0]).raw.startswith(b'\x89PNG'), files)
    p = r.go('/desk/dossier/' + code)
    accept, note = p.form('/act', act='accept'), p.form('/note')
    p = r.send(note, {'text': '   '})
    t.expect('an empty note is refused', 'banner--success' not in p.html, p.status)
    p = r.send(note, {'text': 'Ghi chú <b>riêng</b> của cán bộ'})
    t.expect('a note, as it was typed', '&lt;b&gt;riêng' in p.html and '<b>riêng' not in p.html, p.status)
    t.expect('a stale form conflicts', r.send(accept).status == 409, r.page.status)
    p = r.send(r.go('/desk/dossier/' + code).form('/act', act='accept'))
    official = p.path.split('/')[-1]
    t.expect('accepted', re.match(r'H07\.21\.01-\d{6}-\d{4}$', official), p.path)
    t.expect('the provisional code still leads there', r.go('/desk/dossier/' + code).status == 200)
    assign(t, s, leader, official)
    return official


def assign(t, s, leader, code):
    p = s.go('/desk/dossier/' + code)
    take = p.form('/assign')
    if take:
        p = s.send(take)
        t.expect('taken', 'banner--success' in p.html, p.status)
        t.expect('taken once', s.send(take).status in (403, 409), s.page.status)
    t.expect('a specialist gives it to nobody else', s.go('/desk/dossier/' + code).form('/assign') is None)
    p = leader.go('/desk/dossier/' + code)
    form = p.form('/assign')
    if t.expect('a leader may give it', form is not None):
        for account in ('1', '999999999'):
            t.expect(f'not to account {account}', leader.send(form, {'account': account}).status >= 400, leader.page.status)
        p = leader.send(leader.go('/desk/dossier/' + code).form('/assign'))
        t.expect('given', 'banner--success' in p.html, p.status)


def refuse_story(t, who, code):
    s = who['specialist']
    p = s.go('/desk/dossier/' + code)
    for typed in [{}, {'reason': 'Không đúng thẩm quyền'}, {'law': 'Luật Hộ tịch'}, {'reason': ' ', 'law': ' '}]:
        p = s.send(s.go('/desk/dossier/' + code).form('/act', act='refuse'), typed)
        t.expect(f'refusing with {list(typed)} is refused', p.status == 422 and errors_of(p), p.status)
        t.expect('what was typed stands', all(x.strip() in p.html for x in typed.values()))
    p = s.send(s.go('/desk/dossier/' + code).form('/act', act='refuse'), {'reason': 'Không đúng thẩm quyền', 'law': 'Luật Hộ tịch 13'})
    t.expect('refused, with reason and law', 'banner--success' in p.html and 'Luật Hộ tịch 13' in p.html, p.status)
    t.expect('nothing more can be done', p.form('/act') is None and p.form('/assign') is None)


# -- one's own account and drafts --

REGISTER = [  # what is wrong, the field that says so
    ({'number': ''}, 'number'), ({'number': '08319012345'}, 'number'), ({'number': '0831901234567'}, 'number'),
    ({'number': '083290123456'}, 'number'),  # born in another century
    ({'name': 'A'}, 'name'), ({'name': ''}, 'name'), ({'day': '31', 'month': '2'}, 'day'), ({'day': ''}, 'day'), ({'year': '90'}, 'day'),
    ({'year': '2990'}, 'day'), ({'month': 'tám'}, 'day'), ({'phone': '12345'}, 'phone'), ({'phone': '0901-234-567'}, 'phone'), ({'phone': '+'}, 'phone'),
    ({'password': 'ngắn', 'again': 'ngắn'}, 'password'), ({'password': ''}, 'password'), ({'again': 'khác hẳn mật khẩu'}, 'again'),
    ({'password': 'x' * 129, 'again': 'x' * 129}, 'password'),
]
ME = {'number': '083189654321', 'name': 'Lê Văn Mới', 'day': '1', 'month': '2', 'year': '1989', 'phone': '+84901234567',
      'password': 'mật khẩu đủ dài', 'again': 'mật khẩu đủ dài'}


def register(t, v):
    for wrong, field in REGISTER:
        p = v.go('/register')
        p = v.send(p.form('/register'), {**ME, **wrong})
        ok = p.status in (400, 413, 422) and (not errors_of(p) or any(a.get('href') == '#' + field for a in p.all('a')))
        t.expect(f'register {wrong}: refused at {field}', ok, (p.status, errors_of(p)))
        t.expect(f'register {wrong}: no password in the page', ME['password'] not in p.html and 'ngắn' not in str([x.get('value') for x in p.all('input')]))
    p = v.go('/register?to=/service/petition/start')
    p = v.send(p.form('/register'), ME)
    t.expect('registered; leads on', p.path.startswith('/login') and 'banner--success' in p.html, (p.path, errors_of(p)))
    p = v.send(p.form('/login'), {'login': ME['number'], 'password': ME['password']})
    t.expect('signed in where one was', p.path == '/service/petition/start', p.path)
    t.expect('no second registration', v.go('/register').path == '/me', v.page.path)
    other = Visitor(v.node, 'twice', on_page=v.on_page)
    p = other.send(other.go('/register').form('/register'), ME)
    t.expect('the same number again is refused', p.status == 422, p.status)
    for to in ('https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/a\r\nSet-Cookie: x=1'):
        p = other.go('/login')
        p = other.send(p.form('/login'), {'login': ME['number'], 'password': ME['password'], 'to': to})
        t.expect(f'never leads to {to!r}', p.path.startswith('/me') or p.status == 400, p.path)
        if p.form('/logout'):
            other.send(p.form('/logout'))
    other.end()


def drafts(t, v):
    v.go('/service/household-business/start?area=' + AREA)
    form = next(f for f in v.page.all('form') if f.get('method') == 'post' and f.get('action').endswith('/start'))
    draft = v.send(form, {'unit': UNIT}).path
    t.expect('a draft', draft.startswith('/draft/'), draft)
    p = v.go(draft + '/page/lines')
    form = next(f for f in p.all('form') if any(b.get('name') == 'add' for b in f.all('button')))
    if not any(x.get('name') == 'a.lines.0.name' for x in form.all('input')):
        p = v.send(form, {}, press=('add', 'lines'))
        form = next(f for f in p.all('form') if any(b.get('name') == 'add' for b in f.all('button')))
    p = v.send(form, {'a.lines.0.name': 'Sửa xe đạp'}, press=('add', 'lines'))
    t.expect('two items, the typed one kept', 'a.lines.1.name' in p.html and 'Sửa xe đạp' in p.html, p.status)
    form = next(f for f in p.all('form') if any(b.get('name') == 'add' for b in f.all('button')))
    p = v.send(form, {'a.lines.1.name': 'Cà phê'}, press=('remove', 'lines.0'))
    t.expect('the first is gone', 'Cà phê' in p.html and 'Sửa xe đạp' not in p.html, p.status)
    for name, value in [('remove', 'lines.7'), ('remove', 'lines'), ('remove', 'x.0'), ('add', 'x')]:
        form = next(f for f in v.go(draft + '/page/lines').all('form') if any(b.get('name') == 'add' for b in f.all('button')))
        p = v.send(form, {}, press=(name, value))
        t.expect(f'{name}={value} here is refused', p.status in (400, 404, 422), (p.status, p.path))
    p = v.go(draft + '/change/name')
    form = next(f for f in p.all('form') if any(b.get('name') == 'later' for b in f.all('button')))
    p = v.send(form, {'a.business_name': 'Tạp hóa Mới'})
    t.expect('a change leads back to the check', p.path == draft + '/check' and 'Tạp hóa Mới' in p.html, p.path)
    p = v.go(draft + '/page/name')
    form = next(f for f in p.all('form') if any(b.get('name') == 'later' for b in f.all('button')))
    p = v.send(form, {'a.business_name': 'Công ty Sai'}, press=('later', '1'))
    t.expect('later keeps even what is wrong', p.path == draft and 'Công ty Sai' in v.go(draft + '/page/name').html, p.path)
    for path in ('/page/nosuch', '/page/', '/change/..', '/nosuch'):
        t.expect(f'{path} is not there', v.go(draft + path).status in (400, 404), v.page.status)
    p = v.send(v.go(draft).form('/delete'))
    t.expect('deleted', p.path == '/me' and 'banner--success' in p.html and draft not in p.links(), p.path)
    t.expect('gone for good', v.go(draft).status == 404 and v.go(draft + '/check').status == 404, v.page.status)


def anonymous(t, node, read):
    """A draft without an account is its bearer's; withdrawing needs the provisional code alone."""
    v = Visitor(node, 'nobody', on_page=read)
    p = v.go('/service/petition/start?q=phu+khuong')
    form = next(f for f in p.all('form') if f.get('method') == 'post' and f.get('action').endswith('/start'))
    p = v.send(form, {})
    t.expect('no agency chosen: refused, the found ones stay', p.status == 422 and UNIT in p.html, p.status)
    form = next(f for f in p.all('form') if f.get('method') == 'post' and f.get('action').endswith('/start'))
    draft = v.send(form, {'unit': UNIT}).path
    answers = dict(STORIES['petition']['answers'], identity='anonymous')
    for _ in range(8):
        todo = [a for a in tasks(v.go(draft)) if v.page]
        for a in todo:
            v.go(a)
            for _ in range(10):
                if '/page/' not in v.page.path:
                    break
                form = next(f for f in v.page.all('form') if any(b.get('name') == 'later' for b in f.all('button')))
                at = v.page.path
                v.send(form, answers_at(form, answers))
                if v.page.path == at:
                    break
        break
    p = v.send(v.go(draft + '/check').form('/submit'))
    t.expect('filed by nobody', p.path.startswith('/done/'), (p.path, errors_of(p)))
    track = p.path.split('/')[-1]
    p = v.go('/lookup?code=+' + track.lower() + '+')
    t.expect('looked up, however it is typed', p.status == 200 and 'govuk-error-summary' not in p.html, p.path)
    p = v.go(f'/dossier/{track}/act/withdraw')
    p = v.send(p.form('/act', act='withdraw'))
    t.expect('withdrawn', 'banner--success' in p.html, (p.status, errors_of(p)))
    t.expect('and ended', v.go(f'/dossier/{track}/act/withdraw').status in (404, 409), v.page.status)
    v.end()


def main():
    node, t = Node(sys.argv[1]).start(), Report()
    try:
        read = reader(t)
        who = {r: Visitor(node, r, on_page=read) for r in ('reception', 'specialist', 'leader')}
        who['other'] = Visitor(node, 'other', 'en', on_page=read)
        for r, v in who.items():
            v.sign_in(f'{r}.{UNIT.lower()}' if r != 'other' else 'reception.h07.21.02', PASSWORD)
        t.expect('a specialist has no counter', who['specialist'].go('/desk/intake').status == 403, who['specialist'].page.status)
        code = counter_story(t, node, who)
        counter_items(t, who['reception'])
        refuse_story(t, who, desk_story(t, node, who, code))
        v = Visitor(node, 'new', on_page=read)
        register(t, v)
        drafts(t, v)
        anonymous(t, node, read)
        for x in [v, *who.values()]:
            x.end()
    finally:
        node.end()
    return t.end()


if __name__ == '__main__':
    sys.exit(main())
