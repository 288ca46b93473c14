#!/usr/bin/env python3
"""rebuild.py MOTCUA: what people see is a fold of the events. A played node equals its rebuild;
one changed cell, one lost row, one row too many in any projection is found and named."""
import os, re, shutil, sqlite3, sys

sys.path.insert(0, os.path.dirname(__file__))
from node import Node, Report
from values import PETITION

# A projection, one change of one of its cells. Every table a subscriber owns stands here.
CHANGES = {
    'unit': "update unit set name_vi = name_vi || 'x' where id = (select min(id) from unit)",
    'subject': "update subject set birth = birth + 1 where id = (select min(id) from subject where birth is not null)",
    'account': 'update account set closed = 1 where id = (select min(id) from account)',
    'role_grant': "update role_grant set role = 'leader' where (account, unit, role) = (select account, unit, role from role_grant where role = 'reception' limit 1)",
    'dossier': 'update dossier set is_late = 1 - is_late where id = (select min(id) from dossier)',
    'dossier_entry': "update dossier_entry set words = null where (dossier, seq) = (select dossier, seq from dossier_entry where words is not null limit 1)",
    'dossier_file': 'update dossier_file set size = size + 1 where id = (select min(id) from dossier_file)',
    'counter': 'update counter set n = n + 1 where (unit, day) = (select unit, day from counter limit 1)',
    'public_answer': "update public_answer set answer = 'x' where dossier = (select min(dossier) from public_answer)",
    'dossier_read': 'update dossier_read set read_us = read_us + 1 where (dossier, actor) = (select dossier, actor from dossier_read limit 1)',
    'dossier_look': 'update dossier_look set unit = unit + 1 where seq = (select min(seq) from dossier_look)',
    'cell': 'update cell set num = num + 1 where id = (select min(id) from cell)',
    'cell_day': 'update cell_day set den = den + 1 where (indicator, unit, day, procedure, channel, bucket) = (select indicator, unit, day, procedure, channel, bucket from cell_day limit 1)',
    'below_day': 'update below_day set num = num + 1 where (indicator, unit, day, procedure, bucket) = (select indicator, unit, day, procedure, bucket from below_day order by day desc limit 1)',
    'cell_month': 'update cell_month set num = num - 1 where (indicator, unit, month, below, procedure, channel, bucket) = (select indicator, unit, month, below, procedure, channel, bucket from cell_month limit 1)',
    'sum_day': 'update sum_day set num = num + 1 where (indicator, unit, day, bucket) = (select indicator, unit, day, bucket from sum_day limit 1)',
    'sum_month': 'update sum_month set num = 0, den = den + 7 where (indicator, unit, month, bucket) = (select indicator, unit, month, bucket from sum_month limit 1)',
    'cell_trace': "update cell_trace set traces = zeroblob(length(traces)) where (indicator, block) = (select indicator, block from cell_trace limit 1)",
    'cell_above': 'update cell_above set above = unit where (unit, above) = (select unit, above from cell_above limit 1)',
    'cell_clock': 'update cell_clock set seq = seq + 1 where (day) = (select day from cell_clock limit 1)',
    'cell_late': 'update cell_late set events = events + 1 where (indicator, day, seen, unit, procedure, channel) = (select indicator, day, seen, unit, procedure, channel from cell_late limit 1)',
    'indicator_past': 'update indicator_past set since = since + 1',
    'indicator_set': 'update indicator_set set seq = seq + 1 where rowid = (select min(rowid) from indicator_set)',
}
ROWS = {
    'a row is lost': ('cell', 'delete from cell where id = (select max(id) from cell)'),
    'a folded day is lost': ('cell_day', 'delete from cell_day where (indicator, unit, day, procedure, channel, bucket) = (select indicator, unit, day, procedure, channel, bucket from cell_day limit 1)'),
    'a day of the units below is lost': ('below_day', 'delete from below_day where (indicator, unit, day, procedure, bucket) = (select indicator, unit, day, procedure, bucket from below_day limit 1)'),
    'a month that nobody counted': ('cell_month', "insert into cell_month values ('received', 1, 24000, 0, '9.9', 1, 0, 5, 0)"),
    'a block of traces is lost': ('cell_trace', 'delete from cell_trace where (indicator, block) = (select indicator, block from cell_trace order by n desc limit 1)'),
    'a move undone that was not': ('move_undone', 'insert into move_undone values (1)'),
    'a row is too many': ('counter', 'insert into counter (unit, day, n) values (1, 1, 1)'),
    'a dossier is lost': ('dossier', 'delete from dossier where id = (select min(id) from dossier)'),
}


def change(data, sql):
    db = sqlite3.connect(os.path.join(data, 'motcua.db'))
    n = db.execute(sql).rowcount
    db.commit()
    db.close()
    return n


def attempt(node, t, what, table, sql):
    copy = os.path.join(node.dir, 'copy')
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(node.data, copy)
    if change(copy, sql) != 1:
        return t.expect(what, False, 'the table has no row to change')
    done = node.run('rebuild', '--check', '--data', copy, data=False, check=False)
    t.expect(what, done.returncode == 1 and f'{table}: row ' in done.stdout, (done.returncode, done.stdout))


def filed(node, t):
    """What the served node counts stands in the log, beside what the demo folded."""
    node.start()
    bearer = {'Authorization': 'Bearer ' + node.token('083195000000')}
    s, _, text = node.call('POST', '/api/v1/dossiers', {'service': 'petition', 'unit': 'H07.21.01', 'answers': PETITION}, bearer)
    t.expect('a dossier is filed', s == 201, text)
    node.stop()


def migrated(node, t):
    """A node from before 0045 has no sums of the days below: starting makes them of what it has."""
    copy = os.path.join(node.dir, 'copy')
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(node.data, copy)
    change(copy, 'drop table below_day')
    change(copy, 'delete from migration where number = 45')
    data, node.data = node.data, copy
    node.start()
    node.stop()
    node.data = data
    done = node.run('rebuild', '--check', '--data', copy, data=False, check=False)
    t.expect('sums made when starting equal those counted', done.returncode == 0 and ' 0 differences' in done.stdout,
             (done.returncode, done.stdout, done.stderr))


def played(motcua, t):
    """Bulk work counts and prepares on threads of its own: the same seed is the same year, and all of it adds up."""
    said = []
    for _ in range(2):
        node = Node(motcua)
        try:
            out = node.run('demo', '--year', '--dossiers', '500', '--seed', '77').stdout
            said.append([re.sub(r'[\d.]+ s\b', '', line) for line in out.splitlines()]) # but for how long it took
            done = node.run('rebuild', '--check', check=False)
            t.expect('a year played in bulk equals', done.returncode == 0 and ' 0 differences' in done.stdout, done.stdout)
        finally:
            node.end()
    t.expect('the same seed, the same figures', said[0] == said[1] and len(said[0]) > 20, said)


def main():
    node, t = Node(sys.argv[1]), Report()
    try:
        played(sys.argv[1], t)
        node.run('demo', '--month', '--dossiers', '40')
        node.run('indicator', 'backfill', 'received')  # what was counted so far is folded
        node.run('demo', '--month', '--dossiers', '10')  # of the same days: these come late
        node.run('user', 'add', '083095012345', '--name', 'Nguyễn Thử Nghiệm', input='motcua-demo\n')
        filed(node, t)
        before = open(os.path.join(node.data, 'motcua.db'), 'rb').read()
        done = node.run('rebuild', '--check', check=False)
        t.expect('untouched, it equals', done.returncode == 0 and ' 0 differences' in done.stdout, done.stdout)
        t.expect('comparing changes nothing', open(os.path.join(node.data, 'motcua.db'), 'rb').read() == before)
        migrated(node, t)
        for table, sql in CHANGES.items():
            attempt(node, t, f'one cell of {table} is found', table, sql)
        for what, (table, sql) in ROWS.items():
            attempt(node, t, what + ' and found', table, sql)
    finally:
        node.end()
    return t.end()


if __name__ == '__main__':
    sys.exit(main())
