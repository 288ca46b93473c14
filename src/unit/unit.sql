-- unit_rows :each () -> (id int, code text, code_old text, name_vi text, name_en text, kind text, parent int, from_day int, to_day int)
select id, code, code_old, name_vi, name_en, kind, parent, from_day, to_day
from unit order by code;

-- unit_successor_rows :each () -> (unit int, successor int)
select unit, successor from unit_successor order by unit, pos;

-- unit_version :one () -> (units int, ended int, duties int, duties_ended int)
select count(*), coalesce(sum(case when to_day < 2147483647 then 1 else 0 end), 0),
    (select count(*) from unit_duty), (select coalesce(sum(is_ended), 0) from unit_duty)
from unit;

-- unit_by_code :find (code text) -> (id int, code text, kind text, parent int, from_day int, to_day int)
select id, code, kind, parent, from_day, to_day from unit where code = $1 or code_old = $1;

-- unit_parent :find (id int) -> (parent int)
select parent from unit where id = $1;

-- unit_standing_below :one (id int, day int) -> (n int)
select count(*) from unit where parent = $1 and to_day > $2;

-- unit_insert :exec (id int, code text, code_old text, name_vi text, name_en text, kind text, parent int, from_day int, to_day int)
insert into unit (id, code, code_old, name_vi, name_en, kind, parent, from_day, to_day)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- unit_end_set :exec (id int, day int)
update unit set to_day = $2 where id = $1;

-- unit_successor_insert :exec (unit int, pos int, successor int)
insert into unit_successor (unit, pos, successor) values ($1, $2, $3);

-- unit_duty_rows :each () -> (unit int, duty text)
select unit, duty from unit_duty where is_ended = 0 order by unit, duty;

-- unit_duties :one (unit int, duty text) -> (n int, has int)
select count(*), coalesce(max(case when duty = $2 then 1 else 0 end), 0)
from unit_duty where unit = $1 and is_ended = 0;

-- unit_duty_insert :exec (unit int, duty text, seq int)
insert into unit_duty (unit, duty, seq, is_ended) values ($1, $2, $3, 0);

-- unit_duty_end_set :exec (unit int, duty text)
update unit_duty set is_ended = 1 where unit = $1 and duty = $2;
