"""visitor.py - a browser without a screen for tests: cookies, forms, and a strict reading of HTML."""
import gzip, http.client, re, urllib.parse, uuid
from html.parser import HTMLParser

VOID = set('area base br col embed hr img input link meta param source track wbr'.split())
BLOCKS = set('address article aside blockquote details div dl fieldset footer form h1 h2 h3 h4 h5 h6 header hr main nav '
             'ol p pre section table ul'.split())
PHRASING = set('p span a strong h1 h2 h3 h4 h5 h6 label button dt time legend summary'.split())
HEADINGS_IN = {'legend', 'summary'}
CHILDREN = {'ul': {'li'}, 'ol': {'li'}, 'dl': {'dt', 'dd', 'div'}, 'table': {'caption', 'thead', 'tbody', 'tfoot', 'colgroup'},
            'thead': {'tr'}, 'tbody': {'tr'}, 'tr': {'th', 'td'}, 'select': {'option', 'optgroup'}}
PARENTS = {'li': {'ul', 'ol'}, 'dt': {'dl', 'div'}, 'dd': {'dl', 'div'}, 'tr': {'thead', 'tbody', 'tfoot'}, 'td': {'tr'}, 'th': {'tr'},
           'option': {'select', 'optgroup', 'datalist'}, 'legend': {'fieldset'}, 'summary': {'details'}, 'caption': {'table'}}


class Tag:
    def __init__(self, name, attrs, parent):
        self.name, self.attrs, self.parent, self.kids, self.words = name, attrs, parent, [], []

    def get(self, name, other=''):
        return self.attrs.get(name, other)

    def all(self, *names):
        for k in self.kids:
            if not names or k.name in names:
                yield k
            yield from k.all(*names)

    def text(self):
        return ' '.join(' '.join(self.parts()).split())

    def parts(self):
        for w in self.words:
            if isinstance(w, Tag):
                yield from w.parts()
            else:
                yield w

    def up(self):
        t = self
        while t is not None:
            yield t
            t = t.parent


class Page(HTMLParser):
    """A parsed page; `wrong` lists what its nesting breaks."""

    def __init__(self, html, path='', status=200, headers=None, size=0):
        super().__init__(convert_charrefs=True)
        self.html, self.path, self.status, self.headers, self.size = html, path, status, headers or {}, size
        self.wrong, self.root, self.flat = [], Tag('', {}, None), None
        self.top = self.root
        if html:
            self.feed(html)
            self.close()
        if self.top is not self.root:
            self.wrong.append(f'<{self.top.name}> is never closed')

    def handle_starttag(self, name, attrs):
        given = [k for k, _ in attrs]
        if len(given) != len(set(given)):
            self.wrong.append(f'<{name}> has an attribute twice')
        up = [t.name for t in self.top.up() if t.name]
        if name in BLOCKS and self.top.name in PHRASING and not (name[0] == 'h' and self.top.name in HEADINGS_IN):
            self.wrong.append(f'<{name}> in <{self.top.name}>')
        if name == 'form' and 'form' in up or name in ('a', 'button') and ('a' in up or 'button' in up):
            self.wrong.append(f'<{name}> within another')
        if self.top.name in CHILDREN and name not in CHILDREN[self.top.name]:
            self.wrong.append(f'<{name}> as child of <{self.top.name}>')
        if name in PARENTS and self.top.name not in PARENTS[name]:
            self.wrong.append(f'<{name}> in <{self.top.name}>')
        tag = Tag(name, {k: v or '' for k, v in attrs}, self.top)
        self.top.kids.append(tag)
        self.top.words.append(tag)
        if name not in VOID:
            self.top = tag

    def handle_startendtag(self, name, attrs):
        self.handle_starttag(name, attrs)
        if name not in VOID:
            self.top = self.top.parent

    def handle_endtag(self, name):
        if name in VOID or name != self.top.name:
            self.wrong.append(f'</{name}> closes <{self.top.name}> at line {self.getpos()[0]}')
            if not any(t.name == name for t in self.top.up()):
                return
            while self.top.name != name:
                self.top = self.top.parent
        if self.top.parent is not None:
            self.top = self.top.parent

    def handle_data(self, data):
        if data.strip():
            if self.top.name in CHILDREN:
                self.wrong.append(f'text in <{self.top.name}>: {data.strip()[:40]}')
            self.top.words.append(data)

    def all(self, *names):
        if self.flat is None:
            self.flat = list(self.root.all())
        return [t for t in self.flat if not names or t.name in names]

    def text(self):
        """What main says."""
        return ' '.join(t.text() for t in self.root.all('main'))

    def links(self):
        return [t.get('href') for t in self.root.all('a') if t.get('href')]

    def form(self, action, **has):
        """The first form whose action ends so and whose fields have these values."""
        for f in self.root.all('form'):
            if not f.get('action').endswith(action):
                continue
            values = {t.get('name'): t.get('value') for t in f.all('input')}
            if all(values.get(k) == v for k, v in has.items()):
                return f
        return None


def fields_of(form):
    """What a browser would send if nobody touched anything: (name, value)."""
    out = []
    for t in form.all('input', 'select', 'textarea'):
        name, kind = t.get('name'), t.get('type', 'text')
        if not name or kind in ('file', 'submit', 'button') or 'disabled' in t.attrs:
            continue
        if t.name == 'select':
            options = list(t.all('option'))
            chosen = [o for o in options if 'selected' in o.attrs] or options[:1]
            out += [(name, o.get('value')) for o in chosen]
        elif t.name == 'textarea':
            out.append((name, t.text()))
        elif kind not in ('radio', 'checkbox') or 'checked' in t.attrs:
            out.append((name, t.get('value', 'on')))
    return out


class Visitor:
    """A person with cookies; follows redirects; on_page(visitor, page) sees every page."""

    def __init__(self, node, name='', lang='vi', on_page=None):
        self.node, self.name, self.lang, self.on_page = node, name, lang, on_page
        self.cookies, self.connection, self.page = {'lang': lang}, None, None

    def end(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def call(self, method, path, body=None, headers=None):
        """(status, headers, bytes as sent)"""
        headers = {'Accept-Encoding': 'gzip', 'Accept': 'text/html', **(headers or {}),
                   'Cookie': '; '.join(f'{k}={v}' for k, v in self.cookies.items())}
        for again in (0, 1):
            try:
                if not self.connection:
                    self.connection = http.client.HTTPConnection('127.0.0.1', self.node.port, timeout=30)
                self.connection.request(method, path.split('#')[0], body, headers)
                r = self.connection.getresponse()
                break
            except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
                self.end()
                if again:
                    raise
        raw = r.read()
        for k, v in r.getheaders():
            if k.lower() == 'set-cookie':
                name, value = v.split(';')[0].split('=', 1)
                self.cookies[name] = value
                if not value or 'max-age=0' in v.lower():
                    del self.cookies[name]
        return r.status, {k.lower(): v for k, v in r.getheaders()}, raw

    def go(self, path, method='GET', body=None, headers=None):
        for _ in range(6):
            status, h, raw = self.call(method, path, body, headers)
            if status not in (302, 303):
                break
            method, body, path, headers = 'GET', None, urllib.parse.urljoin(path, h['location']), None
        data = gzip.decompress(raw) if h.get('content-encoding') == 'gzip' else raw
        is_page = 'html' in h.get('content-type', '')
        page = Page(data.decode('utf-8') if is_page else '', path, status, h, len(raw))
        page.raw = data
        if is_page:
            self.page = page
            if self.on_page:
                self.on_page(self, page)
        return page

    def send(self, form, values=None, files=None, press=None):
        """Fills a form of the page in and sends it. values: {name: text or list, None takes out};
        files: [(field, name, type, bytes)]; press: (name, value) of the button."""
        values = dict(values or {})
        pairs = [(k, v) for k, v in fields_of(form) if k not in values]
        for k, v in values.items():
            pairs += [(k, x) for x in (v if isinstance(v, list) else [v]) if x is not None]
        pairs += [press] if press else []
        path = urllib.parse.urljoin(self.page.path, form.get('action') or self.page.path)
        if form.get('method', 'get').lower() == 'get':
            return self.go(path.split('?')[0] + '?' + urllib.parse.urlencode(pairs))
        origin = {'Origin': f'http://127.0.0.1:{self.node.port}', 'Sec-Fetch-Site': 'same-origin'}
        if form.get('enctype') == 'multipart/form-data':
            body, kind = multipart(pairs, files or [])
        else:
            body, kind = urllib.parse.urlencode(pairs).encode(), 'application/x-www-form-urlencoded'
        return self.go(path, 'POST', body, {**origin, 'Content-Type': kind})

    def sign_in(self, login, password):
        self.go('/login')
        return self.send(self.page.form('/login'), {'login': login, 'password': password})


def multipart(pairs, files):
    mark, out = uuid.uuid4().hex, []
    for k, v in pairs:
        out.append(f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode())
    for field, name, kind, data in files:
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\nContent-Type: {kind}\r\n\r\n'
        out.append(head.encode() + data + b'\r\n')
    out.append(f'--{mark}--\r\n'.encode())
    return b''.join(out), f'multipart/form-data; boundary={mark}'


def keys_of(po):
    """The message keys of a po file."""
    return set(re.findall(r'^msgid "([a-z0-9_.]+)"', open(po, encoding='utf-8').read(), re.M))
