-- ledger.sql - the ledger's named queries.

-- ledger_log_get :find () -> (origin text, vkey text)
select origin, vkey from ledger_log where id = 1;

-- ledger_log_add :exec (origin text, vkey text)
insert into ledger_log (id, origin, vkey) values (1, $1, $2);

-- event_add :exec (seq int, time_us int, kind int, actor int, behalf int, unit int, unit_code text, subject int, pack text, purpose text, law text, facts text, salt blob, owner int, secret blob, secret_hash blob, leaf blob)
insert into event (seq, time_us, kind, actor, behalf, unit, unit_code, subject, pack, purpose, law, facts, salt, owner, secret, secret_hash, leaf)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);

-- event_by_seq :find (seq int) -> (seq int, time_us int, kind int, actor int, behalf int, unit int, unit_code text, subject int, pack text, purpose text, law text, facts text, salt blob, owner int, secret blob, secret_hash blob, leaf blob)
select seq, time_us, kind, actor, behalf, unit, unit_code, subject, pack, purpose, law, facts, salt, owner, secret, secret_hash, leaf
  from event where seq = $1;

-- event_by_subject :many (subject int, first int, last int) -> event_by_seq
select seq, time_us, kind, actor, behalf, unit, unit_code, subject, pack, purpose, law, facts, salt, owner, secret, secret_hash, leaf
  from event where subject = $1 and kind between $2 and $3 order by seq;

-- event_walk :each (first int, past int) -> event_by_seq
select seq, time_us, kind, actor, behalf, unit, unit_code, subject, pack, purpose, law, facts, salt, owner, secret, secret_hash, leaf
  from event where seq >= $1 and seq < $2 order by seq;

-- event_scan :each (first int, past int, k1 int, k2 int, k3 int, k4 int, k5 int, k6 int) -> event_by_seq
select seq, time_us, kind, actor, behalf, unit, unit_code, subject, pack, purpose, law, facts, salt, owner, secret, secret_hash, leaf
  from event where seq >= $1 and seq < $2 and kind in ($3, $4, $5, $6, $7, $8) order by seq;

-- event_time :find (seq int) -> (time_us int)
select time_us from event where seq = $1;

-- event_leaves :many (first int, past int) -> (leaf blob)
select leaf from event where seq >= $1 and seq < $2 order by seq;

-- event_count :one () -> (n int)
select coalesce(max(seq) + 1, 0) from event;

-- node_add :exec (level int, idx int, hash blob)
insert into node (level, idx, hash) values ($1, $2, $3);

-- node_range :many (level int, first int, past int) -> (hash blob)
select hash from node where level = $1 and idx >= $2 and idx < $3 order by idx;

-- node_count :one (level int) -> (n int)
select count(*) from node where level = $1;

-- checkpoint_add :exec (size int, time_us int, root blob, note text)
insert into checkpoint (size, time_us, root, note) values ($1, $2, $3, $4);

-- checkpoint_last :find () -> (size int, root blob, note text)
select size, root, note from checkpoint order by size desc limit 1;

-- checkpoint_at :find (size int) -> (note text)
select note from checkpoint where size = $1;

-- checkpoint_after :many (size int) -> (size int, root blob, note text)
select size, root, note from checkpoint where size > $1 order by size limit 1000;

-- person_key_add :exec (subject int, wrapped blob, now_us int)
insert into person_key (subject, wrapped, changed_us) values ($1, $2, $3);

-- person_key_get :find (subject int) -> (wrapped blob)
select wrapped from person_key where subject = $1;

-- person_key_end :exec (subject int, now_us int)
update person_key set wrapped = null, changed_us = $2 where subject = $1;

-- person_key_silent :many (erased int) -> (subject int)
select k.subject from person_key k where k.wrapped is null and not exists
    (select 1 from event e where e.subject = k.subject and e.kind = $1)
order by k.subject limit 100;

-- person_key_kept :many (erased int) -> (subject int)
select e.subject from event e join person_key k on k.subject = e.subject
where e.kind = $1 and k.wrapped is not null order by e.subject limit 100;
