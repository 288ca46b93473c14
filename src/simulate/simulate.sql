-- simulate.sql: what happened, for learning how long things take. Reads casework's tables; names
-- and words of people are never asked for.

-- history_last :one (unit int) -> (last_us int)
select coalesce(max(submitted_us), 0) from dossier where unit = $1;

-- history_of_unit :each (unit int, since_us int, until_us int) -> (dossier int, pack text, submitted_us int, time_us int, act text, from_state text, to_state text, actor int)
select d.id, d.pack, d.submitted_us, e.time_us, e.act, e.from_state, e.to_state, e.actor
from dossier d join dossier_entry e on e.dossier = d.id
where d.unit = $1 and d.submitted_us >= $2 and d.submitted_us <= $3
    and e.kind in ('dossier.submitted', 'dossier.moved')
order by d.id, e.seq;

-- history_page :each (before int, most int) -> (dossier int, pack text, submitted_us int, time_us int, act text, from_state text, to_state text, actor int)
select d.id, d.pack, d.submitted_us, e.time_us, e.act, e.from_state, e.to_state, e.actor
from (select id, pack, submitted_us from dossier where id < $1 order by id desc
    limit coalesce($2, 0)) as d
join dossier_entry e on e.dossier = d.id
where e.kind in ('dossier.submitted', 'dossier.moved')
order by d.id desc, e.seq;

-- branch_times :each (unit int, since_us int, until_us int) -> (pack text, state text, branch text, opened_us int, closed_us int, outcome text, is_silent int)
select d.pack, b.state, b.branch, b.opened_us, b.closed_us, b.outcome, b.is_silent
from dossier d join dossier_branch b on b.dossier = d.id
where d.unit = $1 and d.submitted_us >= $2 and d.submitted_us <= $3
    and b.closed_us is not null and b.outcome <> 'not_needed'
order by b.closed_us, b.dossier, b.branch;

-- branch_page :each (before int, most int) -> (pack text, state text, branch text, opened_us int, closed_us int, outcome text, is_silent int)
select d.pack, b.state, b.branch, b.opened_us, b.closed_us, b.outcome, b.is_silent
from (select id, pack from dossier where id < $1 order by id desc limit coalesce($2, 0)) as d
join dossier_branch b on b.dossier = d.id
where b.closed_us is not null and b.outcome <> 'not_needed'
order by b.closed_us, b.dossier, b.branch;

-- history_leads :each (unit int, since_us int, until_us int) -> (pack text, submitted_us int, finished_us int, is_late int)
select pack, submitted_us, finished_us, is_late from dossier
where unit = $1 and submitted_us >= $2 and submitted_us <= $3 and finished_us is not null
order by id;

-- open_of_unit :many (unit int, most int) -> (id int)
select id from dossier where at_unit = $1 and is_open = 1 order by due, id limit coalesce($2, 0);

-- lesson_page :each (before int, most int) -> (dossier int, unit int, pack text, finished_us int, is_late int, time_us int, to_state text)
select d.id, d.unit, d.pack, d.finished_us, d.is_late, e.time_us, e.to_state
from (select id, unit, pack, finished_us, is_late from dossier where id < $1
    order by id desc limit coalesce($2, 0)) as d
join dossier_entry e on e.dossier = d.id
where e.kind in ('dossier.submitted', 'dossier.moved')
order by d.id desc, e.seq;
