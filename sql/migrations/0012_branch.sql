-- Who acts now, what other units were asked, and what may still be undone.
alter table dossier add column at_unit bigint not null default 0;
alter table dossier add column undo_us bigint; -- until when the last move may be undone
alter table dossier add column was text;       -- the row before that move, as JSON
update dossier set at_unit = unit;
drop index dossier_inbox;
create index dossier_inbox on dossier (at_unit, is_open, due, id);

alter table dossier_entry add column unit bigint not null default 0; -- that acted; 0: its own
alter table dossier_entry add column told_us bigint; -- from when the applicant sees the notice
alter table dossier_entry add column delegation bigint not null default 0;
alter table dossier_entry add column is_undone bigint not null default 0;
update dossier_entry set told_us = time_us where told = 1;

-- One row for each unit asked each time; the words of an answer stand in its entry.
create table dossier_branch (
    dossier bigint not null,
    seq bigint not null, -- the move that asked
    branch text not null,
    state text not null,
    unit bigint not null,
    roles bigint not null,
    opened_us bigint not null,
    due bigint not null,    -- civil day
    due_us bigint not null, -- the first instant at which the time has run out
    is_open bigint not null,
    is_late bigint not null,
    is_escalated bigint not null,
    is_silent bigint not null, -- the outcome is what silence means
    outcome text,              -- agree refuse silent not_needed
    closed_seq bigint,
    closed_us bigint,
    primary key (dossier, seq, branch)
);
create index dossier_branch_inbox on dossier_branch (unit, due, dossier) where is_open = 1;
create index dossier_branch_wake on dossier_branch (due_us) where is_open = 1;
