#!/usr/bin/env python3
"""erasure.py MOTCUA: after a lawful erasure no value of the person is left in the folder, the
proofs still hold, a rebuild equals, and the person's papers leave the disk."""
import json, os, sqlite3, sys, time

sys.path.insert(0, os.path.dirname(__file__))
from node import Node, Report

LAW = 'Luật 91/2025/QH15, Điều 14'


def database(node):
    return sqlite3.connect(os.path.join(node.data, 'motcua.db'))


def words_left(node, words):
    """Which of the words stand anywhere in the database's bytes."""
    raw = b''.join(open(os.path.join(node.data, f), 'rb').read()
                   for f in os.listdir(node.data) if f.startswith('motcua.db'))
    return [w for w in words if w.encode() in raw]


def paper_of_own(node, token):
    """A dossier with one paper whose bytes nobody else has; its digest."""
    bearer = {'Authorization': 'Bearer ' + token}
    s, _, text = node.call('POST', '/api/v1/drafts', {'service': 'petition', 'unit': 'H07.21.01', 'answers': {
        'kind': 'local', 'field': 'transport', 'subject': 'Chuyện chỉ riêng người này biết',
        'content': 'Nội dung chỉ riêng người này biết, dài hơn hai mươi ký tự.', 'place': 'ấp Mẫu',
        'identity': 'named', 'confidential': False, 'may_publish': True, 'declaration': True}}, bearer)
    draft = json.loads(text)['draft']
    service = json.loads(node.call('GET', '/api/v1/services/petition')[2])
    document = service['documents'][0]['id']
    boundary, png = 'paper', b'\x89PNG\r\n\x1a\n-one of a kind'
    body = b''.join((f'--{boundary}\r\nContent-Disposition: form-data; name="document"\r\n\r\n{document}\r\n'.encode(),
                     f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n'
                     'Content-Type: image/png\r\n\r\n'.encode(), png, f'\r\n--{boundary}--\r\n'.encode()))
    s, _, text = node.call('POST', f'/api/v1/drafts/{draft}/files', body,
                           {**bearer, 'Content-Type': f'multipart/form-data; boundary={boundary}'})
    digest = json.loads(text)['sha256']
    s, _, text = node.call('POST', '/api/v1/dossiers', {'draft': draft}, bearer)
    assert s == 201, text
    return digest, json.loads(text)['code']


def main():
    node, t = Node(sys.argv[1]), Report()
    try:
        number, name = '083095012345', 'Nguyễn Xóa Hết Dữ Liệu'
        node.run('user', 'add', number, '--name', name, input='motcua-demo\n')
        node.start()
        digest, code = paper_of_own(node, node.token(number))
        node.stop()
        paper = os.path.join(node.data, 'files', digest[:2], digest[2:])
        t.expect('the paper is on the disk', os.path.exists(paper), paper)
        t.expect('the person is in the database', words_left(node, [number, name]) == [number, name])

        done = node.run('person', 'erase', number, check=False)
        t.expect('without a ground nothing is erased', done.returncode == 2, done.returncode)
        done = node.run('person', 'erase', '083099999999', '--law', LAW, check=False)
        t.expect('nobody of that number: exit code 3', done.returncode == 3, done.returncode)
        done = node.run('person', 'erase', number, '--law', LAW, check=False)
        t.expect('the person is erased', done.returncode == 0, done.stderr)
        left = words_left(node, [number, name, 'chỉ riêng người này'])
        t.expect('no value is left in the database', not left, left)
        t.expect('no row names the paper', not database(node).execute(
            'select 1 from dossier_file where digest = ?', (digest,)).fetchone())
        done = node.run('verify', node.data, data=False, check=False)
        t.expect('the ledger verifies', done.returncode == 0, done.stdout)
        done = node.run('rebuild', '--check', check=False)
        t.expect('a rebuild equals', done.returncode == 0, done.stdout)
        os.utime(paper, (0, 0))  # as if it were days old
        node.start()
        s, _, _ = node.call('POST', '/api/v1/session', {'login': number, 'password': 'motcua-demo'})
        t.expect('nobody signs in as that person', s == 401, s)
        s, _, text = node.call('GET', f'/api/v1/dossiers/{code}/status')
        t.expect('the dossier stands, without a name', s == 200 and name not in text, (s, text))
        for _ in range(100):  # the sweep runs a few seconds after the start
            if not os.path.exists(paper):
                break
            time.sleep(0.1)
        t.expect('the paper leaves the disk', not os.path.exists(paper))
    finally:
        node.end()
    return t.end()


if __name__ == '__main__':
    sys.exit(main())
