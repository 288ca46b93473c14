#!/usr/bin/env python3
"""pages.py MOTCUA: every page that each kind of person can reach, in both languages, is read
strictly (strict.py), leads nowhere that is not there, and shows nobody another person's data."""
import json, os, re, sys, time

sys.path.insert(0, os.path.dirname(__file__))
import story
from node import PASSWORD, Node, Report
from strict import vietnamese_in, wrong_of
from visitor import Visitor, keys_of

TOP = os.path.join(os.path.dirname(__file__), '..', '..')
EACH, SECONDS = 2, 60  # pages of a kind per person and language; stops crawling after that long


def patterns(node):
    return [(re.compile('^' + re.sub(r'\\\{[^}]*\*\\\}', '.+', re.sub(r'\\\{\w+\\\}', '[^/]+', re.escape(r['path']))) + '$'), r['path'])
            for r in node.routes() if r['method'] == 'GET']


class Crawl:
    def __init__(self, node, t):
        self.node, self.t, self.kinds = node, t, patterns(node)
        self.keys = keys_of(os.path.join(TOP, 'po', 'vi.po'))
        self.titles, self.seen, self.names = {}, set(), []
        self.count = 0

    def kind(self, path):
        path = path.split('?')[0]
        # A literal route goes before one with a parameter.
        found = sorted((p for r, p in self.kinds if r.match(path)), key=lambda p: p.count('{'))
        return found[0] if found else path

    def check(self, v, page):
        self.count += 1
        kind = self.kind(page.path) if page.status == 200 else f'{page.status}'
        # What is wrong with one kind of page is told once.
        for w in dict.fromkeys(wrong_of(page, v.lang, self.keys)):
            self.tell(f'{kind} [{v.lang}]: {w}', f'{v.name} {page.path}')
        if v.lang == 'en':
            for t, w in vietnamese_in(page, self.names):
                self.tell(f'{kind} [en]: Vietnamese in <{t.name} class={t.get("class")!r}>', f'{v.name} {page.path}: {w[:80]}')
        title = next((x.text() for x in page.all('title')), '')
        if page.status == 200 and '{' not in kind:
            other = self.titles.setdefault((v.lang, title), kind)
            if other != kind:
                self.tell(f'title {title!r} is of {other} and of {kind}', page.path)

    def tell(self, what, got):
        if what not in self.seen:
            self.seen.add(what)
            self.t.expect(what, False, got)

    def crawl(self, v, starts):
        todo, known, used, pages, until = list(starts), set(starts), {}, [], time.time() + SECONDS
        while todo and time.time() < until:
            path = todo.pop(0)
            kind = self.kind(path)
            if used.get(kind, 0) >= EACH and '{' in kind or used.get(kind, 0) >= 4 * EACH:
                continue
            used[kind] = used.get(kind, 0) + 1
            p = v.go(path)
            ok = p.status == 200 or path.startswith('/login')
            self.t.expect(f'{v.name} [{v.lang}] {path}', ok, f'{p.status}, from {known and self.origin.get(path)}')
            if not p.html:
                continue
            pages.append(p)
            for a in p.links() + [f.get('action') for f in p.all('form') if f.get('method') == 'get']:
                a = a.split('#')[0]
                if a.startswith('/') and not a.startswith(('/lang/', '/figures/events')) and a not in known:
                    known.add(a)
                    self.origin[a] = p.path
                    todo.append(a)
            for x in p.all('link', 'script'):
                src = x.get('href') or x.get('src')
                if src and src not in self.assets:
                    self.assets.add(src)
                    self.t.expect(f'asset {src}', v.call('GET', src)[0] == 200)
        return pages

    origin, assets = {}, set()


def starts_of(role):
    public = ['/', '/services', '/lookup', '/lookup?code=T-NOSUCHCODE', '/answers', '/ledger', '/help', '/figures', '/services?q=khai+sinh',
              '/services?q=zzzz', '/service/petition/start?area=H07.21', '/service/petition/start?q=zzzz', '/service/petition/start?q=phu']
    more = {'nobody': ['/login', '/register'], 'citizen': ['/me', '/me/reads'],
            'reception': ['/desk', '/desk/intake'] + [f'/desk/list?box={b}' for b in ('mine', 'free', 'unit', 'late', 'back', 'asked', 'done')]}
    acting = ['/desk/hand', '/desk/bulk'] if role in ('specialist', 'leader') else []
    return public + more.get(role, ['/desk', '/desk/list?box=unit', '/desk/list?text=zzzz', '/desk/list?box=done'] + acting if role != 'citizen' else [])


def crawl_all(t, node, c, who):
    """Everybody's pages, by (role, language)."""
    out = {}
    for role, (login, langs) in who.items():
        for lang in langs:
            v = Visitor(node, role, lang, c.check)
            if login:
                t.expect(f'{role} signs in', v.sign_in(login, PASSWORD).status == 200 and not v.page.path.startswith('/login'), v.page.path)
            roles = 'citizen' if role.startswith('citizen') else role
            out[role, lang] = c.crawl(v, starts_of(roles))
            if role == 'citizen' and not login:
                continue
            for path in ('/nosuchpage', '/service/nosuch', '/answers/H07.21.01-200101-9999', '/figures/nosuch'):
                p = v.go(path)
                t.expect(f'{role} [{lang}] {path} is not there', p.status == 404 and p.html, p.status)
            v.end()
    return out


# -- nobody sees what is another's --

def secrets_of(pages, own):
    """Names and numbers of applicants, as officers and the persons themselves see them."""
    out = set(own)
    for p in pages:
        for dl in p.all('dl'):
            if 'mc-facts' in dl.get('class'):
                first = next(iter(dl.all('dd')), None)
                out.add(first.text() if first and p.path.startswith('/desk/dossier/') and not p.path.endswith('/slip') else '')
        for dd in p.all('dd'):
            if 'summary-list__value' in dd.get('class') and p.path.startswith('/desk/dossier/'):
                out.update(re.findall(r'\b\d{12}\b', dd.text()))
    return {s for s in out if len(s) > 6 and s not in ('Ẩn danh', 'Anonymous') and 'danh' not in s.lower()}


def check_private(t, pages, secrets, mine):
    for p in pages:
        text = p.text()
        for s in secrets - mine:
            t.expect(f'{p.path} tells nothing of another', s not in p.html, s)
        # Of one's own dossier a person sees what they declared themselves, of others, too; nobody else opens it (check_strangers).
        declared = [dd.text() for dd in p.all('dd') if 'summary-list__value' in dd.get('class')] if p.path.startswith('/dossier/') and mine else []
        numbers = set(re.findall(r'(?<![\w.-])0\d{11}(?![\w.-])', text)) - mine - set(re.findall(r'\b0\d{11}\b', ' '.join(declared)))
        t.expect(f'{p.path} has no identity number', not numbers, numbers)


def check_strangers(t, node, c, owner, strangers, private):
    """What one person may open, another may not; not even learn that it is there."""
    for v in strangers:
        for path in private:
            p = v.go(path)
            refused = p.status in (403, 404) or p.path.startswith('/login')
            t.expect(f'{v.name}: {path} is closed', refused, (p.status, p.path))
            t.expect(f'{v.name}: {path} names nobody', owner not in p.html, path)
        other = v.go('/dossier/H07.21.01-200101-9999')
        same = v.go(next(x for x in private if x.startswith('/dossier/')))
        t.expect(f'{v.name}: a stranger\'s dossier looks like none', other.status == same.status, (other.status, same.status))


def own_things(t, node, c, login):
    """The first citizen has a draft, a waiting dossier and a finished one; every form on the way is read."""
    v = Visitor(node, 'citizen', 'vi', c.check)
    v.login = login
    v.sign_in(login, PASSWORD)
    quiet = Report()
    quiet.expect = lambda what, ok, got='': ok
    for pack in ('birth-registration', 'household-business'):
        draft = story.draft_make(quiet, v, pack, story.STORIES[pack])
        for lang in ('en', 'vi'):
            v.lang = v.cookies['lang'] = lang
            for a in story.tasks(v.go(draft)):
                story_pages(v, a, story.STORIES[pack])
            v.go(draft + '/check')
            v.go(draft + '/papers')
    story.play(quiet, node, 'petition', story.STORIES['petition'], login, c.check)
    name = re.search(r'\(([^)]+)\)', v.go('/me').form('/logout').text())[1]
    links = [a for a in v.page.links() if re.match(r'/(draft|dossier)/', a)]
    private = links + [a + x for a in links if a.startswith('/draft/') for x in ('/check', '/papers')]
    for a in links:
        if a.startswith('/dossier/'):
            private += [x for x in v.go(a).links() if '/receipt/' in x or '/file/' in x or '/act/' in x] + [a.replace('/dossier/', '/done/')]
    v.end()
    return name, list(dict.fromkeys(private))


def story_pages(v, first, s):
    """Reads a section's pages: refused when empty, then filled in."""
    v.go(first)
    for _ in range(30):
        at = v.page.path
        if '/page/' not in at:
            return
        form = next(f for f in v.page.all('form') if any(x.get('name') == 'later' for x in f.all('button')))
        names = {x.get('name') for x in form.all('input', 'select', 'textarea')}
        v.send(form, {n: None if n.endswith(('declaration', '_kind')) else '' for n in names if n and n.startswith('a.')})
        if v.page.path == at:
            form = next(f for f in v.page.all('form') if any(x.get('name') == 'later' for x in f.all('button')))
            v.send(form, story.given(form, s['answers'], False)[0])
        if v.page.path == at:
            return


def main():
    node, t = Node(sys.argv[1], undo_s=0), Report()  # what officers do is told at once
    node.run('demo', '--month', '--dossiers', '150')
    node.start()
    try:
        c = Crawl(node, t)
        citizens = [login for login, role in node.accounts().items() if role == 'citizen']
        who = {role: login for login, role in node.accounts().items()}
        units = [u for lang in ('vi', 'en') for u in json.loads(node.call('GET', '/api/v1/units', None, {'Cookie': 'lang=' + lang})[2])['units']]
        c.names = sorted({u['name'] for u in units}, key=len, reverse=True)
        owner, private = own_things(t, node, c, citizens[0])
        c.names += [owner] + sorted({line.split(',')[3] for n in (34, 63) for line in open(os.path.join(TOP, 'assets', 'tiles', f'tiles{n}.csv'), encoding='utf-8')},
                                    key=len, reverse=True) + ['Yên Hòa', 'Yên Mô']  # a body of targets that is no unit here
        both = ('vi', 'en')
        people = {'nobody': (None, both), 'citizen': (citizens[0], both), 'citizen 2': (citizens[1], ('vi',)),
                  'reception': (who['reception'], both), 'specialist': (who['specialist'], ('en',)),
                  'leader': (who['leader'], both), 'auditor': (who['auditor'], ('vi',)), 'admin': (who['admin'], ('en',))}
        pages = crawl_all(t, node, c, people)
        seen_by_officers = [p for (role, _), ps in pages.items() for p in ps if role in ('reception', 'specialist', 'leader')]
        secrets = secrets_of(seen_by_officers, {owner, *citizens})
        t.expect('officers see applicants', len(secrets) >= 3, secrets)
        strangers = [Visitor(node, 'nobody', on_page=c.check), Visitor(node, 'citizen 2', on_page=c.check)]
        strangers[1].sign_in(citizens[1], PASSWORD)
        name2 = re.search(r'\(([^)]+)\)', strangers[1].go('/me').form('/logout').text())[1]
        for role, lang in pages:
            mine = {'citizen': {owner, citizens[0]}, 'citizen 2': {name2, citizens[1]}}.get(role, set())
            if role not in ('reception', 'specialist', 'leader'):
                check_private(t, pages[role, lang], secrets, mine)
        check_strangers(t, node, c, owner, strangers, private)
        print(f'{c.count} pages read')
    finally:
        node.end()
    return t.end()


if __name__ == '__main__':
    sys.exit(main())
