-- moves.sql: which dossiers of a version are open.

-- moves_open :many (pack text, after_id int, most int) -> (id int)
select id from dossier where pack = $1 and ended_us is null and id > $2
order by id limit coalesce($3, 0);
