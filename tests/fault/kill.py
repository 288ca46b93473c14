#!/usr/bin/env python3
"""kill.py MOTCUA [ROUNDS]: kill -9 at random moments under load. After each: every acknowledged
dossier is there, no half dossier, the ledger verifies; the projections equal a rebuild."""
import json, os, random, sys, threading, time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'auto'))
from node import Node, Report
from values import PETITION

CLIENTS = 8
CITIZEN = '083095012345'


def load(node, bearer, stop, acked, tried, lock, number):
    n = 0
    while not stop.is_set():
        n += 1
        key = f'{number}-{n}'
        with lock:
            tried.add(key)
        try:
            s, _, text = node.call('POST', '/api/v1/dossiers',
                                   {'service': 'petition', 'unit': 'H00.01', 'answers': PETITION},
                                   {**bearer, 'Idempotency-Key': key}, timeout=5)
        except Exception:
            return
        if s == 201:
            with lock:
                acked[key] = json.loads(text)['code']


def main():
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    rng, t = random.Random(int(os.environ.get('SEED', '7'))), Report()
    node = Node(sys.argv[1], demo=False)
    try:
        node.run('unit', 'add', 'H00.01', '--kind', 'commune', '--name-vi',
                 'Xã Mẫu', '--name-en', 'Sample commune', '--parent', 'H00')
        node.run('user', 'add', CITIZEN, '--name', 'Nguyễn Thử Nghiệm', input='motcua-demo\n')
        all_acked = {}
        for r in range(rounds):
            one_round(node, t, rng, r, all_acked)
            if r % 10 == 9 or r + 1 == rounds:
                done = node.run('rebuild', '--check', check=False)
                t.expect(f'round {r}: rebuild equals', done.returncode == 0, done.stdout)
                print(f'round {r + 1}/{rounds}: {len(all_acked)} acknowledged, all there', flush=True)
    finally:
        node.end()
    return t.end()


def one_round(node, t, rng, r, all_acked):
    node.start()
    bearer = {'Authorization': 'Bearer ' + node.token(CITIZEN)}
    stop, lock, acked, tried = threading.Event(), threading.Lock(), {}, set()
    threads = [threading.Thread(target=load, args=(node, bearer, stop, acked, tried, lock, f'{r}-{i}'))
               for i in range(CLIENTS)]
    for th in threads:
        th.start()
    time.sleep(rng.uniform(0.02, 0.4))
    node.stop(kill=True)
    stop.set()
    for th in threads:
        th.join()
    all_acked.update(acked)
    done = node.run('verify', node.data, data=False, check=False)
    t.expect(f'round {r}: the ledger verifies', done.returncode == 0, done.stdout)
    node.start()
    lost = [c for c in acked.values() if node.call('GET', f'/api/v1/dossiers/{c}/status')[0] != 200]
    t.expect(f'round {r}: {len(acked)} acknowledged are there', not lost, lost)
    bearer = {'Authorization': 'Bearer ' + node.token(CITIZEN)}
    # A retry under the same key gives the same dossier, whether or not the answer had arrived.
    for key, code in list(acked.items())[:2]:
        s, _, text = node.call('POST', '/api/v1/dossiers',
                               {'service': 'petition', 'unit': 'H00.01', 'answers': PETITION},
                               {**bearer, 'Idempotency-Key': key})
        t.expect(f'round {r}: a retry is the same dossier', s == 201 and json.loads(text)['code'] == code, (s, text))
    node.stop()


sys.exit(main())
