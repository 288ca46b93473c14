-- cell_add :exec (indicator text, unit int, day int, procedure text, channel int, bucket int, month int, num int, den int)
insert into cell (indicator, unit, day, procedure, channel, bucket, month, num, den)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (indicator, unit, day, procedure, channel, bucket)
do update set num = cell.num + excluded.num, den = cell.den + excluded.den;

-- indicator_set_add :exec (ref text, pack text, seq int)
insert into indicator_set (ref, pack, seq) values ($1, $2, $3);

-- indicator_sets :many () -> (ref text, pack text, seq int)
select ref, pack, seq from indicator_set order by seq;

-- cells_by_unit :each (indicator text, first int, last int, procedure text, channel int) -> (unit int, key text, num int, den int)
select unit, '', sum(num), sum(den) from cell
where indicator = $1 and day >= $2 and day < $3
  and ($4 = '' or procedure = $4) and ($5 = 0 or channel = $5)
group by unit;

-- cells_by_procedure :each (indicator text, first int, last int, procedure text, channel int) -> (unit int, key text, num int, den int)
select unit, procedure, sum(num), sum(den) from cell
where indicator = $1 and day >= $2 and day < $3
  and ($4 = '' or procedure = $4) and ($5 = 0 or channel = $5)
group by unit, procedure;

-- cells_by_day :each (indicator text, first int, last int, procedure text, channel int) -> (unit int, day int, num int, den int)
select unit, day, sum(num), sum(den) from cell
where indicator = $1 and day >= $2 and day < $3
  and ($4 = '' or procedure = $4) and ($5 = 0 or channel = $5)
group by day, unit;

-- cells_by_bucket :each (indicator text, first int, last int, procedure text, channel int) -> (unit int, bucket int, n int)
select unit, bucket, sum(den) from cell
where indicator = $1 and day >= $2 and day < $3
  and ($4 = '' or procedure = $4) and ($5 = 0 or channel = $5)
group by unit, bucket;

-- wait_add :exec (pack text, unit int, year int, days int, times int)
insert into wait (pack, unit, year, days, n) values ($1, $2, $3, $4, $5)
on conflict (pack, unit, year, days) do update set n = wait.n + excluded.n;

-- wait_days :many (pack text, unit int, year int) -> (days int, n int)
select days, sum(n) from wait
where pack = $1 and ($2 = 0 or unit = $2) and year >= $3
group by days order by days;
