#!/usr/bin/env python3
"""undo.py MOTCUA: the seconds in which an officer may take a move back: the page tells how many, the
applicant is told nothing until they are over, who may not is refused and who is too late is told so. Nor does
the applicant act on it meanwhile, by pages or by API."""
import json, os, sys, time

sys.path.insert(0, os.path.dirname(__file__))
from node import PASSWORD, Node, Report
from values import PETITION
from visitor import Visitor

UNIT = 'H07.21.01'
REFUSED = {'vi': 'Việc này không thực hiện được ở trạng thái hiện tại của hồ sơ. Xin tải lại trang để xem các việc có thể làm.',
           'en': "The dossier's present status does not allow this. Reload the page to see what can be done."}
HINT = {'vi': ('Hoàn tác', 'Chỉ hoàn tác được trong {} giây, trước khi người nộp nhận thông báo'), 'en': ('Undo', 'Only within {} seconds, before the applicant is told')}


def visitor(node, role, lang='vi'):
    v = Visitor(node, role, lang)
    v.sign_in(f'{role}.{UNIT.lower()}', PASSWORD)
    return v


def api(node, who, method, path, body=None):
    return node.call(method, path, body, {'Authorization': 'Bearer ' + who})


def filed(t, node, me, reception):
    """A petition of mine that the specialist may answer."""
    s, _, text = api(node, me, 'POST', '/api/v1/dossiers', {'service': 'petition', 'unit': UNIT, 'answers': PETITION})
    t.expect('filed', s == 201, text)
    code = json.loads(text)['code']
    s, _, text = api(node, reception, 'POST', f'/api/v1/dossiers/{code}/acts', {'act': 'accept'})
    t.expect('received', s == 201, text)
    return json.loads(text)['code']


def answer(t, v, code):
    p = v.go(f'/desk/dossier/{code}')
    return v.send(p.form('/act', act='answer'), {'answer': 'Đã san lấp mặt đường.'})


def hint_is(t, what, page, lang, seconds):
    button, words = HINT[lang]
    text = page.text()
    t.expect(f'{what}: it says for how long, in {lang}', button in text and words.format(seconds) in text, text[-600:])


def told(node, me, code):
    return json.loads(api(node, me, 'GET', f'/api/v1/dossiers/{code}')[2])['state']


def within(t, node, me, reception, seconds):
    """Both languages; nobody else; once."""
    for lang in HINT:
        officer, leader = visitor(node, 'specialist', lang), visitor(node, 'leader', lang)
        code = filed(t, node, me, reception)
        before = told(node, me, code)
        answer(t, officer, code)
        page = officer.go(f'/desk/dossier/{code}')
        hint_is(t, 'the dossier', page, lang, seconds)
        t.expect('the applicant is told nothing yet', told(node, me, code) == before, told(node, me, code))
        form = page.form('/undo')
        other = leader.go(f'/desk/dossier/{code}')
        t.expect('nobody else is offered it', other.form('/undo') is None and HINT[lang][0] not in other.text(), other.text()[:300])
        refused = leader.go(f'/desk/dossier/{code}/undo', 'POST', f'csrf={csrf(other)}'.encode(), FORM)
        t.expect('nor may do it', refused.status == 403, refused.status)
        t.expect('the officer takes it back', officer.send(form).status == 200)
        after = officer.go(f'/desk/dossier/{code}')
        t.expect('once', after.form('/undo') is None and after.form('/act', act='answer') is not None, after.text()[:300])
        t.expect('the applicant never knew', told(node, me, code) == before, told(node, me, code))


FORM = {'Content-Type': 'application/x-www-form-urlencoded'}
LATE = 'Không hoàn tác được nữa'


def csrf(page):
    return next(f.get('value') for f in page.all('input') if f.get('name') == 'csrf')


def since(t, node, me, reception):
    """Something came since: said so, on the dossier's page; the act stands."""
    officer, leader = visitor(node, 'specialist'), visitor(node, 'leader')
    code = filed(t, node, me, reception)
    answer(t, officer, code)
    form = officer.go(f'/desk/dossier/{code}').form('/undo')
    page = leader.go(f'/desk/dossier/{code}')
    leader.send(page.form('/note'), {'text': 'Đã xem.'})
    page = officer.send(form)
    t.expect('a note came since: told, no error page', page.status == 200 and LATE in page.text(), (page.status, page.text()[:400]))
    s, _, text = api(node, node.token(f'specialist.{UNIT.lower()}'), 'POST', f'/api/v1/dossiers/{code}/undo', {})
    t.expect('the API says the same', s == 409 and 'STATE' in text, (s, text))


def ask(node, officer, code, act='supplement', **more):
    given = {'reason': 'Ảnh chụp không rõ', 'items': ['Ảnh chụp rõ mặt đường']} if act == 'supplement' else more
    return api(node, officer, 'POST', f'/api/v1/dossiers/{code}/acts', {'act': act, **given})


def resubmit(node, me, code, path='acts'):
    s, _, text = api(node, me, 'POST', f'/api/v1/dossiers/{code}/{path}', {'act': 'resubmit'})
    return s, json.loads(text)


def acts_wait(t, node, me, reception):
    """Over the API, too, an applicant acts on what they were told: not on what may still be taken back."""
    specialist, code = node.token(f'specialist.{UNIT.lower()}'), filed(t, node, me, reception)
    t.expect('more is asked for', ask(node, specialist, code)[0] == 201)
    s, p = resubmit(node, me, code)
    t.expect('not yet', s == 409 and p['code'] == 'STATE' and p['field'] == 'act' and p['title'] == REFUSED['vi'], (s, p))
    s, _, text = node.call('POST', f'/api/v1/dossiers/{code}/acts', {'act': 'resubmit'}, {'Authorization': 'Bearer ' + me, 'Accept-Language': 'en'})
    t.expect('not yet, in English', s == 409 and json.loads(text)['title'] == REFUSED['en'], (s, text))
    s, _, text = api(node, me, 'POST', f'/api/v1/dossiers/{code}/acts', {'act': 'nothing'})
    t.expect('an act that is nowhere is told as ever', s == 404 and json.loads(text)['field'] == 'act', (s, text))
    s, _, text = api(node, me, 'POST', f'/api/v1/dossiers/{code}/acts', {'act': 'answer', 'answer': 'x'})
    t.expect('and one that stood before the move', s == 404, (s, text))
    s, _, text = api(node, specialist, 'POST', f'/api/v1/dossiers/{code}/undo', {})
    t.expect('the officer still takes it back', s == 201, (s, text))
    s, p = resubmit(node, me, code)
    t.expect('then there is no such act', s == 404 and p['field'] == 'act', (s, p))
    t.expect('asked once more', ask(node, specialist, code)[0] == 201)
    s, _, text = api(node, me, 'POST', f'/api/v1/dossiers/{code}/acts', {'act': 'withdraw'})
    t.expect('what is possible before and after is done at once', s == 201 and json.loads(text)['state'] == 'withdrawn', (s, text))


def acts_go_on(t, node, me, reception, seconds):
    """When the seconds are over it is done; a rating, too, waits for them."""
    specialist, code = node.token(f'specialist.{UNIT.lower()}'), filed(t, node, me, reception)
    ask(node, specialist, code)
    early = resubmit(node, me, code)[0]
    time.sleep(seconds + 0.2)
    late = resubmit(node, me, code)
    t.expect('refused, then done', (early, late[0], late[1].get('state')) == (409, 201, 'handling'), (early, late))
    v = Visitor(node, 'me', 'vi')
    v.sign_in(next(l for l, role in node.accounts().items() if role == 'citizen'), PASSWORD)
    v.go(f'/dossier/{code}')
    s, _, text = ask(node, specialist, code, 'refuse', reason='Đã trả lời ngày 01/10', law='Nghị định 20/2008/NĐ-CP Điều 14')
    t.expect('refused', s == 201, (s, text))
    words = f'csrf={csrf(v.page)}&score=3'.encode()
    page = v.go(f'/dossier/{code}/rate', 'POST', words, FORM)
    t.expect('no rating of what is not told', page.status == 409 and 'Việc này không thực hiện được' in page.text(), (page.status, page.text()[:300]))
    time.sleep(seconds + 0.2)
    page = v.go(f'/dossier/{code}/rate', 'POST', words, FORM)
    t.expect('then it is', page.status == 200, (page.status, page.text()[:300]))


def over(t, node, me, reception, seconds):
    """When they are over the applicant knows, and it cannot be taken back."""
    officer = visitor(node, 'specialist')
    code = filed(t, node, me, reception)
    before = told(node, me, code)
    answer(t, officer, code)
    page = officer.go(f'/desk/dossier/{code}')
    form = page.form('/undo')
    hint_is(t, 'short', page, 'vi', seconds)
    time.sleep(seconds + 0.2)
    t.expect('now the applicant is told', told(node, me, code) != before, before)
    page = officer.send(form)
    t.expect('too late: said so', page.status == 200 and LATE in page.text(), page.text()[:400])
    page = officer.go(f'/desk/dossier/{code}')
    t.expect('and it is no longer offered', page.form('/undo') is None, page.text()[:200])


def never(t, node, me, reception):
    """undo_s = 0: no button, no hint, told at once."""
    officer = visitor(node, 'specialist')
    code = filed(t, node, me, reception)
    before = told(node, me, code)
    page = answer(t, officer, code)
    text = page.text() + officer.go(f'/desk/dossier/{code}').text()
    t.expect('no word of it', 'Hoàn tác' not in text and 'hoàn tác được' not in text, text[:400])
    t.expect('told at once', told(node, me, code) != before, before)
    page = officer.go(f'/desk/dossier/{code}/undo', 'POST', f'csrf={csrf(officer.page)}'.encode(), FORM)
    t.expect('asked all the same: too late', page.status == 200 and LATE in page.text(), (page.status, page.text()[:300]))


def main():
    t = Report()
    for seconds, stories in ((60, (within, since, acts_wait)), (2, (over, acts_go_on)), (0, (never,))):
        node = Node(sys.argv[1], undo_s=seconds)
        try:
            node.start()
            me = node.token(next(l for l, role in node.accounts().items() if role == 'citizen'))
            reception = node.token(f'reception.{UNIT.lower()}')
            for story in stories:
                story(t, node, me, reception, *([seconds] if story in (within, over, acts_go_on) else []))
            node.stop()
            t.expect('rebuilt the same', node.run('rebuild', '--check', check=False).returncode == 0)
        finally:
            node.end()
    return t.end()


sys.exit(main())
