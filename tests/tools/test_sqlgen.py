#!/usr/bin/env python3
"""test_sqlgen.py TOOLS - what tools/sqlgen makes, and what it must refuse."""
import os, subprocess, sys, tempfile

sqlgen = os.path.join(sys.argv[1], 'sqlgen')
SCHEMA = "-- it's a comment\ncreate table t (\n  id bigint primary key not null, -- key\n  a text, b blob);\n"

GOOD = """-- a comment on the file
-- t_get :find (id int) -> (id int, a text)
-- '$9' here and "$8" here are nothing
select id, a from t where id = $1 and a <> '$7 -- not a comment';

-- t_all :many () -> t_get
select id, a from t;

-- t_add :exec (id int, a text, b blob)
insert into t (id, a, b) values ($1, $2, $3) on conflict (id) do update set a = $2;
"""

BAD = [
    ('-- x :find (id int) -> (id uuid)\nselect id from t where id = $1;', 'unknown type'),
    ('-- x :fetch () -> (id int)\nselect id from t;', 'unknown kind'),
    ('-- x :exec (id int)\ndelete from t;', 'not used'),
    ('-- x :exec ()\ndelete from t where id = $1;', 'no parameter'),
    ('-- x :exec ()\ndelete from t;\n-- x :exec ()\ndelete from t;', 'named twice'),
    ('-- x :exec (a text, a text)\ndelete from t where a = $1 or a = $2;', 'given twice'),
    ('-- x :exec (int int)\ndelete from t where id = $1;', 'another'),
    ('-- x :exec () -> (id int)\ndelete from t;', 'no columns'),
    ('-- x :many ()\nselect id from t;', 'needs'),
    ('-- x :many () -> y\nselect id from t;', 'no earlier query'),
    ('-- x :many () -> (id int, a text)\nselect id from t;', '1 columns, 2 declared'),
    ('-- x :many () -> (id int)\nselect idd from t;', 'no such column'),
    ('-- x :many () -> (id int)\nselect id from tt;', 'no such table'),
    ('-- x :exec ()\ndelete from t', "does not end"),
    ('-- x :exec ()\ndelete from t; delete from t;', 'one statement'),
    ('-- x :exec id int\ndelete from t;', 'cannot read the header'),
    ('delete from t;', 'without a header'),
]


def run(d, sql):
    with open(d + '/demo.sql', 'w') as f:
        f.write(sql)
    return subprocess.run([sys.executable, sqlgen, d + '/demo.sql', d + '/o.h', d + '/o.c',
                           '--schema', d + '/schema'], capture_output=True, text=True)


def main(d):
    os.mkdir(d + '/schema')
    with open(d + '/schema/0001_demo.sql', 'w') as f:
        f.write(SCHEMA)
    r = run(d, GOOD)
    assert r.returncode == 0, r.stderr
    made = open(d + '/o.h').read() + open(d + '/o.c').read()
    for part in ('sql_t_get(struct ctx *cx, int64_t id, struct t_get_row **ret)',
                 'struct t_get_row *v;', "a <> '$7 -- not a comment'", 'id = \\?1',
                 'SQL_INT(id), SQL_TEXT(a), SQL_BLOB(b)'):
        assert part in made, part
    for sql, why in BAD:
        r = run(d, sql)
        assert r.returncode != 0 and why in r.stderr and 'Traceback' not in r.stderr, (sql, r.stderr)
    subprocess.run([sys.executable, sqlgen, '--migrations', d + '/schema', d + '/m.h'], check=True)
    made = open(d + '/m.h').read()
    assert 'id integer primary key not null' in made and 'comment' not in made, made


with tempfile.TemporaryDirectory() as folder:
    main(folder)
