#!/usr/bin/env python3
"""undo.py MOTCUA: the seconds in which an officer may take a move back: the page tells how many, the
applicant is told nothing until they are over, who may not is refused and who is too late is told so."""
import json, os, sys, time

sys.path.insert(0, os.path.dirname(__file__))
from node import PASSWORD, Node, Report
from values import PETITION
from visitor import Visitor

UNIT = 'H07.21.01'
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
    for seconds, stories in ((60, (within, since)), (2, (over,)), (0, (never,))):
        node = Node(sys.argv[1], undo_s=seconds)
        try:
            node.start()
            me = node.token(next(l for l, role in node.accounts().items() if role == 'citizen'))
            reception = node.token(f'reception.{UNIT.lower()}')
            for story in stories:
                story(t, node, me, reception, *([seconds] if story in (within, over) else []))
            node.stop()
            t.expect('rebuilt the same', node.run('rebuild', '--check', check=False).returncode == 0)
        finally:
            node.end()
    return t.end()


sys.exit(main())
