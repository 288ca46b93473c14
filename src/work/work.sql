-- work.sql: lists of dossiers by what is due; casework writes the tables, here they are read.

-- The lists' filters stand in one order in all four: the page comes after them.
-- dossier_inbox_page :many (unit int, holder int, roles int, procedure text, text text, late_day int, due_from int, due_to int, back int, after_due int, after_id int, most int, running int, mark int) -> (id int)
select id from dossier where at_unit = $1 and is_open = 1
    and (due, id) > ($10, $11)
    and ($2 < 0 or holder = $2)
    and ($3 = 0 or (roles & $3) <> 0)
    and ($4 = '' or procedure = $4)
    and ($5 = '' or search like $5 escape '\' or code like $5 escape '\' or track like $5 escape '\')
    and ($6 = 0 or is_late = 1 or (due < $6 and pauses not like '%-'))
    and due >= $7 and due <= $8 and ($13 = 0 or pauses not like '%-')
    and ($9 = 0 or (supplements > 0 and exists (select 1 from dossier_entry e
        where e.dossier = dossier.id and e.seq = dossier.version and e.kind = 'dossier.moved'
        and e.actor = dossier.applicant)))
    and ($14 = 0 or ((warned & $14) <> 0 and redated = 0))
order by due, id limit coalesce($12, 0);

-- dossier_inbox_count :one (unit int, holder int, roles int, procedure text, text text, late_day int, due_from int, due_to int, back int, most int, running int, mark int) -> (total int)
select count(*) from (select 1 from dossier where at_unit = $1 and is_open = 1
    and ($2 < 0 or holder = $2)
    and ($3 = 0 or (roles & $3) <> 0)
    and ($4 = '' or procedure = $4)
    and ($5 = '' or search like $5 escape '\' or code like $5 escape '\' or track like $5 escape '\')
    and ($6 = 0 or is_late = 1 or (due < $6 and pauses not like '%-'))
    and due >= $7 and due <= $8 and ($11 = 0 or pauses not like '%-')
    and ($9 = 0 or (supplements > 0 and exists (select 1 from dossier_entry e
        where e.dossier = dossier.id and e.seq = dossier.version and e.kind = 'dossier.moved'
        and e.actor = dossier.applicant)))
    and ($12 = 0 or ((warned & $12) <> 0 and redated = 0))
    limit coalesce($10, 0)) as x;

-- dossier_done_page :many (unit int, holder int, procedure text, text text, due_from int, due_to int, before_us int, before_id int, most int) -> (id int)
select id from dossier where unit = $1 and is_open = 0 and (finished_us, id) < ($7, $8)
    and ($2 < 0 or holder = $2)
    and ($3 = '' or procedure = $3)
    and ($4 = '' or search like $4 escape '\' or code like $4 escape '\' or track like $4 escape '\')
    and due >= $5 and due <= $6
order by finished_us desc, id desc limit coalesce($9, 0);

-- dossier_done_count :one (unit int, holder int, procedure text, text text, due_from int, due_to int, most int) -> (total int)
select count(*) from (select 1 from dossier where unit = $1 and is_open = 0
    and ($2 < 0 or holder = $2)
    and ($3 = '' or procedure = $3)
    and ($4 = '' or search like $4 escape '\' or code like $4 escape '\' or track like $4 escape '\')
    and due >= $5 and due <= $6
    limit coalesce($7, 0)) as x;

-- A dossier about which the unit was asked twice stands once, by what is due first.
-- work_asked_page :many (unit int, procedure text, text text, after_due int, after_id int, most int) -> (id int)
select id from (select b.dossier as id, min(b.due) as due
    from dossier_branch b join dossier d on d.id = b.dossier
    where b.unit = $1 and b.is_open = 1
    and ($2 = '' or d.procedure = $2)
    and ($3 = '' or d.search like $3 escape '\' or d.code like $3 escape '\' or d.track like $3 escape '\')
    group by b.dossier) as x
where (due, id) > ($4, $5) order by due, id limit coalesce($6, 0);

-- work_asked_count :one (unit int, procedure text, text text, most int) -> (total int)
select count(*) from (select 1 from dossier_branch b join dossier d on d.id = b.dossier
    where b.unit = $1 and b.is_open = 1
    and ($2 = '' or d.procedure = $2)
    and ($3 = '' or d.search like $3 escape '\' or d.code like $3 escape '\' or d.track like $3 escape '\')
    group by b.dossier limit coalesce($4, 0)) as x;

-- work_asked_place :find (unit int, dossier int) -> (due int)
select due from dossier_branch where unit = $1 and dossier = $2 and is_open = 1
order by due limit 1;

-- What a unit's day asks for.
-- work_day :one (unit int, account int, roles int, today int, week int, most int, mark int) -> (over int, today int, week int, waiting int, back int, apologies int, my_over int, my_today int, my_week int, my_waiting int, my_back int, my_apologies int, free int)
select coalesce(sum(is_over), 0), coalesce(sum(is_today), 0), coalesce(sum(is_week), 0),
    coalesce(sum(is_waiting), 0), coalesce(sum(is_back), 0), coalesce(sum(is_apology), 0),
    coalesce(sum(is_mine * is_over), 0), coalesce(sum(is_mine * is_today), 0),
    coalesce(sum(is_mine * is_week), 0), coalesce(sum(is_mine * is_waiting), 0),
    coalesce(sum(is_mine * is_back), 0), coalesce(sum(is_mine * is_apology), 0),
    coalesce(sum(is_free), 0)
from (select
    case when due < $4 and pauses not like '%-' then 1 else 0 end as is_over,
    case when due = $4 and pauses not like '%-' then 1 else 0 end as is_today,
    case when due > $4 and due <= $5 and pauses not like '%-' then 1 else 0 end as is_week,
    case when roles <> 0 then 1 else 0 end as is_waiting,
    case when supplements > 0 and exists (select 1 from dossier_entry e
        where e.dossier = d.id and e.seq = d.version and e.kind = 'dossier.moved'
        and e.actor = d.applicant) then 1 else 0 end as is_back,
    case when (warned & $7) <> 0 and redated = 0 then 1 else 0 end as is_apology,
    case when holder = $2 then 1 else 0 end as is_mine,
    case when holder = 0 and (roles & $3) <> 0 then 1 else 0 end as is_free
    from dossier d where at_unit = $1 and is_open = 1
    order by due, id limit coalesce($6, 0)) as x;

-- work_to :many (account int, since_us int, actor int, most int) -> (dossier int, time_us int, actor int, holder int, words text)
select e.dossier, e.time_us, e.actor, e.holder, e.words
from dossier_entry e join dossier d on d.id = e.dossier
where e.kind = 'dossier.assigned' and e.holder = $1 and e.time_us >= $2 and e.actor <> $3
    and d.holder = $1 and d.is_open = 1
order by e.seq desc limit coalesce($4, 0);

-- work_by :many (account int, since_us int, actor int, most int) -> (dossier int, time_us int, actor int, holder int, words text)
select e.dossier, e.time_us, e.actor, e.holder, e.words
from dossier_entry e
where e.kind = 'dossier.assigned' and e.actor = $3 and e.time_us >= $2 and e.holder <> $1
order by e.seq desc limit coalesce($4, 0);

-- list_read_of :find (unit int, actor int) -> (read_us int)
select read_us from list_read where unit = $1 and actor = $2;

-- list_read_put :exec (unit int, actor int, read_us int)
insert into list_read (unit, actor, read_us) values ($1, $2, $3)
on conflict (unit, actor) do update set read_us = excluded.read_us;

-- dossier_place :find (id int) -> (due int, finished_us int)
select due, finished_us from dossier where id = $1;

