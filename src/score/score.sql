-- score.sql: who worked on a unit's dossiers; casework writes the tables, here they are read.

-- One row per dossier that was decided in the time and officer who moved it.
-- officer_dossiers :each (unit int, from_us int, to_us int) -> (account int, is_late int, due int, finished_us int, supplements int, appeals int)
select e.holder, d.is_late, d.due, d.finished_us, d.supplements,
    (select count(*) from dossier_entry a
     where a.dossier = d.id and a.act = 'appeal' and a.kind = 'dossier.moved' and a.is_undone = 0)
from dossier d join dossier_entry e on e.dossier = d.id
where d.unit = $1 and d.is_open = 0 and d.finished_us >= $2 and d.finished_us < $3
    and d.status in (8, 9, 10) and d.procedure <> 'PAKN'
    and e.kind = 'dossier.moved' and e.holder is not null and e.holder <> 0 and e.is_undone = 0
group by e.holder, d.id, d.is_late, d.due, d.finished_us, d.supplements;
