#!/usr/bin/env python3
"""test_interop.py MAKE_LOG - a checker that knows only the standards proves what we wrote, and
refuses it with one bit flipped."""
import importlib.util, os, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location('v', os.path.join(here, 'verify_receipt.py'))
v = importlib.util.module_from_spec(spec)
spec.loader.exec_module(v)


def flipped(b, bit):
    b = bytearray(b)
    b[bit // 8] ^= 1 << bit % 8
    return bytes(b)


def refused(f, *args):
    try:
        f(*args)
    except (v.Unproven, ValueError):
        return True
    return False


def ed25519_vectors():
    """RFC 8032 section 7.1, test 2."""
    pub = bytes.fromhex('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c')
    sig = bytes.fromhex('92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da'
                        '085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00')
    assert v.ed25519_verify(pub, b'\x72', sig)
    assert not v.ed25519_verify(pub, b'\x73', sig)
    assert not v.ed25519_verify(pub, b'\x72', flipped(sig, 9))


def receipts(out, vkey):
    names = sorted(os.listdir(out + '/receipt'))
    for name in names:
        proof = open(f'{out}/receipt/{name}', 'rb').read()
        entry = v.receipt_check(proof, vkey)
        assert b'"seq":' + name.split('.')[0].encode() + b',' in entry, name
    proof = open(f'{out}/receipt/37.tlog-proof', 'rb').read()
    step = 11  # every 11th bit: all positions within a byte, a few seconds
    for bit in range(0, len(proof) * 8, step):
        assert refused(v.receipt_check, flipped(proof, bit), vkey), f'bit {bit} may be flipped'
    return len(names)


def tree(out, vkey):
    assert v.tree_check(out, vkey) == 700
    for name in ('checkpoint', 'tile/entries/001', 'tile/0/002.p/188', 'tile/1/000.p/2'):
        with open(f'{out}/{name}', 'rb') as f:
            whole = f.read()
        for bit in (3, len(whole) * 4 + 1, len(whole) * 8 - 12):
            with open(f'{out}/{name}', 'wb') as f:
                f.write(flipped(whole, bit))
            assert refused(v.tree_check, out, vkey), f'{name}: bit {bit} may be flipped'
        with open(f'{out}/{name}', 'wb') as f:
            f.write(whole)


def main(make_log):
    with tempfile.TemporaryDirectory() as d:
        subprocess.run([make_log, d + '/data', d + '/out'], check=True)
        os.path.exists(d + '/out/vkey') or sys.exit('nothing was exported')
        with open(d + '/out/vkey') as f:
            vkey = f.read()
        ed25519_vectors()
        n = receipts(d + '/out', vkey)
        tree(d + '/out', vkey)
        print(f'{n} receipts and 700 entries proven')


main(sys.argv[1])
