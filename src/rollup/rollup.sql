-- node_put :exec (name text, origin text, vkey text, unit text, trusted_us int)
insert into trusted_node (name, origin, vkey, unit, trusted_us, ended_us)
values ($1, $2, $3, $4, $5, 0)
on conflict (name) do update set origin = excluded.origin, vkey = excluded.vkey,
    unit = excluded.unit, trusted_us = excluded.trusted_us, ended_us = 0;

-- node_end :exec (name text, ended_us int)
update trusted_node set ended_us = $2 where name = $1;

-- nodes :many () -> (name text, origin text, vkey text, unit text, trusted_us int, ended_us int)
select name, origin, vkey, unit, trusted_us, ended_us from trusted_node order by unit, name;

-- statement_add :exec (node text, period text, revision int, seq int, taken_us int, made_us int, digest text, ncells int, ledger_size int, ledger_root text, late int, past text)
insert into statement (node, period, revision, seq, taken_us, made_us, digest, ncells,
    ledger_size, ledger_root, late, past)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- statement_last :find (node text, period text) -> (revision int, digest text)
select revision, digest from statement where node = $1 and period = $2
order by revision desc limit 1;

-- statement_longest :find (node text, since_us int) -> (period text, revision int, ledger_size int, ledger_root text, past text)
select period, revision, ledger_size, ledger_root, past from statement where node = $1 and taken_us >= $2
order by ledger_size desc, revision desc limit 1;

-- statements_from :each (period text) -> (node text, period text, revision int, seq int, taken_us int, made_us int, digest text, ncells int, ledger_size int, late int)
select node, period, revision, seq, taken_us, made_us, digest, ncells, ledger_size, late
from statement where period >= $1 order by node, period, revision;

-- statements_between :each (first text, last text) -> statements_from
select node, period, revision, seq, taken_us, made_us, digest, ncells, ledger_size, late
from statement where period >= $1 and period <= $2 order by node, period, revision;

-- node_cells :each (node text, period text) -> (indicator text, unit int, procedure text, channel int, bucket int, num int, den int)
select indicator, unit, procedure, channel, bucket, num, den from statement_cell
where node = $1 and period = $2;

-- node_cells_end :exec (node text, period text)
delete from statement_cell where node = $1 and period = $2;

-- node_cell_put :exec (node text, period text, indicator text, unit int, procedure text, channel int, bucket int, num int, den int)
insert into statement_cell (node, period, indicator, unit, procedure, channel, bucket, num, den)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (node, period, indicator, unit, procedure, channel, bucket)
do update set num = statement_cell.num + excluded.num, den = statement_cell.den + excluded.den;

-- stated_refusal_put :exec (node text, digest text, period text, seq int, refused_us int, reason text)
insert into statement_refusal (node, digest, period, seq, refused_us, reason)
values ($1, $2, $3, $4, $5, $6) on conflict (node, digest) do nothing;

-- stated_refusal_find :find (node text, digest text) -> (seq int)
select seq from statement_refusal where node = $1 and digest = $2;

-- stated_refusals_since :one (node text, since_us int) -> (n int)
select count(*) from statement_refusal where node = $1 and refused_us >= $2;

-- stated_refusals_last :many (most int) -> (node text, digest text, period text, seq int, refused_us int, reason text)
select node, digest, period, seq, refused_us, reason from statement_refusal
order by refused_us desc, digest limit coalesce($1, 0);

-- made_add :exec (period text, revision int, seq int, made_us int, digest text, ncells int, ledger_size int)
insert into statement_made (period, revision, seq, made_us, digest, ncells, ledger_size)
values ($1, $2, $3, $4, $5, $6, $7);

-- made_sizes :many (most int) -> (ledger_size int)
select distinct ledger_size from statement_made where ledger_size > 0
order by ledger_size desc limit coalesce($1, 0);

-- made_last :find (period text) -> (revision int, digest text, ncells int)
select revision, digest, ncells from statement_made where period = $1
order by revision desc limit 1;

-- made_same :find (period text, below int, digest text) -> (revision int)
select revision from statement_made where period = $1 and revision < $2 and digest = $3 limit 1;

-- made_from :many (period text) -> (period text, revision int, made_us int, ncells int, tries int, tried_us int, done_us int, answer text)
select m.period, m.revision, m.made_us, m.ncells, coalesce(p.tries, 0), coalesce(p.tried_us, 0),
    coalesce(p.done_us, 0), coalesce(p.answer, '')
from statement_made m
left join statement_push p on p.period = m.period and p.revision = m.revision
where m.period >= $1
  and m.revision = (select max(x.revision) from statement_made x where x.period = m.period)
order by m.period desc;

-- push_put :exec (period text, revision int, body text)
insert into statement_push (period, revision, tries, tried_us, done_us, answer, body)
values ($1, $2, 0, 0, 0, '', $3) on conflict (period, revision) do nothing;

-- push_file :find (period text) -> (revision int, body text)
select revision, body from statement_push where period = $1 order by revision desc limit 1;

-- push_mark :exec (period text, revision int, tried_us int, done_us int, answer text)
update statement_push set tries = tries + 1, tried_us = $3, done_us = $4, answer = $5
where period = $1 and revision = $2;

-- look_get :find () -> (unit text, size int, log_first int, log_last int, told int, month int)
select unit, size, log_first, log_last, told, month from statement_look where id = 1;

-- look_put :exec (unit text, size int, log_first int, log_last int, told int, month int)
insert into statement_look (id, unit, size, log_first, log_last, told, month)
values (1, $1, $2, $3, $4, $5, $6)
on conflict (id) do update set unit = excluded.unit, size = excluded.size,
    log_first = excluded.log_first, log_last = excluded.log_last, told = excluded.told,
    month = excluded.month;

-- look_now :one () -> (log_first int, log_last int, told int)
select coalesce((select min(id) from cell), -1), coalesce((select max(id) from cell), -1),
    coalesce((select max(seq) from statement), -1);

-- log_months :each (after int) -> (month int)
select distinct month from cell where id > $1;

-- told_periods :each (seq int) -> (period text)
select distinct period from statement where seq > $1;

-- first_day :one () -> (day int)
select coalesce((select day from cell_clock order by day limit 1), (select min(day) from cell));

-- first_period :find () -> (period text)
select period from statement order by period limit 1;
