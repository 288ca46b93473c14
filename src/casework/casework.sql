-- casework.sql: a dossier's columns stand in one order everywhere (row_of in dossier.c).

-- dossier_by_id :find (id int) -> (id int, unit int, track text, code text, pack text, state text, status int, channel int, applicant int, is_anonymous int, applicant_name text, holder int, submitted_us int, received_us int, entered_us int, clock_us int, finished_us int, ended_us int, pauses text, entries text, clocks text, due int, promised_us int, redated int, warned int, warn_us int, escalated int, after_us int, is_late int, supplements int, has_result int, rating int, answers_seq int, version int, at_unit int, undo_us int)
select id, unit, track, code, pack, state, status, channel, applicant, is_anonymous,
    applicant_name, holder, submitted_us, received_us, entered_us, clock_us, finished_us,
    ended_us, pauses, entries, clocks, due, promised_us, redated, warned, warn_us, escalated,
    after_us, is_late, supplements, has_result, rating,
    answers_seq, version, at_unit, undo_us
from dossier where id = $1;

-- dossier_by_code :find (code text) -> (id int, unit int, track text, code text, pack text, state text, status int, channel int, applicant int, is_anonymous int, applicant_name text, holder int, submitted_us int, received_us int, entered_us int, clock_us int, finished_us int, ended_us int, pauses text, entries text, clocks text, due int, promised_us int, redated int, warned int, warn_us int, escalated int, after_us int, is_late int, supplements int, has_result int, rating int, answers_seq int, version int, at_unit int, undo_us int)
select id, unit, track, code, pack, state, status, channel, applicant, is_anonymous,
    applicant_name, holder, submitted_us, received_us, entered_us, clock_us, finished_us,
    ended_us, pauses, entries, clocks, due, promised_us, redated, warned, warn_us, escalated,
    after_us, is_late, supplements, has_result, rating,
    answers_seq, version, at_unit, undo_us
from dossier where code = $1;

-- dossier_by_track :find (track text) -> (id int, unit int, track text, code text, pack text, state text, status int, channel int, applicant int, is_anonymous int, applicant_name text, holder int, submitted_us int, received_us int, entered_us int, clock_us int, finished_us int, ended_us int, pauses text, entries text, clocks text, due int, promised_us int, redated int, warned int, warn_us int, escalated int, after_us int, is_late int, supplements int, has_result int, rating int, answers_seq int, version int, at_unit int, undo_us int)
select id, unit, track, code, pack, state, status, channel, applicant, is_anonymous,
    applicant_name, holder, submitted_us, received_us, entered_us, clock_us, finished_us,
    ended_us, pauses, entries, clocks, due, promised_us, redated, warned, warn_us, escalated,
    after_us, is_late, supplements, has_result, rating,
    answers_seq, version, at_unit, undo_us
from dossier where track = $1;

-- dossier_open_count :one () -> (n int)
select count(*) from dossier where is_open = 1;

-- dossier_running :many (after_id int, most int) -> (id int, unit int, track text, code text, pack text, state text, status int, channel int, applicant int, is_anonymous int, applicant_name text, holder int, submitted_us int, received_us int, entered_us int, clock_us int, finished_us int, ended_us int, pauses text, entries text, clocks text, due int, promised_us int, redated int, warned int, warn_us int, escalated int, after_us int, is_late int, supplements int, has_result int, rating int, answers_seq int, version int, at_unit int, undo_us int)
select id, unit, track, code, pack, state, status, channel, applicant, is_anonymous,
    applicant_name, holder, submitted_us, received_us, entered_us, clock_us, finished_us,
    ended_us, pauses, entries, clocks, due, promised_us, redated, warned, warn_us, escalated,
    after_us, is_late, supplements, has_result, rating,
    answers_seq, version, at_unit, undo_us
from dossier where is_open = 1 and id > $1 order by id limit coalesce($2, 0);

-- dossier_of_applicant :many (applicant int, most int) -> (id int, unit int, track text, code text, pack text, state text, status int, channel int, applicant int, is_anonymous int, applicant_name text, holder int, submitted_us int, received_us int, entered_us int, clock_us int, finished_us int, ended_us int, pauses text, entries text, clocks text, due int, promised_us int, redated int, warned int, warn_us int, escalated int, after_us int, is_late int, supplements int, has_result int, rating int, answers_seq int, version int, at_unit int, undo_us int)
select id, unit, track, code, pack, state, status, channel, applicant, is_anonymous,
    applicant_name, holder, submitted_us, received_us, entered_us, clock_us, finished_us,
    ended_us, pauses, entries, clocks, due, promised_us, redated, warned, warn_us, escalated,
    after_us, is_late, supplements, has_result, rating,
    answers_seq, version, at_unit, undo_us
from dossier where applicant = $1 order by submitted_us desc, id limit coalesce($2, 0);

-- What is counted when it ends.
-- dossier_counted :find (id int) -> (fee_vnd int, applicant_kind int, marks int, papers int)
select fee_vnd, applicant_kind, marks,
    (select count(*) from dossier_file where dossier = $1 and document <> 'result')
from dossier where id = $1;

-- dossier_mark :exec (id int, marks int)
update dossier set marks = marks | $2 where id = $1;

-- dossier_version :find (id int) -> (version int)
select version from dossier where id = $1;

-- dossier_wake :many (now_us int, most int) -> (id int)
select id from dossier where wake_us <= $1 order by wake_us, id limit coalesce($2, 0);

-- dossier_insert :exec (id int, unit int, track text, pack text, procedure text, state text, status int, channel int, applicant int, is_anonymous int, applicant_name text, search text, roles int, submitted_us int, clock_us int, entries text, clocks text, due int, promised_us int, warn_us int, after_us int, wake_us int, seq int, at_unit int, fee_vnd int, applicant_kind int, marks int)
insert into dossier (id, unit, track, pack, procedure, state, status, channel, applicant,
    is_anonymous, applicant_name, search, holder, roles, submitted_us, entered_us, clock_us,
    is_open, pauses, entries, clocks, due, promised_us, redated, warned, warn_us, escalated,
    after_us, wake_us, is_late, supplements, has_result, rating, answers_seq, version, at_unit,
    fee_vnd, applicant_kind, marks)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, $13, $14, $14, $15, 1, '', $16,
    $17, $18, $19, 0, 0, $20, 0, $21, $22, 0, 0, 0, 0, $23, $23, $24, $25, $26, $27);

-- dossier_receive :exec (id int, code text, received_us int)
update dossier set code = $2, received_us = $3 where id = $1;

-- One statement for all that a move changes: each rewrites the row and its indexes.
-- dossier_store :exec (id int, state text, status int, holder int, roles int, entered_us int, clock_us int, finished_us int, ended_us int, is_open int, pauses text, entries text, clocks text, due int, promised_us int, redated int, warned int, warn_us int, escalated int, after_us int, wake_us int, is_late int, supplements int, version int, at_unit int, undo_us int, was text)
update dossier set state = $2, status = $3, holder = $4, roles = $5, entered_us = $6,
    clock_us = $7, finished_us = $8, ended_us = $9, is_open = $10, pauses = $11, entries = $12,
    clocks = $13, due = $14, promised_us = $15, redated = $16, warned = $17, warn_us = $18,
    escalated = $19, after_us = $20, wake_us = $21, is_late = $22, supplements = $23,
    version = $24, at_unit = $25, undo_us = $26, was = $27
where id = $1;

-- What the clocks say, with no move.
-- dossier_clocks_set :exec (id int, clocks text, due int, promised_us int, redated int, warned int, warn_us int, escalated int, after_us int, wake_us int, is_late int, version int)
update dossier set clocks = $2, due = $3, promised_us = $4, redated = $5, warned = $6,
    warn_us = $7, escalated = $8, after_us = $9, wake_us = $10, is_late = $11, version = $12
where id = $1;

-- dossier_give :exec (id int, holder int, version int)
update dossier set holder = $2, version = $3 where id = $1;

-- dossier_amend :exec (id int, seq int)
update dossier set answers_seq = $2, version = $2 where id = $1;

-- dossier_touch :exec (id int, has_result int, version int)
update dossier set has_result = case when $2 = 1 then 1 else has_result end, version = $3
where id = $1;

-- dossier_rating_set :exec (id int, rating int, version int)
update dossier set rating = $2, version = $3 where id = $1;

-- dossier_late_set :exec (id int, wake_us int, version int)
update dossier set is_late = 1, wake_us = $2, version = $3 where id = $1;

-- dossier_purge :exec (applicant int)
update dossier set applicant_name = null, search = null where applicant = $1;

-- entry_insert :exec (dossier int, seq int, time_us int, kind text, act text, from_state text, to_state text, actor int, holder int, told int, words text, detail text, unit int, told_us int, delegation int)
insert into dossier_entry (dossier, seq, time_us, kind, act, from_state, to_state, actor, holder,
    told, words, detail, unit, told_us, delegation, is_undone)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0);

-- entries_of :many (dossier int) -> (seq int, time_us int, kind text, act text, from_state text, to_state text, actor int, holder int, told int, words text, detail text, unit int, delegation int, is_undone int)
select seq, time_us, kind, act, from_state, to_state, actor, holder, told, words, detail, unit,
    delegation, is_undone
from dossier_entry where dossier = $1 order by seq;

-- entry_acted :many (dossier int, actor int) -> (from_state text)
select distinct from_state from dossier_entry
where dossier = $1 and actor = $2 and from_state is not null and is_undone = 0
order by from_state;

-- entry_holder :find (dossier int, from_state text) -> (holder int)
select holder from dossier_entry
where dossier = $1 and from_state = $2 and holder is not null and is_undone = 0
order by seq desc limit 1;

-- entry_answer :find (dossier int) -> (words text)
select words from dossier_entry
where dossier = $1 and words like '%"answer"%' and is_undone = 0 order by seq desc limit 1;

-- entry_purge :exec (applicant int)
update dossier_entry set words = null
where dossier in (select id from dossier where applicant = $1);

-- notice_page :many (applicant int, before int, most int, now_us int) -> (seq int, time_us int, kind text, act text, to_state text, words text, dossier int, detail text)
select e.seq, e.time_us, e.kind, e.act, e.to_state, e.words, e.dossier, e.detail
from dossier d join dossier_entry e on e.dossier = d.id
where d.applicant = $1 and e.told = 1 and e.told_us <= $4 and e.seq < $2
order by e.seq desc limit coalesce($3, 0);

-- file_insert :exec (id int, dossier int, seq int, document text, name text, mime text, digest text, size int)
insert into dossier_file (id, dossier, seq, document, name, mime, digest, size)
values ($1, $2, $3, $4, $5, $6, $7, $8);

-- files_of :many (dossier int) -> (id int, document text, name text, mime text, digest text, size int, seq int)
select id, document, name, mime, digest, size, seq
from dossier_file where dossier = $1 order by seq, id;

-- file_purge :exec (applicant int)
delete from dossier_file where dossier in (select id from dossier where applicant = $1);

-- digest_used :find (digest text) -> (one int)
select 1 from dossier_file where digest = $1
union all select 1 from draft_file where digest = $1
union all select 1 from entered where file = $1 limit 1;

-- counter_of :find (unit int, day int) -> (last int)
select n from counter where unit = $1 and day = $2;

-- counter_add :exec (unit int, day int)
insert into counter (unit, day, n) values ($1, $2, 1)
on conflict (unit, day) do update set n = counter.n + 1;

-- answer_put :exec (dossier int, seq int, unit int, pack text, code text, published_us int, answer text)
insert into public_answer (dossier, seq, unit, pack, code, published_us, answer)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (dossier) do update set seq = excluded.seq, code = excluded.code,
    published_us = excluded.published_us, answer = excluded.answer;

-- answer_del :exec (dossier int)
delete from public_answer where dossier = $1;

-- answer_purge :exec (applicant int)
delete from public_answer where dossier in (select id from dossier where applicant = $1);

-- answer_page :many (pack text, before int, most int) -> (seq int, unit int, pack text, code text, published_us int, answer text)
select seq, unit, pack, code, published_us, answer from public_answer
where ($1 = '' or pack like $1) and seq < $2 order by seq desc limit coalesce($3, 0);

-- answer_by_code :find (code text) -> (seq int, unit int, pack text, code text, published_us int, answer text)
select seq, unit, pack, code, published_us, answer from public_answer where code = $1;

-- read_of :find (dossier int, actor int) -> (read_us int)
select read_us from dossier_read where dossier = $1 and actor = $2;

-- read_put :exec (dossier int, actor int, read_us int)
insert into dossier_read (dossier, actor, read_us) values ($1, $2, $3)
on conflict (dossier, actor) do update set read_us = excluded.read_us;

-- draft_add :exec (id text, owner int, pack text, unit int, applicant int, answers blob, changed_us int, seen text)
insert into draft (id, owner, pack, unit, applicant, answers, changed_us, seen)
values ($1, $2, $3, $4, $5, $6, $7, $8);

-- draft_set :exec (id text, applicant int, answers blob, changed_us int, page text, seen text)
update draft set applicant = $2, answers = $3, changed_us = $4,
    page = case when $5 = '' then page else $5 end,
    seen = case when $6 = '' then seen else $6 end where id = $1;

-- draft_touch :exec (id text, changed_us int)
update draft set changed_us = $2 where id = $1;

-- draft_by_id :find (id text) -> (owner int, pack text, unit int, applicant int, answers blob, changed_us int, seen text)
select owner, pack, unit, applicant, answers, changed_us, seen from draft where id = $1;

-- draft_count :one (owner int) -> (total int)
select count(*) from draft where owner = $1;

-- drafts_by_owner :many (owner int) -> (id text, pack text, unit int, applicant int, answers blob, changed_us int)
select id, pack, unit, applicant, answers, changed_us from draft where owner = $1
order by changed_us desc, id;

-- draft_remove :exec (id text, changed_us int)
delete from draft where id = $1 and changed_us = $2;

-- draft_purge :exec (owner int)
delete from draft where owner = $1 or applicant = $1;

-- draft_files_purge :exec (owner int)
delete from draft_file
where draft in (select id from draft where owner = $1 or applicant = $1);

-- draft_files_remove :exec (draft text)
delete from draft_file where draft = $1;

-- paper_digests :many (after text, most int) -> (digest text)
select digest from (select digest from dossier_file where digest > $1
    union select file from entered where file > $1) as x
order by digest limit coalesce($2, 0);

-- draft_expired :many (before_us int, most int) -> (id text, changed_us int, pack text, unit int, applicant int, page text)
select id, changed_us, pack, unit, applicant, page from draft where changed_us < $1 order by changed_us, id limit coalesce($2, 0);

-- draft_file_insert :exec (id int, draft text, document text, name blob, mime text, digest text, size int, added_us int)
insert into draft_file (id, draft, document, name, mime, digest, size, added_us)
values ($1, $2, $3, $4, $5, $6, $7, $8);

-- draft_file_remove_one :exec (draft text, id int)
delete from draft_file where draft = $1 and id = $2;

-- draft_files_of :many (draft text) -> (id int, document text, name blob, mime text, digest text, size int)
select id, document, name, mime, digest, size
from draft_file where draft = $1 order by added_us, id;

-- look_add :exec (seq int, dossier int, applicant int, unit int, time_us int, purpose text, law text)
insert into dossier_look (seq, dossier, applicant, unit, time_us, purpose, law)
values ($1, $2, $3, $4, $5, $6, $7);

-- look_at :exec (seq int, dossier int, unit int, time_us int, purpose text, law text)
insert into dossier_look (seq, dossier, applicant, unit, time_us, purpose, law)
select $1, id, applicant, $3, $4, $5, $6 from dossier where id = $2;

-- look_page :many (applicant int, before int, most int) -> (seq int, dossier int, unit int, time_us int, purpose text, law text)
select seq, dossier, unit, time_us, purpose, law from dossier_look
where applicant = $1 and seq < $2 order by seq desc limit coalesce($3, 0);

-- branch_insert :exec (dossier int, seq int, branch text, state text, unit int, roles int, opened_us int, due int, due_us int)
insert into dossier_branch (dossier, seq, branch, state, unit, roles, opened_us, due, due_us,
    is_open, is_late, is_escalated, is_silent)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, 0, 0, 0);

-- branch_close :exec (dossier int, seq int, branch text, outcome text, is_late int, is_silent int, closed_seq int, closed_us int)
update dossier_branch set is_open = 0, outcome = $4, is_late = $5, is_silent = $6,
    closed_seq = $7, closed_us = $8
where dossier = $1 and seq = $2 and branch = $3;

-- branch_escalate :exec (dossier int, seq int, branch text, unit int, roles int, due int, due_us int)
update dossier_branch set unit = $4, roles = $5, due = $6, due_us = $7, is_late = 1,
    is_escalated = 1
where dossier = $1 and seq = $2 and branch = $3;

-- branches_end :exec (dossier int, closed_seq int, closed_us int)
update dossier_branch set is_open = 0, outcome = 'not_needed', closed_seq = $2, closed_us = $3
where dossier = $1 and is_open = 1;

-- branches_unask :exec (dossier int, seq int)
delete from dossier_branch where dossier = $1 and seq = $2;

-- branches_reopen :exec (dossier int, closed_seq int)
update dossier_branch set is_open = 1, outcome = null, closed_seq = null, closed_us = null
where dossier = $1 and closed_seq = $2;

-- branches_of :many (dossier int) -> (seq int, branch text, state text, unit int, roles int, opened_us int, due int, due_us int, is_open int, is_late int, is_escalated int, is_silent int, outcome text, closed_seq int, closed_us int, words text)
select b.seq, b.branch, b.state, b.unit, b.roles, b.opened_us, b.due, b.due_us, b.is_open,
    b.is_late, b.is_escalated, b.is_silent, b.outcome, b.closed_seq, b.closed_us, e.words
from dossier_branch b
left join dossier_entry e on e.dossier = b.dossier and e.seq = b.closed_seq
where b.dossier = $1 order by b.seq, b.branch;

-- branch_answered :many (dossier int, seq int, actor int) -> (branch text)
select b.branch from dossier_branch b
join dossier_entry e on e.dossier = b.dossier and e.seq = b.closed_seq
where b.dossier = $1 and b.seq = $2 and e.actor = $3 and b.outcome <> 'not_needed'
order by b.branch;

-- branch_wake :many (now_us int, most int) -> (dossier int)
select distinct dossier from (
    select dossier from dossier_branch where is_open = 1 and due_us <= $1
    order by due_us limit coalesce($2, 0)) x
order by dossier;

-- branches_asked :many (unit int, since_us int, most int) -> (dossier int, seq int, branch text)
select dossier, seq, branch from (
    select dossier, seq, branch, due, is_open from dossier_branch
    where unit = $1 and is_open = 1
    union all
    select dossier, seq, branch, due, is_open from dossier_branch
    where unit = $1 and is_open = 0 and outcome = 'not_needed' and closed_us >= $2) as x
order by is_open desc, due, dossier, branch limit coalesce($3, 0);

-- dossier_was :find (id int) -> (was text)
select was from dossier where id = $1;

-- entry_undo :exec (dossier int, seq int)
update dossier_entry set is_undone = 1, told = 0, told_us = null where dossier = $1 and seq = $2;

-- result_drop :exec (dossier int, after_seq int)
delete from dossier_file where dossier = $1 and seq > $2 and document = 'result';

-- result_left :one (dossier int) -> (n int)
select count(*) from dossier_file where dossier = $1 and document = 'result';

-- dossier_result_set :exec (id int, has_result int)
update dossier set has_result = $2 where id = $1;

-- dossier_pack_set :exec (id int, pack text)
update dossier set pack = $2 where id = $1;

-- branch_state_set :exec (dossier int, state text, to_state text)
update dossier_branch set state = $3 where dossier = $1 and state = $2;
