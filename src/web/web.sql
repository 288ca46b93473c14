-- idem_find :find (key text) -> (request text, status int, mime text, location text, body blob, result text)
select request, status, mime, location, body, result from idempotency where key = $1;

-- idem_keys :each () -> (key text)
select key from idempotency;

-- idem_insert :exec (key text, request text, status int, mime text, location text, body blob, result text, at int)
insert into idempotency (key, request, status, mime, location, body, result, at)
values ($1, $2, $3, $4, $5, $6, $7, $8);

-- idem_purge :exec (before int)
delete from idempotency where at < $1;
