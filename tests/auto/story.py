#!/usr/bin/env python3
"""story.py MOTCUA: a dossier's whole life over the pages' own forms, without a browser, for each
pack: draft, leave, come back, papers, file; reception, supplement, specialist, leader, hand-over,
rating; then the figures have moved and the applicant sees who looked. Every page is read strictly."""
import datetime, os, re, sys, zlib

sys.path.insert(0, os.path.dirname(__file__))
from node import PASSWORD, Node, Report, today
from visitor import Visitor

UNIT, AREA = 'H07.21.01', 'H07.21'
TODAY = today()
LONG_AGO, BABY = datetime.date(1990, 8, 27), TODAY - datetime.timedelta(days=20)


def png(seed):
    def chunk(kind, data):
        return len(data).to_bytes(4, 'big') + kind + data + zlib.crc32(kind + data).to_bytes(4, 'big')
    row = b'\0' + bytes([seed % 256] * 3)
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', b'\0\0\0\1\0\0\0\1\x08\x02\0\0\0') + chunk(b'IDAT', zlib.compress(row)) +
            chunk(b'IEND', b''))


# What each pack is told; a tuple is a wrong answer to try first, then the right one.
STORIES = {
    'birth-registration': dict(
        answers={
            'relation': 'mother', 'requester_residence': 'Ấp An Thuận, xã Mẫu, tỉnh Bến Tre', 'child_name': ('X9', 'trần văn mẫu'),
            'child_birth_day': BABY, 'child_sex': 'male', 'birth_kind': 'facility', 'surrogacy': 'false',
            'facility_name': 'Bệnh viện Mẫu', 'birth_place': 'Phường Mẫu, tỉnh Bến Tre', 'child_home_town': 'Xã Mẫu, tỉnh Bến Tre',
            'mother_name': 'Nguyễn Thị Thử', 'mother_birth_day': LONG_AGO, 'mother_residence': 'Xã Mẫu, tỉnh Bến Tre',
            'father_basis': 'none', 'copies': ('21', '2'), 'declaration': 'true'},
        shown='Trần Văn Mẫu', papers=['birth_certificate'], change=('birth_place', 'Phường Phú Khương, tỉnh Bến Tre'),
        asked_by='reception', first=None,
        acts=[('specialist', 'approve', {'comment': 'Đủ điều kiện nội bộ'}), ('leader', 'sign', {}), ('reception', 'hand_over', {})],
        result=True, figures=['received', 'done', 'supplements', 'rated']),
    'household-business': dict(
        answers={
            'business_name': ('Công ty Mẫu', 'Tạp hóa Mẫu'), 'place_kind': 'own', 'address_line': 'ấp Mẫu',
            'address_commune': 'xã Thử Nghiệm, tỉnh Bến Tre', 'lines.0.name': 'Bán lẻ hàng tạp hóa', 'lines.0.code': '4711',
            'lines.0.main': 'true', 'conditional_line': 'false', 'capital_vnd': ('5', '50000000'), 'employees': '2',
            'owner_sex': 'female', 'owner_ethnicity': 'Kinh', 'owner_residence': 'ấp Mẫu, xã Thử Nghiệm, tỉnh Bến Tre',
            'founder': 'person', 'declaration_one': 'true', 'declaration_true': 'true'},
        shown='Bán lẻ hàng tạp hóa', papers=[], change=('business_name', 'Tạp hóa Mẫu Hai'),
        asked_by='specialist', first=('reception', 'accept', {}),
        acts=[('specialist', 'approve', {'comment': 'Đủ điều kiện nội bộ'}), ('leader', 'rework', {'comment': 'xem lại tên'}),
              ('specialist', 'approve', {}), ('leader', 'sign', {}), ('reception', 'hand_over', {})],
        result=True, figures=['received', 'done', 'supplements', 'rated']),
    'petition': dict(
        answers={
            'kind': 'local', 'field': 'transport', 'subject': 'Đường hỏng trước cổng chợ', 'content': 'Mặt đường bị sụt, xe máy hay ngã khi mưa.',
            'proposal': 'Xin sửa mặt đường.', 'place': 'Cổng chợ', 'happened_day': (TODAY + datetime.timedelta(days=1), BABY),
            'identity': 'named', 'may_publish': 'true', 'confidential': 'false', 'declaration': 'true'},
        shown='Đường hỏng trước cổng chợ', papers=[], change=('content', 'Mặt đường sau cổng chợ bị sụt sâu.'),
        asked_by='reception', first=None,
        acts=[('specialist', 'answer', {'answer': 'Đơn vị đã san lấp mặt đường.', 'comment': 'Đủ điều kiện nội bộ'}),
              ('leader', 'sign_publish', {})],
        result=False, figures=['petition.received']),
}


def first_of(value, wrong):
    return value[0] if wrong else value[-1]


def given(form, answers, wrong):
    """What a page's form gets from the answers: {field: text}, and whether a wrong one is there."""
    out, tried = {}, False
    names = {t.get('name') for t in form.all('input', 'select', 'textarea')}
    for name, value in answers.items():
        tried |= isinstance(value, tuple) and any(n in names for n in ('a.' + name, f'a.{name}.day'))
        value = first_of(value, wrong) if isinstance(value, tuple) else value
        if f'a.{name}.day' in names:
            out.update({f'a.{name}.day': value.day, f'a.{name}.month': value.month, f'a.{name}.year': value.year})
        elif 'a.' + name in names:
            out['a.' + name] = value
    return out, tried


def fill(t, v, answers, leave_at=None):
    """Goes through a section until the task list; wrong answers are tried first and must be refused."""
    for _ in range(60):
        at = v.page.path
        if '/page/' not in at or at == leave_at:
            return at
        form = next(f for f in v.page.all('form') if any(x.get('name') == 'later' for x in f.all('button')))
        values, tried = given(form, answers, True)
        if tried:
            p = v.send(form, values)
            t.expect(f'{at}: a wrong answer is refused', p.status == 422 and 'govuk-error-summary' in p.html, p.status)
            kept = [x for x in values.values() if isinstance(x, str) and len(x) > 1 and x not in ('true', 'false')]
            t.expect(f'{at}: what was typed stands', all(x in p.html for x in kept), kept)
            form = next(f for f in p.all('form') if any(x.get('name') == 'later' for x in f.all('button')))
        p = v.send(form, given(form, answers, False)[0])
        if not t.expect(f'{at}: goes on', p.status == 200 and p.path != at, (p.status, errors_of(p))):
            raise SystemExit('stuck')
    return v.page.path


def errors_of(p):
    return [x.text() for x in p.all('p') if 'error-message' in x.get('class')]


def tasks(p):
    return [a.get('href') for a in p.all('a') if 'task-list__link' in a.get('class') and '/page/' in a.get('href')]


def draft_make(t, v, pack, story):
    """From the service's page to a filed dossier; returns its code."""
    p = v.go('/service/' + pack)
    t.expect(f'{pack}: a fee or its absence stands before starting', p.status == 200 and any(
        'summary-list__value' in d.get('class') for d in p.all('dd')))
    v.go(f'/service/{pack}/start?area={AREA}')
    p = v.send(v.page.form('/start', unit=UNIT) or v.page.form('/start'), {'unit': 'H07.99.99'})
    t.expect(f'{pack}: an agency that is not there is refused', p.status == 422, p.status)
    p = v.send(next(f for f in v.page.all('form') if f.get('method') == 'post' and f.get('action').endswith('/start')), {'unit': UNIT})
    draft = p.path
    t.expect(f'{pack}: a draft is made', draft.startswith('/draft/'), draft)
    p = v.go(draft + '/check')
    p = v.send(p.form('/submit')) if p.form('/submit') else p
    t.expect(f'{pack}: an empty draft is not filed', '/draft/' in p.path or p.status == 422, (p.status, p.path))
    v.go(tasks(v.go(draft))[0])
    left = fill(t, v, story['answers'], None)
    t.expect(f'{pack}: a section leads on', left, left)
    return draft


def leave_and_return(t, v, pack, draft):
    cookies = dict(v.cookies)
    v.send(v.page.form('/logout'))
    p = v.go(draft)
    t.expect(f'{pack}: the draft is closed to nobody', p.status in (403, 404) or p.path.startswith('/login'), (p.status, p.path))
    v.cookies = {k: c for k, c in cookies.items() if k == 'lang'}
    v.sign_in(v.login, PASSWORD)
    p = v.go('/me')
    t.expect(f'{pack}: the draft waits', draft in p.links(), p.links())


def complete(t, v, pack, draft, story):
    for _ in range(12):
        v.go(draft)
        open_ones = [a for a in tasks(v.page) if not is_done(v.page, a)]
        if not open_ones:
            break
        v.go(open_ones[0])
        fill(t, v, story['answers'])
    t.expect(f'{pack}: every section is done', not open_ones, open_ones)


def is_done(p, href):
    link = next(a for a in p.all('a') if a.get('href') == href)
    status = next(d for d in p.all('div') if d.get('id') == link.get('aria-describedby'))
    return not list(status.all('strong'))


def papers_send(t, v, pack, draft, story):
    for i, paper in enumerate(story['papers']):
        p = v.go(draft + '/papers')
        form = p.form('/papers', document=paper)
        p = v.send(form, {}, [('file', 'ghi-chu.txt', 'text/plain', b'hello hello hello')])
        t.expect(f'{pack}: a text is no paper', p.status == 422, p.status)
        p = v.send(p.form('/papers', document=paper), {}, [('file', 'giấy 1.png', 'image/png', png(i)), ('file', 'b.png', 'image/png', png(i + 9))])
        t.expect(f'{pack}: two photos are there', p.status == 200 and p.text().count('.png') >= 2, p.status)
        p = v.send(next(f for f in p.all('form') if any(x.get('name') == 'remove' for x in f.all('input'))))
        t.expect(f'{pack}: one was taken away', p.status == 200, p.status)


def file_it(t, v, pack, draft, story):
    p = v.go(draft + '/check')
    t.expect(f'{pack}: the check shows what was answered', story['shown'] in p.text(), p.text()[:300])
    form = p.form('/submit')
    p = v.send(form)
    t.expect(f'{pack}: filed', p.status == 200 and p.path.startswith('/done/'), (p.status, p.path, errors_of(p)))
    code = p.path.split('/')[-1]
    receipt = [a for a in p.links() if '/receipt/' in a]
    t.expect(f'{pack}: the receipt is a proof', receipt and b'c2sp.org/tlog-proof' in v.go(receipt[0]).raw[:60])
    v.page = p
    t.expect(f'{pack}: a second press finds the first', v.send(form).path == '/done/' + code)
    t.expect(f'{pack}: it stands among mine', '/dossier/' + code in v.go('/me').links())
    return code


def act(t, v, code, name, values=None, files=None):
    """An officer opens the dossier and does what the page offers; first with nothing, if it asks for something."""
    p = v.go('/desk/dossier/' + code)
    form = p.form('/act', act=name)
    if not t.expect(f'{v.name} {name}: offered', form is not None, [f.get('action') for f in p.all('form')]):
        return p
    if values and not name.startswith('approve'):
        p = v.send(form, {})
        t.expect(f'{v.name} {name}: nothing said is refused', p.status == 422 and errors_of(p), p.status)
        form = p.form('/act', act=name)
    stale = form
    p = v.send(form, values, files)
    t.expect(f'{v.name} {name}: done', p.status == 200 and 'notification-banner--success' in p.html, (p.status, errors_of(p)))
    again = v.send(stale, values)
    t.expect(f'{v.name} {name}: not twice', again.status in (404, 409), again.status)
    return p


def supplement(t, v, pack, code, story, officer):
    act(t, officer, code, 'supplement', {'reason': 'Cần ghi rõ hơn', 'items': 'Ảnh rõ hơn\nGhi lại nơi chốn'})
    p = v.go('/dossier/' + code)
    t.expect(f'{pack}: what is missing is listed', 'Ghi lại nơi chốn' in p.text(), p.text()[:300])
    code = p.path.split('/')[-1]
    p = v.go(next(a for a in p.links() if a.endswith('/act/resubmit')))
    field, value = story['change']
    files = [(x.get('name'), 'ro.png', 'image/png', png(77)) for x in p.all('input') if x.get('type') == 'file'][:1]
    form = p.form('/act', act='resubmit')
    p = v.send(form, {'a.' + field: ''})
    t.expect(f'{pack}: an emptied answer is refused', p.status == 422, p.status)
    p = v.send(p.form('/act', act='resubmit'), {'a.' + field: value}, files)
    t.expect(f'{pack}: supplemented', p.status == 200 and 'notification-banner--success' in p.html, (p.status, errors_of(p)))
    t.expect(f'{pack}: the changed answer is in force', value in v.go('/dossier/' + code).html)


def rate(t, v, pack, code, story):
    p = v.go('/dossier/' + code)
    t.expect(f'{pack}: no internal comment is shown', 'nội bộ' not in p.html)
    if not story['result']:
        p = v.go(next(a for a in p.links() if a.endswith('/act/confirm')))
        p = v.send(p.form('/act', act='confirm'), {'rating': '3'})
        t.expect(f'{pack}: confirmed', p.status == 200 and 'banner--success' in p.html, p.status)
        return
    form = p.form('/rate')
    p = v.send(form, {})
    t.expect(f'{pack}: a rating without a score is refused', 'banner--success' not in p.html and
             ('notification-banner' in p.html or p.status == 422), p.status)
    p = v.go('/dossier/' + code)
    p = v.send(p.form('/rate'), {'score': '3', 'words': 'Nhanh gọn, cảm ơn.'})
    t.expect(f'{pack}: rated', p.status == 200 and 'banner--success' in p.html, p.status)
    t.expect(f'{pack}: not twice', v.go('/dossier/' + code).form('/rate') is None)
    files = [a for a in v.page.links() if '/file/' in a]
    t.expect(f'{pack}: the result can be fetched', any(v.go(a).raw == png(200) for a in files), files)


def figure(v, name, pack):
    p = v.go(f'/figures/{name}?unit={UNIT}')
    text = ' '.join(x.text() for x in p.all('strong', 'span', 'p') if 'value' in x.get('class'))
    return text or p.text()


def play(t, node, pack, story, login, checks):
    v = Visitor(node, 'citizen', on_page=checks)
    v.login = login
    v.sign_in(login, PASSWORD)
    staff = {r: Visitor(node, r, on_page=checks) for r in ('reception', 'specialist', 'leader')}
    for r, o in staff.items():
        o.sign_in(f'{r}.{UNIT.lower()}', PASSWORD)
    before = [figure(staff['leader'], f, pack) for f in story['figures']]
    draft = draft_make(t, v, pack, story)
    leave_and_return(t, v, pack, draft)
    complete(t, v, pack, draft, story)
    papers_send(t, v, pack, draft, story)
    code = file_it(t, v, pack, draft, story)
    p = staff['leader'].go('/desk/dossier/' + code)
    t.expect(f'{pack}: a leader is offered nothing yet', p.status == 200 and p.form('/act') is None)
    if story['first']:
        act(t, staff[story['first'][0]], code, *story['first'][1:])
    supplement(t, v, pack, code, story, staff[story['asked_by']])
    for role, name, values in story['acts']:
        files = [('result', 'kết quả.png', 'image/png', png(200))] if name == 'sign' else None
        act(t, staff[role], code, name, values, files)
    rate(t, v, pack, code, story)
    p = v.go('/dossier/' + code)
    t.expect(f'{pack}: the official code', re.search(r'H07\.21\.01-\d{6}-\d{4}', p.html) is not None)
    rows = [r.text() for r in v.go('/me/reads').all('tr', 'li')]
    official = re.search(r'H07\.21\.01-\d{6}-\d{4}', p.html)[0]
    t.expect(f'{pack}: each officer\'s look is told', sum(official in r for r in rows) == len(staff), rows)
    after = [figure(staff['leader'], f, pack) for f in story['figures']]
    for f, a, b in zip(story['figures'], before, after):
        t.expect(f'{pack}: {f} has moved', a != b, (a[:200], b[:200]))
    if pack == 'petition':
        nobody = Visitor(node, 'nobody', on_page=checks)
        t.expect('petition: the answer is public', 'san lấp' in nobody.go('/answers').text())
    for x in [v, *staff.values()]:
        x.end()


def main():
    node, t = Node(sys.argv[1], undo_s=0).start(), Report()  # what officers do is told at once

    def checks(v, page):
        if page.wrong:
            t.expect(f'{v.name} {page.path}: nesting', False, page.wrong[:4])

    try:
        citizen = [login for login, role in node.accounts().items() if role == 'citizen'][0]
        for pack, story in STORIES.items():
            play(t, node, pack, story, citizen, checks)
    finally:
        node.end()
    return t.end()


if __name__ == '__main__':
    sys.exit(main())
