"""strict.py - what every page must keep to: nesting, ids, labels, targets, titles, language, forms,
size, headers. wrong_of(page, lang, keys) gives what is wrong, in words."""
import re, unicodedata

SIZE_MOST = 20 * 1024
BUTTONS = {'hidden', 'submit', 'button', 'image', 'reset'}
# Where people's own words, names and the law's numbers stand; Vietnamese there on any page.
DATA = {'mc-tile__name', 'mc-lines', 'mc-late-name', 'mc-files', 'mc-papers', 'mc-rows', 'mc-timeline', 'mc-facts', 'mc-table', 'govuk-inset-text',
        'mc-answer', 'mc-quiet', 'govuk-caption-l', 'govuk-textarea'}
QUOTED = re.compile('“[^”]*”')
LAW = re.compile(r'(?:Luật|Nghị định|Thông tư|Nghị quyết|Quyết định|Hiến pháp)\b[^:]*|đồng')
PERSON = re.compile(r'\s*(?:[^\W\d_a-z]\w*\s+){1,4}[^\W\d_a-z]\w*\s*(?:– [A-Za-z ]+)?$')  # alone in a cell, or with a role
OWN_NAME = re.compile(r'\([^)]*\)$')


def ids_of(page):
    return [t.get('id') for t in page.all() if t.get('id')]


def is_named(t, labels, ids):
    if t.get('aria-label') or t.get('title'):
        return True
    by = t.get('aria-labelledby').split()
    if by and all(b in ids for b in by):
        return True
    return t.get('id') in labels or any(u.name == 'label' for u in t.up())


def wrong_structure(page):
    ids = ids_of(page)
    known, labels = set(ids), {t.get('for'): t for t in page.all('label')}
    yield from page.wrong
    yield from (f'id {i!r} twice' for i in known if ids.count(i) > 1)
    yield from (f'id {i!r} has a blank' for i in known if re.search(r'\s', i))
    for t in page.all():
        for a in ('aria-describedby', 'aria-labelledby', 'aria-controls', 'headers', 'for', 'list'):
            for word in t.get(a).split():
                if word not in known:
                    yield f'<{t.name}> {a}={word!r} leads nowhere'
            if a in t.attrs and not t.get(a).split():
                yield f'<{t.name}> has an empty {a}'
        href = t.get('href')
        if t.name == 'a' and href.startswith('#') and href[1:] not in known:
            yield f'link {href!r} leads nowhere'
        if t.name == 'a' and ('href' not in t.attrs or not href):
            yield f'a link without an address: {t.text()!r}'
        if t.name in ('a', 'button', 'legend', 'label', 'h1', 'h2', 'h3', 'th', 'summary') and not t.text() and not t.get('aria-label'):
            yield f'<{t.name}> says nothing (id {t.get("id")!r})'
        if t.name in ('input', 'select', 'textarea') and t.get('type', 'text') not in BUTTONS and not is_named(t, labels, known):
            yield f'<{t.name} name={t.get("name")!r}> has no label'
        if t.name == 'fieldset' and not any(k.name == 'legend' for k in t.kids):
            yield f'<fieldset id={t.get("id")!r}> has no legend'
        if t.name == 'label' and t.get('for') in known:
            to = next(x for x in page.all() if x.get('id') == t.get('for'))
            if to.name not in ('input', 'select', 'textarea', 'progress', 'meter', 'output', 'button'):
                yield f'label for={t.get("for")!r} is of a <{to.name}>'
    wrong = [t for t in page.all('select') if sum('selected' in o.attrs for o in t.all('option')) > 1]
    yield from (f'<select {t.get("name")}> has two chosen' for t in wrong)
    for t in page.all('input'):
        if t.get('type') == 'radio' and not any(u.name == 'fieldset' for u in t.up()):
            yield f'radio {t.get("name")!r} stands in no fieldset'


def wrong_outline(page, lang):
    html = page.all('html')
    if not html or html[0].get('lang') != lang:
        yield f'lang is {html[0].get("lang") if html else None!r}, not {lang!r}'
    if not page.html.lstrip().lower().startswith('<!doctype html>'):
        yield 'no doctype'
    if len(page.all('h1')) != 1:
        yield f'{len(page.all("h1"))} h1'
    if len(page.all('main')) != 1:
        yield f'{len(page.all("main"))} main'
    titles = [t for t in page.all('title') if not any(u.name == 'svg' for u in t.up())]
    if len(titles) != 1 or not re.search(r'\w.* – \w', titles[0].text() if titles else ''):
        yield f'titles {[t.text() for t in titles]}'
    level = 0
    for h in page.all('h1', 'h2', 'h3', 'h4'):
        in_banner = any('notification-banner' in u.get('class') or 'error-summary' in u.get('class') for u in h.up())
        if not in_banner and level and int(h.name[1]) > level + 1:
            yield f'<{h.name}> {h.text()!r} after h{level}'
        level = level if in_banner else int(h.name[1])


def wrong_tables(page):
    for t in page.all('table'):
        heads = list(t.all('th'))
        if not heads or any(h.get('scope') not in ('col', 'row', 'colgroup', 'rowgroup') for h in heads):
            yield 'a table whose headers have no scope'
        widths = {sum(int(c.get('colspan', '1')) for c in r.kids if c.name in ('th', 'td')) for r in t.all('tr')}
        if len(widths) > 1:
            yield f'a table with rows of {sorted(widths)} cells'
        if not any(k.name == 'caption' for k in t.kids) and not any(u.get('aria-label') or u.name == 'figure' for u in t.up()):
            yield 'a table without a caption'
    for t in page.all('img'):
        if 'alt' not in t.attrs:
            yield 'a picture without words'
    for t in page.all('svg'):
        if t.get('aria-hidden') != 'true' and not t.get('aria-label') and not t.get('aria-labelledby'):
            yield 'a drawing without words'
        if 'mc-chart' in t.get('class') and not page.all('table'):
            yield 'a chart without its table'
        if re.search(r'="-?(nan|inf)|="[^"]*%[ds]', str([k.attrs for k in t.all()])):
            yield 'a chart with a number that is none'


def wrong_safety(page):
    h = page.headers
    for name, part in (('content-security-policy', "frame-ancestors 'none'"), ('x-content-type-options', 'nosniff'),
                       ('referrer-policy', 'same-origin'), ('permissions-policy', 'camera=()')):
        if part not in h.get(name, ''):
            yield f'header {name}: {h.get(name)!r}'
    if 'unsafe' in h.get('content-security-policy', ''):
        yield 'an unsafe policy'
    if page.status == 200 and re.match(r'/(me|desk|draft|dossier|done|login|register)\b', page.path) and 'no-store' not in h.get('cache-control', ''):
        yield f'may be stored: {h.get("cache-control")!r}'
    if 'server' in h:
        yield f'names its server: {h["server"]}'
    for t in page.all():
        if 'style' in t.attrs or any(a.startswith('on') for a in t.attrs) or t.name == 'style':
            yield f'<{t.name}> with a style or a handler of its own'
        if t.name == 'script' and (t.get('src') and not t.get('src').startswith('/assets/') or t.text() or 'src' not in t.attrs):
            yield 'a script of its own'
        licence = t.get('rel') == 'license' and t.get('href').startswith('https://creativecommons.org/')  # names what one may do
        if not licence and re.match(r'\s*(javascript|data|vbscript):|//|https?:', t.get('href') + t.get('action'), re.I):
            yield f'leads away: {t.get("href") or t.get("action")}'
    for f in page.all('form'):
        tokens = [t for t in f.all('input') if t.get('name') == 'csrf']
        if f.get('method', 'get').lower() == 'post' and not (len(tokens) == 1 and len(tokens[0].get('value')) > 20):
            yield f'form {f.get("action")!r} has no token'
        if f.get('method', 'get').lower() == 'get' and tokens:
            yield f'form {f.get("action")!r} shows its token'
        files = any(t.get('type') == 'file' for t in f.all('input'))
        if files != (f.get('enctype') == 'multipart/form-data') and f.get('method') == 'post' and files:
            yield f'form {f.get("action")!r} cannot send files'
    if page.size > SIZE_MOST:
        yield f'{page.size} bytes compressed'


def words_of(page):
    """(tag, text) of everything that is read, attributes too."""
    for t in page.all():
        if t.name in ('script', 'style'):
            continue
        yield from ((t, w) for w in t.words if isinstance(w, str))
        yield from ((t, t.get(a)) for a in ('aria-label', 'title', 'alt', 'placeholder') if t.get(a))


def wrong_words(page, keys):
    for t, w in words_of(page):
        for token in re.findall(r'(?<![\w/@.])[a-z_]+(?:\.[a-z0-9_]+)+', w):
            if token.rstrip('.') in keys:
                yield f'a raw key: {token}'
        if re.search(r'\{\{|\}\}|\{[a-z_]+\}|%[sdl]\b|\(null\)|\bundefined\b', w) and 'mc-lines' not in t.get('class'):
            yield f'an unfilled text: {w.strip()[:60]}'
        if '\ufffd' in w or unicodedata.normalize('NFC', w) != w:
            yield f'broken letters: {w.strip()[:60]}'
    for t in page.all('input', 'button', 'option'):
        if re.search(r'\{\{|\(null\)', t.get('value')):
            yield f'an unfilled value: {t.get("value")}'


def is_data(t):
    return any(DATA & set(u.get('class').split()) or u.get('lang') == 'vi' for u in t.up())


def vietnamese_in(page, names):
    """Texts of an English page with Vietnamese letters that are no names or data."""
    for t, w in words_of(page):
        if not any(ord(c) > 127 and c.isalpha() for c in w) or is_data(t):
            continue
        rest = OWN_NAME.sub('', LAW.sub('', QUOTED.sub('', w))) if t.name == 'button' else LAW.sub('', QUOTED.sub('', w))
        for n in names:
            rest = rest.replace(n, '')
        if PERSON.match(w) and any(u.name in ('td', 'dd', 'option') for u in t.up()):
            continue
        if any(ord(c) > 127 and c.isalpha() for c in rest):
            yield t, w.strip()


def wrong_of(page, lang, keys):
    return [*wrong_structure(page), *wrong_outline(page, lang), *wrong_tables(page), *wrong_safety(page), *wrong_words(page, keys)]
