-- idem_find :find (id int, key text) -> (request text, status int, mime text, location text, body blob, result text)
select request, status, mime, location, body, result from idempotency where id = $1 and key = $2;

-- idem_keys :each () -> (id int, key text)
select id, key from idempotency order by id;

-- idem_insert :exec (id int, key text, request text, status int, mime text, location text, body blob, result text, at int)
insert into idempotency (id, key, request, status, mime, location, body, result, at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- The oldest row that is kept: rows are numbered as time goes.
-- idem_first :find (since int) -> (id int)
select id from idempotency where at >= $1 order by id limit 1;

-- idem_purge :exec (before int)
delete from idempotency where id < $1;
