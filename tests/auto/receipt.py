#!/usr/bin/env python3
"""receipt.py MOTCUA: a filed dossier's receipt proves it, offline, by the program and by a
checker written from RFC 9162 and C2SP alone; one flipped bit anywhere fails both. Two requests
with one Idempotency-Key make one dossier. An officer of another unit is refused and journalled."""
import base64, json, os, subprocess, sys

sys.path.insert(0, os.path.dirname(__file__))
from node import Node, Report
from values import PETITION

CHECKER = os.path.join(os.path.dirname(__file__), '..', 'interop', 'verify_receipt.py')


def verdicts(node, proof, vkey):
    path = os.path.join(node.dir, 'r.tlog-proof')
    open(path, 'wb').write(proof)
    ours = node.run('receipt', 'verify', path, '--vkey', vkey, data=False, check=False).returncode
    theirs = subprocess.run([sys.executable, CHECKER, path, vkey], capture_output=True).returncode
    return ours, theirs


def main():
    node, t = Node(sys.argv[1]).start(), Report()
    try:
        who = {role: login for login, role in node.accounts().items()}
        bearer = {'Authorization': 'Bearer ' + node.token(who['citizen'])}
        order = {'service': 'petition', 'unit': 'H07.21.01', 'answers': PETITION}
        key = {'Idempotency-Key': 'receipt-test-1'}

        s, _, text = node.call('POST', '/api/v1/dossiers', order, {**bearer, **key})
        t.expect('a dossier is filed', s == 201, text)
        first = json.loads(text)
        s, h, text = node.call('POST', '/api/v1/dossiers', order, {**bearer, **key})
        t.expect('the same key again is the same dossier',
                 s == 201 and json.loads(text)['code'] == first['code'], text)
        s, _, text = node.call('GET', '/api/v1/dossiers', None, bearer)
        t.expect('there is one dossier', json.loads(text)['total'] == 1, text)
        s, _, text = node.call('POST', '/api/v1/dossiers', {**order, 'unit': 'H07.21.02'}, {**bearer, **key})
        t.expect('another body under the key is refused', s == 422, (s, text))

        vkey = node.call('GET', '/ledger/vkey')[2].strip()
        proof = first['receipt'].encode()
        t.expect('the receipt verifies twice', verdicts(node, proof, vkey) == (0, 0))
        entry = json.loads(base64.b64decode(proof.split(b'\n')[1].split(b' ')[1]))
        t.expect('the entry names the unit and no person',
                 entry['unit'] == 'H07.21.01' and who['citizen'] not in json.dumps(entry), entry)
        step = max(1, len(proof) // 40)
        for at in range(0, len(proof), step):
            if proof[at:at + 1] == b'\n':
                continue
            bad = bytearray(proof)
            bad[at] ^= 1
            t.expect(f'one flipped bit at {at} fails', 0 not in verdicts(node, bytes(bad), vkey))

        other = {'Authorization': 'Bearer ' + node.token('reception.h07.21.02')}
        s, _, text = node.call('GET', '/api/v1/dossiers/' + first['code'], None, other)
        t.expect('an officer of another unit gets 403', s == 403, (s, text))
        tree = subprocess.run([sys.executable, CHECKER, '--tree', f'http://127.0.0.1:{node.port}/ledger', vkey],
                              capture_output=True, text=True)
        t.expect('the served ledger verifies as a whole', tree.returncode == 0, tree.stdout + tree.stderr)
        node.stop()
        done = node.run('verify', node.data, data=False, check=False)
        t.expect('motcua verify', done.returncode == 0, done.stdout)
        done = node.run('rebuild', '--check', check=False)
        t.expect('motcua rebuild --check', done.returncode == 0, done.stdout)
        import sqlite3
        db = sqlite3.connect(os.path.join(node.data, 'motcua.db'))
        kinds = [k for k, in db.execute("select kind from event")]
        t.expect('the refusal is journalled', any(str(k) in ('access.refused', str(11)) for k in kinds), set(kinds))
    finally:
        node.end()
    return t.end()


sys.exit(main())
