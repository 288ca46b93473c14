-- pack_version_insert :exec (id int, ref text, pack text, version text, digest blob, signature blob, archive blob, published_us int)
insert into pack_version (id, ref, pack, version, digest, signature, archive, published_us)
values ($1, $2, $3, $4, $5, $6, $7, $8);

-- pack_version_find :find (ref text) -> (id int, digest blob, withdrawn int)
select id, digest, withdrawn from pack_version where ref = $1;

-- pack_version_withdraw :exec (ref text)
update pack_version set withdrawn = 1 where ref = $1;

-- pack_version_all :many () -> (ref text, digest blob, signature blob, archive blob, withdrawn int)
select ref, digest, signature, archive, withdrawn from pack_version order by published_us, ref;
