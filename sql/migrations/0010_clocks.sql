-- 0010 clocks of a dossier. `clocks` holds every clock of its flow in the flow's order,
-- "start/due/late/pauses;…" in microseconds; what is not begun is empty. The columns clock_us,
-- pauses and due repeat the legal clock for lists.
alter table dossier add column clocks text not null default '';
alter table dossier add column promised_us bigint;                -- the end that was last told
alter table dossier add column redated bigint not null default 0; -- 1: by an apology
alter table dossier add column warned bigint not null default 0;  -- bits: parts of the time told
alter table dossier add column warn_us bigint;                    -- the next of them
alter table dossier add column escalated bigint not null default 0; -- account; 0 = nobody
alter table dossier_entry add column detail text; -- not personal: dates, what was done
update dossier set promised_us = (due + 1) * 86400000000 - 25200000000,
    clocks = clock_us || '/' || ((due + 1) * 86400000000 - 25200000000) || '/' || is_late
        || '/' || pauses
where clock_us is not null and due < 2147483647;
create index dossier_running on dossier (id) where is_open = 1;
