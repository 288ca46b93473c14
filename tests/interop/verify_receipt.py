#!/usr/bin/env python3
"""verify_receipt.py - checks a receipt, or a whole log, without any code of this project.

usage: verify_receipt.py RECEIPT.tlog-proof VKEY    one receipt; prints the proven entry
       verify_receipt.py --tree ROOT VKEY           a log: ROOT is a folder or an http(s) URL that
                                                    holds checkpoint, tile/… and tile/entries/…
VKEY is the note verifier key itself or a file that holds it. Exit 0: proven; 1: not; 2: usage.

Written only from RFC 9162 (section 2.1), RFC 8032 and the C2SP documents signed-note,
tlog-checkpoint, tlog-proof and tlog-tiles. Python's standard library suffices.
"""
import base64, hashlib, os, re, sys, urllib.request


class Unproven(Exception):
    pass


def need(ok, why):
    if not ok:
        raise Unproven(why)


def sha256(b):
    return hashlib.sha256(b).digest()


def b64(text):
    """RFC 4648 section 4, canonical: what encodes back to itself."""
    try:
        raw = base64.b64decode(text, validate=True)
    except Exception:
        raise Unproven('malformed base64')
    need(base64.b64encode(raw) == text.encode(), 'base64 that is not canonical')
    return raw


# -- Ed25519, RFC 8032 section 5.1 ---------------------------------------------------------------
P = 2 ** 255 - 19
L = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
I = pow(2, (P - 1) // 4, P)


def recover_x(y, sign):
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * I % P
    if (x * x - x2) % P:
        return None
    return P - x if (x & 1) != sign else x


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(s, p):
    q = (0, 1, 1, 0)
    while s:
        if s & 1:
            q = add(q, p)
        p, s = add(p, p), s >> 1
    return q


def point(b):
    y = int.from_bytes(b, 'little')
    sign, y = y >> 255, y & (1 << 255) - 1
    x = recover_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


GY = 4 * pow(5, P - 2, P) % P
G = (recover_x(GY, 0), GY, 1, recover_x(GY, 0) * GY % P)


def ed25519_verify(public, message, signature):
    a, r = point(public), point(signature[:32])
    s = int.from_bytes(signature[32:], 'little')
    if len(signature) != 64 or a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), 'little') % L
    p, q = times(s, G), add(r, times(h, a))
    return (p[0] * q[2] - q[0] * p[2]) % P == 0 and (p[1] * q[2] - q[1] * p[2]) % P == 0


# -- C2SP signed-note, tlog-checkpoint -----------------------------------------------------------
def vkey_parse(text):
    name, ident, key = text.strip().split('+', 2)
    raw = b64(key)
    need(len(raw) == 33 and raw[0] == 1, 'not an Ed25519 verifier key')
    need(sha256(name.encode() + b'\n' + raw)[:4].hex() == ident, 'the key id is not that of the key')
    return name, bytes.fromhex(ident), raw[1:]


def number(text):
    need(re.fullmatch(r'0|[1-9][0-9]*', text) is not None, f'malformed number {text!r}')
    return int(text)


def checkpoint_open(note, vkey):
    """(size, root) of a checkpoint that the key signed."""
    name, ident, public = vkey_parse(vkey)
    need(not re.search(rb'[\x00-\x09\x0b-\x1f]', note), 'control characters in the note')
    try:
        text = note.decode('utf-8')
    except UnicodeDecodeError:
        raise Unproven('the note is not UTF-8')
    body, gap, tail = text.rpartition('\n\n')
    need(gap and tail.endswith('\n'), 'not a signed note')
    body += '\n'
    good = False
    for line in tail[:-1].split('\n'):
        m = re.fullmatch(r'\u2014 ([^\s+]+) (\S+)', line)
        need(m, 'malformed signature line')
        raw = b64(m.group(2))
        if m.group(1) == name and raw[:4] == ident:
            need(ed25519_verify(public, body.encode(), raw[4:]), 'the signature is wrong')
            good = True
    need(good, 'not signed by this key')
    lines = body[:-1].split('\n')
    need(len(lines) >= 3 and all(lines), 'not a checkpoint')
    need(lines[0] == name, 'the origin is not the name of the key')
    root = b64(lines[2])
    need(len(root) == 32, 'malformed root')
    return number(lines[1]), root


# -- RFC 9162 section 2.1 ------------------------------------------------------------------------
def leaf_hash(entry):
    return sha256(b'\x00' + entry)


def node_hash(left, right):
    return sha256(b'\x01' + left + right)


def included(index, size, leaf, path, root):
    """Section 2.1.3.2."""
    if index >= size:
        return False
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def tree_hash(hashes):
    """MTH over hashes of equally large full subtrees, the last of which may be smaller."""
    if len(hashes) == 1:
        return hashes[0]
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(tree_hash(hashes[:k]), tree_hash(hashes[k:]))


# -- C2SP tlog-proof -----------------------------------------------------------------------------
def receipt_check(proof, vkey):
    head, gap, note = proof.partition(b'\n\n')
    need(gap, 'not a tlog-proof')
    try:
        lines = head.decode('ascii').split('\n')
    except UnicodeDecodeError:
        raise Unproven('not a tlog-proof')
    need(lines[0] == 'c2sp.org/tlog-proof@v1', 'not a tlog-proof')
    need(len(lines) > 2 and lines[1].startswith('extra '), 'the receipt carries no entry')
    need(lines[2].startswith('index '), 'the receipt names no place')
    entry, index = b64(lines[1][6:]), number(lines[2][6:])
    path = [b64(x) for x in lines[3:]]
    need(all(len(h) == 32 for h in path), 'malformed path')
    size, root = checkpoint_open(note, vkey)
    need(included(index, size, leaf_hash(entry), path, root), 'the entry is not in the signed tree')
    return entry


# -- C2SP tlog-tiles -----------------------------------------------------------------------------
def fetch(root, path):
    try:
        if re.match(r'https?://', root):
            with urllib.request.urlopen(root.rstrip('/') + '/' + path, timeout=30) as r:
                return r.read()
        with open(os.path.join(root, path), 'rb') as f:
            return f.read()
    except OSError as e:
        raise Unproven(f'{path}: {e}')


def tile_path(kind, n, width):
    parts = [f'{n % 1000:03d}']
    while n >= 1000:
        n //= 1000
        parts.insert(0, f'x{n % 1000:03d}')
    return f'tile/{kind}/' + '/'.join(parts) + ('' if width == 256 else f'.p/{width}')


def tiles_of(count):
    for n in range((count + 255) // 256):
        yield n, min(256, count - n * 256)


def entries_of(bundle):
    at, out = 0, []
    while at < len(bundle):
        n = int.from_bytes(bundle[at:at + 2], 'big')
        need(at + 2 + n <= len(bundle), 'a bundle ends within an entry')
        out.append(bundle[at + 2:at + 2 + n])
        at += 2 + n
    return out


def tree_check(root_of, vkey):
    size, root = checkpoint_open(fetch(root_of, 'checkpoint'), vkey)
    if size == 0:
        need(root == sha256(b''), 'the root of an empty log is wrong')
        return 0
    hashes = []
    for n, width in tiles_of(size):
        entries = entries_of(fetch(root_of, tile_path('entries', n, width)))
        need(len(entries) == width, f'entry bundle {n} has {len(entries)} entries, not {width}')
        hashes += [leaf_hash(e) for e in entries]
    level, rest = 0, []
    while hashes:
        for n, width in tiles_of(len(hashes)):
            want = b''.join(hashes[n * 256:n * 256 + width])
            need(fetch(root_of, tile_path(level, n, width)) == want, f'tile {level}/{n} is wrong')
        full = len(hashes) // 256
        rest.append(hashes[full * 256:])
        hashes = [tree_hash(hashes[n * 256:n * 256 + 256]) for n in range(full)]
        level += 1
    now = []
    for part in rest:
        # what is left of lower levels is one smaller subtree at the right
        now = [tree_hash(part + now)] if part or now else []
    need(now and now[0] == root, 'the signed root is not that of the entries')
    return size


def main(argv):
    if len(argv) == 3 and argv[0] == '--tree':
        vkey = open(argv[2]).read() if os.path.exists(argv[2]) else argv[2]
        print(f'proven: {tree_check(argv[1], vkey)} entries')
    elif len(argv) == 2 and not argv[0].startswith('-'):
        vkey = open(argv[1]).read() if os.path.exists(argv[1]) else argv[1]
        with open(argv[0], 'rb') as f:
            print(receipt_check(f.read(), vkey).decode())
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == '__main__':
    try:
        sys.exit(main(sys.argv[1:]))
    except (Unproven, ValueError) as e:
        print(f'not proven: {e}', file=sys.stderr)
        sys.exit(1)
