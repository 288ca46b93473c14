#!/usr/bin/env python3
"""ops.py MOTCUA: a backup made under load is whole and restores to an equal node; verify finds
whatever is changed in the ledger; one folder has one writer; settings refuse what is wrong."""
import hashlib, json, os, shutil, sqlite3, sys, threading

sys.path.insert(0, os.path.dirname(__file__))
from node import Node, Report
from values import PETITION

LAST = '(select max(seq) from event)'
# What somebody with the file in hand might do to the record.
TAMPERS = {
    'facts of an event': "update event set facts = replace(facts, 'H07', 'H08') where seq = (select min(seq) from event where facts like '%H07%')",
    'the time of an event': f'update event set time_us = time_us + 1 where seq = {LAST}',
    'the unit of an event': f"update event set unit_code = 'H07.99' where seq = {LAST}",
    'a leaf': f"update event set leaf = zeroblob(32) where seq = {LAST}",
    'a lost event': f'delete from event where seq = {LAST} / 2',
    'a cut end': f'delete from event where seq = {LAST}',
    'a root of a tile': "update node set hash = zeroblob(32) where (level, idx) = (select level, idx from node limit 1)",
    'a signed root': 'update checkpoint set root = zeroblob(32) where size = (select min(size) from checkpoint)',
    'a signature': "update checkpoint set note = replace(note, '— ', '— x') where size = (select max(size) from checkpoint)",
    'a sealed value': f'update event set secret = zeroblob(length(secret)) where seq = (select min(seq) from event where secret is not null)',
}


def rows(data):
    """{table: all rows} of a folder's database."""
    db = sqlite3.connect(f'file:{data}/motcua.db?mode=ro', uri=True)
    names = [n for n, in db.execute("select name from sqlite_master where type = 'table' order by name")]
    return {n: sorted(db.execute(f'select * from "{n}"').fetchall(), key=repr) for n in names}


def files(data):
    """{path: digest} of papers, keys and settings."""
    out = {}
    for top in ('files', 'keys'):
        for folder, _, found in os.walk(os.path.join(data, top)):
            for f in found:
                path = os.path.join(folder, f)
                out[os.path.relpath(path, data)] = hashlib.sha256(open(path, 'rb').read()).hexdigest()
    conf = os.path.join(data, 'motcua.conf')
    if os.path.exists(conf):
        out['motcua.conf'] = hashlib.sha256(open(conf, 'rb').read()).hexdigest()
    return out


def private(data):
    return all(os.lstat(os.path.join(folder, f)).st_mode & 0o077 == 0
               for folder, dirs, found in os.walk(data) for f in dirs + found)


def backup_under_load(node, t):
    copy, back = os.path.join(node.dir, 'backup'), os.path.join(node.dir, 'restored')
    open(os.path.join(node.data, 'motcua.conf'), 'w').write('node_name = ops.example\n')
    os.chmod(os.path.join(node.data, 'motcua.conf'), 0o600)
    node.start()
    bearer = {'Authorization': 'Bearer ' + node.token('083195000000')}
    stop, acked = threading.Event(), []

    def load():
        while not stop.is_set():
            s, _, text = node.call('POST', '/api/v1/dossiers',
                                   {'service': 'petition', 'unit': 'H07.21.01', 'answers': PETITION}, bearer)
            if s == 201:
                acked.append(json.loads(text)['code'])
    th = threading.Thread(target=load)
    th.start()
    while len(acked) < 5:
        th.join(0.01)
    before = list(acked)
    done = node.run('backup', copy, check=False)
    stop.set()
    th.join()
    t.expect('a backup beside a running server', done.returncode == 0, done.stderr)
    tracks = {r for r, in sqlite3.connect(f'file:{copy}/motcua.db?mode=ro', uri=True).execute('select track from dossier')}
    t.expect('what was acknowledged before the backup is in it', set(before) <= tracks, set(before) - tracks)
    done = node.run('serve', '--port', '0', check=False)
    t.expect('a second server on the folder is refused with exit code 4', done.returncode == 4, (done.returncode, done.stderr))
    node.stop()
    done = node.run('verify', copy, data=False, check=False)
    t.expect('the backup verifies', done.returncode == 0, done.stdout)
    done = node.run('rebuild', '--check', '--data', copy, data=False, check=False)
    t.expect('the backup equals its rebuild', done.returncode == 0, done.stdout)
    done = node.run('restore', copy, '--data', back, data=False, check=False)
    t.expect('it restores', done.returncode == 0, done.stderr)
    t.expect('papers, keys and settings are equal', files(copy) == files(back) == files(node.data) and 'motcua.conf' in files(back),
             (files(copy), files(back)))
    a, b = rows(copy), rows(back)
    t.expect('every table is equal', a == b, [n for n in a if a[n] != b.get(n)])
    t.expect('nothing in a copy is for others', private(copy) and private(back))
    t.expect('keys stay private', all(os.stat(os.path.join(back, 'keys', k)).st_mode & 0o077 == 0 for k in os.listdir(os.path.join(back, 'keys'))))
    was = rows(back)
    done = node.run('restore', copy, '--data', back, data=False, check=False)
    t.expect('restoring over a node is refused', done.returncode != 0 and rows(back) == was, done.returncode)
    done = node.run('backup', copy, check=False)
    t.expect('a backup over a backup is refused', done.returncode != 0 and rows(copy) == a, done.returncode)
    serve_restored(node, t, back, before)


def serve_restored(node, t, back, codes):
    own, node.data = node.data, back
    node.start()
    lost = [c for c in codes if node.call('GET', f'/api/v1/dossiers/{c}/status')[0] != 200]
    t.expect('the restored node serves the dossiers', not lost, lost)
    node.stop()
    node.data = own


def tampering(node, t):
    copy = os.path.join(node.dir, 'tampered')
    for what, sql in TAMPERS.items():
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(node.data, copy)
        db = sqlite3.connect(os.path.join(copy, 'motcua.db'))
        n = db.execute(sql).rowcount
        db.commit()
        db.close()
        done = node.run('verify', copy, data=False, check=False)
        t.expect(f'verify finds {what}', n == 1 and done.returncode != 0, (n, done.returncode, done.stdout))
        t.expect(f'{what}: no signal ended it', done.returncode in (1, 5), done.returncode)


def papers(node, t):
    """A paper whose bytes were changed, or that is gone, is found: the events name its digest."""
    copy = os.path.join(node.dir, 'papers')
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(node.data, copy)
    named = sqlite3.connect(os.path.join(copy, 'motcua.db')).execute('select digest from dossier_file').fetchall()
    t.expect('there is a paper to tamper with', named)
    path = os.path.join(copy, 'files', named[0][0][:2], named[0][0][2:])
    was = open(path, 'rb').read()
    open(path, 'wb').write(was[:-1] + bytes([was[-1] ^ 1]))
    done = node.run('verify', copy, data=False, check=False)
    t.expect('verify finds a changed paper', done.returncode == 1 and named[0][0] in done.stdout, (done.returncode, done.stdout))
    os.unlink(path)
    done = node.run('verify', copy, '--json', data=False, check=False)
    t.expect('verify counts a missing paper', done.returncode == 1 and '"paper_faults":1' in done.stdout, (done.returncode, done.stdout))


def packs(node, t):
    """A pack that is not as it was published is found, by its bytes or by its signature."""
    copy = os.path.join(node.dir, 'packs')
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(node.data, copy)
    done = node.run('verify', copy, '--json', data=False, check=False)
    said = json.loads(done.stdout)
    t.expect('the packs are looked at', said['packs'] > 0 and said['pack_faults'] == 0 and done.returncode == 0, done.stdout)
    for change, word in (('archive = zeroblob(8)', 'bytes'), ('signature = zeroblob(64)', 'signature')):
        db = sqlite3.connect(os.path.join(copy, 'motcua.db'))
        db.execute(f'update pack_version set {change} where ref = (select max(ref) from pack_version)')
        db.commit()
        db.close()
        done = node.run('verify', copy, data=False, check=False)
        t.expect(f'verify finds a pack of other {word}', done.returncode == 1 and 'pack ' in done.stdout, (done.returncode, done.stdout))
        done = node.run('verify', copy, '--json', data=False, check=False)
        t.expect(f'and counts it ({word})', done.returncode == 1 and '"pack_faults":1' in done.stdout, done.stdout)


def settings(node, t):
    conf = os.path.join(node.data, 'motcua.conf')
    for line in ('http_port = 0', 'no_such = 1', 'web_workers = many', 'http_port 80'):
        open(conf, 'w').write(line + '\n')
        done = node.run('settings', check=False)
        t.expect(f'settings refuse: {line}', done.returncode != 0 and 'line 1' in done.stdout + done.stderr,
                 (done.returncode, done.stdout[:200], done.stderr))
    open(conf, 'w').write('# nothing\n')


def main():
    node, t = Node(sys.argv[1]), Report()
    try:
        node.run('demo', '--month', '--dossiers', '30')
        tampering(node, t)
        papers(node, t)
        packs(node, t)
        backup_under_load(node, t)
        settings(node, t)
        done = node.run('init', check=False)
        t.expect('init over a node is refused', done.returncode != 0, done.returncode)
        done = node.run('verify', os.path.join(node.dir, 'absent'), data=False, check=False)
        t.expect('verify of nothing is no success', done.returncode != 0, done.stdout)
    finally:
        node.end()
    return t.end()


if __name__ == '__main__':
    sys.exit(main())
