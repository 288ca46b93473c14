-- Each unit's part of the key's range, not all of the indicator: most of it lies outside.
-- amounts_by_month :each (indicator text, first int, past int) -> (at int, unit int, procedure text, channel int, num int, den int)
select month, unit, procedure, channel, sum(num), sum(den) from (
    select month, unit, procedure, channel, num, den
    from (select id from unit union all select 0) u cross join cell_month
    where indicator = $1 and unit = u.id and month >= $2 and month < $3 and below = 0
    union all
    select month, unit, procedure, channel, num, den from cell
    where indicator = $1 and month >= $2 and month < $3) t
group by month, unit, procedure, channel;

-- amounts_by_day :each (indicator text, first int, past int) -> (at int, unit int, procedure text, channel int, num int, den int)
select day, unit, procedure, channel, sum(num), sum(den) from (
    select day, unit, procedure, channel, num, den
    from (select id from unit union all select 0) u cross join cell_day
    where indicator = $1 and unit = u.id and day >= $2 and day < $3
    union all
    select day, unit, procedure, channel, num, den from cell
    where indicator = $1 and day >= $2 and day < $3) t
group by day, unit, procedure, channel;

-- The units at the top hold what was counted below them, too.
-- month_before :one (indicator text, past int) -> (month int)
select coalesce(max(month), -1) from (
    select (select max(c.month) from cell_month c
        where c.indicator = $1 and c.unit = u.id and c.month < $2) as month
    from (select id from unit where parent is null union all select 0) u) t;

-- Read for the state that it holds while the log is gone through.
-- counted_held :each () -> (day int)
select coalesce(max(day), -1) from cell_clock;

-- day_before :one (past int) -> (day int)
select coalesce(max(day), -1) from cell_clock where day < $1;

-- move_was_undone :find (seq int) -> (seq int)
select seq from move_undone where seq = $1;

-- release_add :exec (dataset text, period text, revision int, seq int, released_us int, digest text, bytes int, nrows int, k int, smallest int, ledger_size int, pack text, missing text, nmissing int)
insert into dataset_release (dataset, period, revision, seq, released_us, digest, bytes, nrows, k,
    smallest, ledger_size, pack, missing, nmissing)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- release_find :find (dataset text, period text, revision int) -> (period text, revision int, seq int, released_us int, digest text, bytes int, nrows int, k int, smallest int, ledger_size int, pack text, missing text, nmissing int)
select period, revision, seq, released_us, digest, bytes, nrows, k, smallest, ledger_size, pack,
    missing, nmissing
from dataset_release
where dataset = $1 and ($2 = '' or period = $2) and ($3 = 0 or revision = $3)
order by period desc, revision desc limit 1;

-- releases_of :many (dataset text, most int) -> release_find
select period, revision, seq, released_us, digest, bytes, nrows, k, smallest, ledger_size, pack,
    missing, nmissing
from dataset_release where dataset = $1 order by period desc, revision desc limit coalesce($2, 0);

-- refusal_put :exec (dataset text, period text, seq int, refused_us int, nrows int, under int, smallest int, k int, coarser text, pack text)
insert into dataset_refusal (dataset, period, seq, refused_us, nrows, under, smallest, k, coarser,
    pack)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
on conflict (dataset, period) do update set seq = excluded.seq, refused_us = excluded.refused_us,
    nrows = excluded.nrows, under = excluded.under, smallest = excluded.smallest,
    k = excluded.k, coarser = excluded.coarser, pack = excluded.pack;

-- refusal_end :exec (dataset text, period text)
delete from dataset_refusal where dataset = $1 and period = $2;

-- refusal_find :find (dataset text, period text) -> (period text, seq int, refused_us int, nrows int, under int, smallest int, k int, coarser text, pack text)
select period, seq, refused_us, nrows, under, smallest, k, coarser, pack
from dataset_refusal where dataset = $1 and period = $2;

-- refusals_of :many (dataset text, most int) -> refusal_find
select period, seq, refused_us, nrows, under, smallest, k, coarser, pack
from dataset_refusal where dataset = $1 order by period desc limit coalesce($2, 0);

-- bytes_put :exec (digest text, body blob)
insert into dataset_bytes (digest, body) values ($1, $2) on conflict (digest) do nothing;

-- bytes_find :find (digest text) -> (body blob)
select body from dataset_bytes where digest = $1;
