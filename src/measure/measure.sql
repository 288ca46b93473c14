-- cell_add :exec (id int, indicator text, unit int, day int, month int, procedure text, channel int, bucket int, num int, den int, subject int, undone int)
insert into cell (id, indicator, unit, day, month, procedure, channel, bucket, num, den, subject, undone)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- late_add :exec (indicator text, day int, seen int, unit int, procedure text, channel int)
insert into cell_late (indicator, day, seen, unit, procedure, channel, events)
values ($1, $2, $3, $4, $5, $6, 1)
on conflict (indicator, day, seen, unit, procedure, channel)
do update set events = cell_late.events + 1;

-- clock_last :find () -> (day int)
select day from cell_clock order by day desc limit 1;

-- clock_held :each () -> (day int)
select coalesce(max(day), -1000000) from cell_clock;

-- clock_add :exec (day int, seq int)
insert into cell_clock (day, seq) values ($1, $2);

-- clock_days :many () -> (day int, seq int)
select day, seq from cell_clock order by day desc limit 10000;

-- undone_add :exec (seq int)
insert into move_undone (seq) values ($1) on conflict (seq) do nothing;

-- undone_is :find (seq int) -> (seq int)
select seq from move_undone where seq = $1;

-- above_parent :exec (unit int)
insert into cell_above (unit, above)
select id, parent from unit where id = $1 and parent is not null;

-- above_others :exec (unit int)
insert into cell_above (unit, above)
select u.id, a.above from unit u join cell_above a on a.unit = u.parent where u.id = $1;

-- above_of :each (unit int) -> (above int)
select above from cell_above where unit = $1 order by above;

-- day_add :exec (indicator text, unit int, day int, procedure text, channel int, bucket int, num int, den int)
insert into cell_day (indicator, unit, day, procedure, channel, bucket, num, den)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (indicator, unit, day, procedure, channel, bucket)
do update set num = cell_day.num + excluded.num, den = cell_day.den + excluded.den;

-- below_day_add :exec (indicator text, unit int, day int, procedure text, bucket int, num int, den int)
insert into below_day (indicator, unit, day, procedure, bucket, num, den)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (indicator, unit, day, procedure, bucket)
do update set num = below_day.num + excluded.num, den = below_day.den + excluded.den;

-- month_add :exec (indicator text, unit int, month int, below int, procedure text, channel int, bucket int, num int, den int)
insert into cell_month (indicator, unit, month, below, procedure, channel, bucket, num, den)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (indicator, unit, month, below, procedure, channel, bucket)
do update set num = cell_month.num + excluded.num, den = cell_month.den + excluded.den;

-- sum_day_add :exec (indicator text, unit int, day int, bucket int, num int, den int)
insert into sum_day (indicator, unit, day, bucket, num, den) values ($1, $2, $3, $4, $5, $6)
on conflict (indicator, unit, day, bucket)
do update set num = sum_day.num + excluded.num, den = sum_day.den + excluded.den;

-- sum_month_add :exec (indicator text, unit int, month int, bucket int, num int, den int)
insert into sum_month (indicator, unit, month, bucket, num, den) values ($1, $2, $3, $4, $5, $6)
on conflict (indicator, unit, month, bucket)
do update set num = sum_month.num + excluded.num, den = sum_month.den + excluded.den;

-- cell_clear :exec ()
delete from cell;

-- log_bounds :find () -> (first int, last int)
select coalesce((select min(id) from cell), -1), coalesce((select max(id) from cell), -1);

-- log_after :each (after int, last int) -> (id int, indicator text, unit int, day int, procedure text, channel int, bucket int, num int, den int, subject int, undone int)
select id, indicator, unit, day, procedure, channel, bucket, num, den, subject, undone from cell
where id > $1 and id <= $2 order by id;

-- month_own :each (month int) -> (indicator text, unit int, procedure text, channel int, bucket int, num int, den int)
select indicator, unit, procedure, channel, bucket, sum(num), sum(den) from (
    select indicator, unit, procedure, channel, bucket, num, den
    from cell_month where month = $1 and below = 0
    union all
    select indicator, unit, procedure, channel, bucket, num, den from cell where month = $1
) own
group by indicator, unit, procedure, channel, bucket
having sum(num) <> 0 or sum(den) <> 0
order by indicator, unit, procedure, channel, bucket;

-- read_days :each (indicator text, unit int, first int, last int) -> (day int, procedure text, channel int, bucket int, num int, den int)
select day, procedure, channel, bucket, num, den from cell_day
where indicator = $1 and unit = $2 and day >= $3 and day < $4;

-- read_days_below :each (indicator text, unit int, first int, last int) -> read_days
select day, procedure, 0, bucket, num, den from below_day
where indicator = $1 and unit = $2 and day >= $3 and day < $4;

-- read_months :each (indicator text, unit int, first int, last int, own int) -> (month int, procedure text, channel int, bucket int, num int, den int)
select month, procedure, channel, bucket, num, den from cell_month
where indicator = $1 and unit = $2 and month >= $3 and month < $4 and ($5 = 0 or below = 0);

-- read_sum_days :each (indicator text, unit int, first int, last int) -> read_days
select day, '', 0, bucket, num, den from sum_day
where indicator = $1 and unit = $2 and day >= $3 and day < $4;

-- read_sum_months :each (indicator text, unit int, first int, last int) -> read_months
select month, '', 0, bucket, num, den from sum_month
where indicator = $1 and unit = $2 and month >= $3 and month < $4;

-- sum_months :each (indicator text, unit int, first int, last int) -> (num int, den int)
select sum(num), sum(den) from sum_month
where indicator = $1 and unit = $2 and month >= $3 and month < $4;

-- sum_months_own :each (indicator text, unit int, first int, last int, own int, procedure text, channel int) -> sum_months
select sum(num), sum(den) from cell_month
where indicator = $1 and unit = $2 and month >= $3 and month < $4 and ($5 = 0 or below = 0)
    and ($6 = '' or procedure = $6) and ($7 = 0 or channel = $7);

-- sum_days_below :each (indicator text, unit int, first int, last int) -> sum_months
select sum(num), sum(den) from sum_day
where indicator = $1 and unit = $2 and day >= $3 and day < $4;

-- sum_days_own :each (indicator text, unit int, first int, last int, procedure text, channel int) -> sum_months
select sum(num), sum(den) from cell_day
where indicator = $1 and unit = $2 and day >= $3 and day < $4
    and ($5 = '' or procedure = $5) and ($6 = 0 or channel = $6);

-- Grouped in the order of the key: the database adds up as it goes, without sorting.
-- procedure_months :each (indicator text, unit int, first int, last int, own int, channel int) -> (procedure text, num int, den int)
select procedure, sum(num), sum(den) from cell_month
where indicator = $1 and unit = $2 and month >= $3 and month < $4 and ($5 = 0 or below = 0)
    and ($6 = 0 or channel = $6)
group by month, below, procedure;

-- procedure_days :each (indicator text, unit int, first int, last int, channel int) -> procedure_months
select procedure, sum(num), sum(den) from cell_day
where indicator = $1 and unit = $2 and day >= $3 and day < $4 and ($5 = 0 or channel = $5)
group by day, procedure;

-- procedure_days_below :each (indicator text, unit int, first int, last int) -> procedure_months
select procedure, sum(num), sum(den) from below_day
where indicator = $1 and unit = $2 and day >= $3 and day < $4
group by day, procedure;

-- The units below first, then a range of each one's days: an order that must not be turned round.
-- channel_days_below :each (indicator text, above int, first int, last int, channel int) -> procedure_months
select d.procedure, sum(d.num), sum(d.den) from cell_above a cross join cell_day d
where a.above = $2 and d.indicator = $1 and d.unit = a.unit and d.day >= $3 and d.day < $4
    and d.channel = $5
group by d.procedure;

-- What the folded tables stand at: a fold leaves a log with another first row, a statement of
-- another node (its months have no days) is an event. log: of an empty one, less than 0 by the
-- ledger's size: work in bulk sums without a log, but never without events.
-- folded_at :one () -> (log int, told int)
select coalesce((select min(id) from cell), -2 - (select coalesce(max(seq), -1) from event)),
    coalesce((select max(seq) from statement), -1);

-- read_late :each (indicator text, first int, last int) -> (day int, seen int, unit int, procedure text, channel int, events int)
select day, seen, unit, procedure, channel, events from cell_late
where indicator = $1 and day >= $2 and day < $3;

-- indicator_set_add :exec (ref text, pack text, seq int)
insert into indicator_set (ref, pack, seq) values ($1, $2, $3);

-- indicator_sets :many () -> (ref text, pack text, seq int)
select ref, pack, seq from indicator_set order by seq;

-- past_set :exec (ref text, indicator text, since int)
insert into indicator_past (ref, indicator, since) values ($1, $2, $3)
on conflict (ref, indicator) do update set since = excluded.since;

-- past_all :many () -> (ref text, indicator text, since int)
select ref, indicator, since from indicator_past;

-- wait_add :exec (pack text, unit int, year int, days int, times int)
insert into wait (pack, unit, year, days, n) values ($1, $2, $3, $4, $5)
on conflict (pack, unit, year, days) do update set n = wait.n + excluded.n;

-- wait_days :many (pack text, unit int, year int) -> (days int, n int)
select days, sum(n) from wait
where pack = $1 and ($2 = 0 or unit = $2) and year >= $3
group by days order by days;

-- trace_row :find (indicator text, block int) -> (n int, traces blob)
select n, traces from cell_trace where indicator = $1 and block = $2;

-- trace_put :exec (indicator text, block int, first int, last int, held int, traces blob)
insert into cell_trace (indicator, block, first_day, last_day, n, traces)
values ($1, $2, $3, $4, $5, $6)
on conflict (indicator, block) do update set first_day = excluded.first_day,
    last_day = excluded.last_day, n = excluded.n, traces = excluded.traces;

-- trace_delete :exec (indicator text, block int)
delete from cell_trace where indicator = $1 and block = $2;

-- trace_blocks :many (indicator text, block int, first int, past int) -> (block int, n int, traces blob)
select block, n, traces from cell_trace
where indicator = $1 and block >= $2 and last_day >= $3 and first_day < $4
order by block limit 8;

-- trace_blocks_back :many (indicator text, block int, first int, past int) -> trace_blocks
select block, n, traces from cell_trace
where indicator = $1 and block <= $2 and last_day >= $3 and first_day < $4
order by block desc limit 8;
