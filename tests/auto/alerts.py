#!/usr/bin/env python3
"""alerts.py MOTCUA: many alerts ring at once; each leads a leader to its dossiers, or says whose they are."""
import os, re, shutil, sys, time

sys.path.insert(0, os.path.dirname(__file__))
from node import PASSWORD, Node, Report
from visitor import Visitor

TOP = os.path.join(os.path.dirname(__file__), '..', '..')
LEADER, COMMUNE, COUNTER = 'leader.h07', 'leader.h07.21.01', 'reception.h07.21.01'
RINGING = """alerts:
  - id: received-high
    indicator: {pack: one-stop, id: received}
    above: 3
    least: 3
"""


def signed_in(node, login):
    v = Visitor(node, login)
    v.sign_in(login, PASSWORD)
    return v


def publish(node):
    """The pack of alerts with one that rings wherever four dossiers came."""
    folder = os.path.join(node.dir, 'programme-figures')
    shutil.copytree(os.path.join(TOP, 'packs/programme-figures'), folder)
    with open(os.path.join(folder, 'pack.yaml'), encoding='utf-8') as f:
        text = re.sub(r'(?m)^version: .*', 'version: 99.0.0', f.read())
    for name, words in (('pack.yaml', text), ('alerts.yaml', RINGING)):
        with open(os.path.join(folder, name), 'w', encoding='utf-8') as f:
            f.write(words)
    node.run('pack', 'publish', folder)


def lists_of(page):
    return [x for x in page.links() if re.fullmatch(r'/alerts\?alert=\d+', x)]


def rung(v):
    for _ in range(150):
        links = lists_of(v.go('/alerts'))
        if len(links) > 6:
            break
        time.sleep(0.2)
    return links


def ringing(t, v, links):
    page = v.go('/alerts')
    t.expect('more ring than have their dossiers on the page', len(links) > 6, page.text()[-2000:])
    t.expect('the first have them there', 0 < len(page.all('details')) < len(links), len(page.all('details')))
    below = own = 0
    for link in links[:3] + links[-3:]:
        one = v.go(link)
        t.expect(f'{link}: alone', one.status == 200 and len(one.all('section')) == 1 and not lists_of(one), (one.status, one.text()[-900:]))
        t.expect(f'{link}: with its dossiers', re.search(r'H07\.\d\d\.?\d*-\d{6}-\d{4}|T-[A-Z0-9]{12}', one.text()), one.text()[-900:])
        is_others = 'chỉ người của đơn vị đó' in one.text()
        t.expect(f'{link}: it says who can open them when nobody here can', is_others == (not any(x.startswith('/desk/dossier/') for x in one.links())), one.text()[-900:])
        late = [x for x in one.links() if 'box=late' in x]
        below += not late
        own += bool(late)
    t.expect("the desk's own list is offered only by who has nothing below", below, (below, own))
    for wrong, status in (('/alerts?alert=999999999', 404), ('/alerts?alert=x', 422), ('/alerts?alert=-1', 422)):
        t.expect(f'{wrong}: {status}', v.go(wrong).status == status, v.page.status)


def others(t, node, links):
    """A unit's own leader sees its own; the counter none."""
    v = signed_in(node, COMMUNE)
    own = lists_of(v.go('/alerts'))
    t.expect('fewer ring in a commune', len(own) < len(links), (len(own), len(links)))
    hidden = next(x for x in links if x not in own)
    t.expect("another unit's alert is not shown", v.go(hidden).status == 404, v.page.status)
    v.end()
    v = signed_in(node, COUNTER)
    t.expect('the counter has none', v.go(links[0]).status == 403, v.page.status)
    v.end()


def main():
    t, node = Report(), Node(sys.argv[1])
    try:
        node.run('demo', '--month', '--dossiers', '300')
        publish(node)
        node.start()
        v = signed_in(node, LEADER)
        links = rung(v)
        ringing(t, v, links)
        others(t, node, links)
        v.end()
    finally:
        node.end()
    sys.exit(t.end())


if __name__ == '__main__':
    main()
