-- target.sql - entered figures, and alerts.

-- entered_put :exec (seq int, indicator text, body text, body_name text, first int, last int, num int, den int, time_us int, method text, note text, file text, file_name text, mime text, size int)
insert into entered (seq, indicator, body, body_name, first, last, num, den, time_us, method,
    note, file, file_name, mime, size)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- entered_verify :exec (entry int, seq int, num int, den int, time_us int, note text)
update entered set verified_seq = $2, verified_num = $3, verified_den = $4, verified_us = $5,
    verified_note = $6
where seq = $1;

-- entered_by_seq :find (seq int) -> (seq int, indicator text, body text, body_name text, first int, last int, num int, den int, time_us int, method text, note text, file text, file_name text, mime text, size int, verified_seq int, verified_num int, verified_den int, verified_us int, verified_note text)
select seq, indicator, body, body_name, first, last, num, den, time_us, method, note, file,
    file_name, mime, size, verified_seq, verified_num, verified_den, verified_us, verified_note
from entered where seq = $1;

-- entered_latest :many (indicator text, body text, first int, last int, most int) -> entered_by_seq
select seq, indicator, body, body_name, first, last, num, den, time_us, method, note, file,
    file_name, mime, size, verified_seq, verified_num, verified_den, verified_us, verified_note
from entered e where indicator = $1 and body = $2 and first < $4 and last > $3
    and not exists (select 1 from entered x where x.indicator = e.indicator
        and x.body = e.body and x.first = e.first and x.last = e.last and x.seq > e.seq)
order by last desc, first desc limit coalesce($5, 0);

-- entered_bodies :each (indicator text, first int, last int) -> (body text)
select distinct body from entered where indicator = $1 and first < $3 and last > $2;

-- entered_all :many (indicator text, body text, first int, last int, most int) -> entered_by_seq
select seq, indicator, body, body_name, first, last, num, den, time_us, method, note, file,
    file_name, mime, size, verified_seq, verified_num, verified_den, verified_us, verified_note
from entered where indicator = $1 and body = $2 and first = $3 and last = $4
order by seq desc limit coalesce($5, 0);

-- entered_verified :find (indicator text, body text, first int, last int) -> entered_by_seq
select seq, indicator, body, body_name, first, last, num, den, time_us, method, note, file,
    file_name, mime, size, verified_seq, verified_num, verified_den, verified_us, verified_note
from entered where indicator = $1 and body = $2 and first = $3 and last = $4
    and verified_seq is not null
order by seq desc limit 1;

-- alert_put :exec (seq int, alert text, indicator text, unit int, rule text, first int, last int, value int, bound int, raised_us int)
insert into alert (seq, alert, indicator, unit, rule, first, last, value, bound, raised_us)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- alert_clear :exec (alert text, indicator text, unit int, rule text, seq int, time_us int, value int)
update alert set cleared_seq = $5, cleared_us = $6, cleared_value = $7
where (alert = $1 or alert = '') and indicator = $2 and unit = $3 and rule = $4
    and cleared_seq is null;

-- alerts_ringing :many (most int) -> (seq int, alert text, indicator text, unit int, rule text, first int, last int, value int, bound int, raised_us int, cleared_us int)
select seq, alert, indicator, unit, rule, first, last, value, bound, raised_us, cleared_us
from alert where cleared_seq is null order by raised_us desc, seq desc limit coalesce($1, 0);

-- alerts_ringing_all :each () -> (alert text, indicator text, unit int, rule text)
select alert, indicator, unit, rule from alert where cleared_seq is null;

-- alerts_over :many (most int) -> alerts_ringing
select seq, alert, indicator, unit, rule, first, last, value, bound, raised_us, cleared_us
from alert where cleared_seq is not null order by raised_us desc, seq desc limit coalesce($1, 0);
