-- subject_insert :exec (id int, kind text, ref text, number text, name text, phone text, email text, birth int)
insert into subject (id, kind, ref, number, name, phone, email, birth)
values ($1, $2, $3, $4, $5, $6, $7, $8);

-- subject_by_id :find (id int) -> (id int, kind text, ref text, number text, name text, phone text, email text, birth int, erased int)
select id, kind, ref, number, name, phone, email, birth, erased from subject where id = $1;

-- subject_id_by_number :find (number text) -> (id int)
select id from subject where number = $1;

-- subject_purge :exec (id int)
update subject set number = null, name = null, phone = null, email = null, birth = null,
    erased = 1
where id = $1;

-- account_insert :exec (id int, subject int, login text, is_officer int)
insert into account (id, subject, login, is_officer) values ($1, $2, $3, $4);

-- account_by_id :find (id int) -> (id int, subject int, login text, is_officer int, closed int, name text)
select a.id, a.subject, a.login, a.is_officer, a.closed, s.name
from account a join subject s on s.id = a.subject where a.id = $1;

-- account_id_by_login :find (login text) -> (id int)
select id from account where login = $1;

-- account_of_login :find (login text) -> (id int, closed int, hash text)
select a.id, a.closed, c.hash
from account a left join credential c on c.account = a.id where a.login = $1;

-- accounts_of_subject :many (subject int) -> (id int, closed int)
select id, closed from account where subject = $1 order by id;

-- account_close_set :exec (id int)
update account set closed = 1 where id = $1;

-- account_logins_purge :exec (subject int)
update account set login = null where subject = $1;

-- role_grant_insert :exec (account int, unit int, role text, seq int)
insert into role_grant (account, unit, role, seq) values ($1, $2, $3, $4);

-- role_grant_delete :exec (account int, unit int, role text)
delete from role_grant where account = $1 and unit = $2 and role = $3;

-- role_grants_of :many (account int) -> (unit int, role text)
select unit, role from role_grant where account = $1 order by seq;

-- role_holders :many (unit int) -> (account int, name text, role text)
select a.id, s.name, g.role
from role_grant g join account a on a.id = g.account join subject s on s.id = a.subject
where g.unit = $1 and a.closed = 0
order by s.name, a.id, g.role;

-- credential_set :exec (account int, hash text)
insert into credential (account, hash) values ($1, $2)
on conflict (account) do update set hash = excluded.hash;

-- credential_delete :exec (account int)
delete from credential where account = $1;

-- session_insert :exec (token blob, account int, csrf blob, now int)
insert into session (token, account, csrf, created_us, seen_us) values ($1, $2, $3, $4, $4);

-- session_by_token :find (token blob) -> (account int, csrf blob, created_us int, seen_us int)
select account, csrf, created_us, seen_us from session where token = $1;

-- session_seen_set :exec (token blob, seen int)
update session set seen_us = $2 where token = $1 and seen_us < $2;

-- session_delete :exec (token blob)
delete from session where token = $1;

-- session_delete_of :exec (account int)
delete from session where account = $1;

-- session_trim :exec (account int, keep int)
delete from session where token in (
    select token from session where account = $1
    order by created_us desc limit 1000 offset $2);

-- session_expire :exec (created_before int, seen_before int)
delete from session where created_us <= $1 or seen_us <= $2;

-- login_fail_get :find (key blob) -> (tries int, last_us int, until_us int, told int)
select tries, last_us, until_us, told from login_fail where key = $1;

-- login_fail_set :exec (key blob, tries int, last int, until int, told int)
insert into login_fail (key, tries, last_us, until_us, told) values ($1, $2, $3, $4, $5)
on conflict (key) do update set tries = excluded.tries, last_us = excluded.last_us,
    until_us = excluded.until_us, told = excluded.told;

-- login_fail_told :exec (key blob)
update login_fail set told = 1 where key = $1;

-- login_fail_delete :exec (key blob)
delete from login_fail where key = $1;

-- login_fail_expire :exec (before int, keep int)
delete from login_fail
where last_us < $1
   or last_us < (select last_us from login_fail order by last_us desc limit 1 offset $2);

-- delegation_insert :exec (id int, from_account int, to_account int, unit int, role text, from_day int, to_day int, procedures text)
insert into delegation (id, from_account, to_account, unit, role, from_day, to_day, procedures)
values ($1, $2, $3, $4, $5, $6, $7, $8);

-- delegation_end_set :exec (id int, ended_us int)
update delegation set ended_us = $2 where id = $1;

-- delegation_by_id :find (id int) -> (from_account int, to_account int, unit int, to_day int, ended_us int)
select from_account, to_account, unit, to_day, ended_us from delegation where id = $1;

-- Whether there is any to look at: most officers act for nobody, at every act.
-- delegation_any :find (account int, unit int) -> (id int)
select id from delegation where to_account = $1 and unit = $2 and ended_us is null limit 1;

-- delegations :many (account int, unit int, most int, id int) -> (id int, from_account int, to_account int, unit int, role text, from_day int, to_day int, procedures text, ended_us int, from_name text, to_name text, held int)
select d.id, d.from_account, d.to_account, d.unit, d.role, d.from_day, d.to_day, d.procedures,
    d.ended_us, sf.name, st.name, (select count(*) from role_grant g
        where g.account = d.from_account and g.unit = d.unit and g.role = d.role)
from delegation d
join account af on af.id = d.from_account join subject sf on sf.id = af.subject
join account ac on ac.id = d.to_account join subject st on st.id = ac.subject
where ($1 = 0 or d.from_account = $1 or d.to_account = $1) and ($2 = 0 or d.unit = $2)
    and ($4 = 0 or d.id = $4)
order by d.from_day desc, d.id limit coalesce($3, 0);
