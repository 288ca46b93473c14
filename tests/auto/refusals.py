#!/usr/bin/env python3
"""refusals.py MOTCUA: what every route must refuse, made from the route table itself: anonymous,
wrong right, no CSRF token, cross-site, undeclared field, too large, wrong method."""
import os, re, sys

sys.path.insert(0, os.path.dirname(__file__))
from node import Node, Report

API, UPLOAD, LOOPBACK, EVENTS, LOGIN = 1, 16, 8, 64, 4
IN_PATH, IN_BODY = 0, 2
P_FILE = 6


def example(route):
    """The route's path with well-shaped values that name nothing."""
    def value(m):
        name = m[1].rstrip('*')
        for p in route['params']:
            if p['name'] == name and p['in'] == IN_PATH:
                if p['type'] == 2:
                    return str(max(1, p['least']))
                return 'H07.zz99aa11'.ljust(max(p['least'], 12), 'x')[:max(12, p['least'])] if p['type'] == 1 else 'zzz/zzz'
        return 'zzz'
    return re.sub(r'\{([^}]+)\}', value, route['path'])


def main():
    node, t = Node(sys.argv[1]).start(), Report()
    try:
        routes = node.routes()
        who = {role: login for login, role in node.accounts().items()}
        citizen, reception = node.token(who['citizen']), node.token(who['reception'])
        methods = {}
        for r in routes:
            methods.setdefault(r['path'], set()).add(r['method'])
        for r in routes:
            check_route(node, t, r, methods[r['path']], citizen, reception)
    finally:
        node.end()
    return t.end()


def check_route(node, t, r, known, citizen, reception):
    path, name = example(r), f"{r['method']} {r['path']}"
    api, writes = r['flags'] & API, r['method'] != 'GET'
    bearer = {'Authorization': 'Bearer ' + citizen}
    cookie = {'Cookie': 'motcua=' + citizen}
    body = {} if api and writes else b'' if writes else None

    other = next(m for m in ('PUT', 'DELETE', 'POST', 'GET') if m not in known)
    s, h, _ = node.call(other, path, b'' if other != 'GET' else None)
    t.expect(f'{name}: {other} is refused', s == 405 and r['method'] in h.get('allow', ''), (s, h.get('allow')))

    if r['need'] != 'NONE':
        s, h, _ = node.call(r['method'], path, body)
        ok = s == 401 if api else s in (401, 403) or (s == 303 and h.get('location', '').startswith('/login'))
        t.expect(f'{name}: anonymous is refused', ok, (s, h.get('location')))
    if r['need'] not in ('NONE', 'SELF'):
        s, _, _ = node.call(r['method'], path, body, bearer)
        t.expect(f'{name}: a citizen is refused', s == 403, s)
    if r['need'] in ('UNIT_ADMIN', 'PACK_PUBLISH', 'AUDIT', 'NODE_ADMIN'):
        s, _, _ = node.call(r['method'], path, body, {'Authorization': 'Bearer ' + reception})
        t.expect(f'{name}: a reception officer is refused', s == 403, s)
    if writes and not r['flags'] & LOGIN:
        s, _, _ = node.call(r['method'], path, body, cookie)
        t.expect(f'{name}: no CSRF token is refused', s == 403, s)
        s, _, _ = node.call(r['method'], path, body, {**cookie, 'Origin': 'https://evil.example', 'Sec-Fetch-Site': 'cross-site'})
        t.expect(f'{name}: another origin is refused', s == 403, s)
    if not r['flags'] & EVENTS:
        s, _, text = node.call('GET' if not writes else r['method'], path + '?zz_undeclared=1', body, bearer)
        t.expect(f'{name}: an undeclared field is refused', s == 400 or s == 403, s)
    if api and writes and not r['flags'] & UPLOAD and r['need'] in ('NONE', 'SELF'):
        s, _, text = node.call(r['method'], path, {'zz_undeclared': 1}, bearer)
        t.expect(f'{name}: an undeclared member is refused', s == 400 and 'zz_undeclared' in text, (s, text[:200]))
        s, _, _ = node.call(r['method'], path, b'{"a":1,"a":2}', {**bearer, 'Content-Type': 'application/json'})
        t.expect(f'{name}: duplicate members are refused', s == 400, s)
        s, _, _ = node.call(r['method'], path, b'a=1', {**bearer, 'Content-Type': 'text/plain'})
        t.expect(f'{name}: another media type is refused', s == 415, s)
    if writes and not r['flags'] & UPLOAD:
        big = b'x' * (r['body_max'] + (2 << 20))
        try:
            s, _, _ = node.call(r['method'], path, big, {**bearer, 'Content-Type': 'application/json'})
        except (BrokenPipeError, ConnectionResetError):
            s = 413  # refused before all of it was sent
        t.expect(f'{name}: too large is refused', s == 413, s)
    for p in r['params']:
        if p['in'] == 1 and p['type'] == 2:
            s, _, _ = node.call(r['method'], f"{path}?{p['name']}=x1", body, bearer)
            t.expect(f"{name}: {p['name']}=x1 is refused", s in (400, 403, 422), s)


sys.exit(main())
