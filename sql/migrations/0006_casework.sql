-- 0006 casework: dossiers and what hangs on them. Every table but draft and draft_file is a
-- projection: written only by a subscriber of the ledger, equal after a rebuild.
create table dossier (
    id bigint primary key not null, -- random, drawn by the command
    unit bigint not null,
    track text not null, -- provisional code; works as a look-up for ever
    code text,           -- issued at reception
    pack text not null,  -- id@version
    procedure text not null,
    state text not null,
    status bigint not null,
    channel bigint not null,
    applicant bigint not null,
    is_anonymous bigint not null,
    applicant_name text, -- personal: gone after erasure
    search text,         -- personal: the name, folded
    holder bigint not null, -- account, 0 = nobody
    roles bigint not null,  -- bits of the roles that act in this state
    submitted_us bigint not null,
    received_us bigint,
    entered_us bigint not null,  -- into the present state
    clock_us bigint,             -- start of the legal clock
    finished_us bigint,          -- the clock stopped: ready, returned, refused, withdrawn, stopped
    ended_us bigint,             -- in an end state
    is_open bigint not null,     -- 1 until finished
    pauses text not null,        -- "from-to,from-" in microseconds
    entries text not null,       -- "state:times,state:times"
    due bigint not null,         -- civil day; 2147483647 = none
    after_us bigint,             -- when the own timer of the state moves it
    wake_us bigint,              -- the earlier of that and of running out of time
    is_late bigint not null,
    supplements bigint not null,
    has_result bigint not null,
    rating bigint not null,      -- 0 = not rated
    answers_seq bigint not null, -- the event that holds the answers
    version bigint not null      -- last event that changed the dossier
);
create unique index dossier_track on dossier (track);
create unique index dossier_code on dossier (code) where code is not null;
create index dossier_inbox on dossier (unit, is_open, due, id);
create index dossier_done on dossier (unit, finished_us, id) where is_open = 0;
create index dossier_applicant on dossier (applicant, submitted_us);
create index dossier_wake on dossier (wake_us) where wake_us is not null;

create table dossier_entry (
    dossier bigint not null,
    seq bigint not null,
    time_us bigint not null,
    kind text not null, -- name of the event
    act text,
    from_state text,
    to_state text,
    actor bigint not null,   -- subject, 0 = the system
    holder bigint,           -- account it was given to
    told bigint not null,    -- 1: a notice to the applicant
    words text,              -- personal: {reason, law, comment, answer, items, note}
    primary key (dossier, seq)
);

create table dossier_file (
    id bigint primary key not null,
    dossier bigint not null,
    seq bigint not null,
    document text not null,
    name text, -- personal
    mime text not null,
    digest text not null,
    size bigint not null
);
create index dossier_file_of on dossier_file (dossier, seq);
create index dossier_file_digest on dossier_file (digest);

-- Dossiers received by a unit in a day: the number in the code.
create table counter (
    unit bigint not null,
    day bigint not null,
    n bigint not null,
    primary key (unit, day)
);

create table public_answer (
    dossier bigint primary key not null,
    seq bigint not null,
    unit bigint not null,
    pack text not null,
    code text not null,
    published_us bigint not null,
    answer text not null
);
create index public_answer_latest on public_answer (seq);
create index public_answer_code on public_answer (code);

-- When an officer last opened a dossier: one journal entry serves ten minutes.
create table dossier_read (
    dossier bigint not null,
    actor bigint not null,
    read_us bigint not null,
    primary key (dossier, actor)
);

-- Who looked at a dossier, for its applicant: nothing personal, erasure leaves it.
create table dossier_look (
    seq bigint primary key not null,
    dossier bigint not null,
    applicant bigint not null,
    unit bigint not null,
    time_us bigint not null,
    purpose text not null,
    law text not null
);
create index dossier_look_applicant on dossier_look (applicant, seq);

-- Drafts: sealed, not events. id: the token, or for an anonymous draft its SHA-256.
create table draft (
    id text primary key not null,
    owner bigint not null,
    pack text not null,
    unit bigint not null,
    applicant bigint not null, -- of a draft begun at a counter; 0: the owner, or nobody known
    answers blob not null,
    changed_us bigint not null
);
create index draft_owner on draft (owner, changed_us);
create index draft_changed on draft (changed_us);

create table draft_file (
    id bigint primary key not null,
    draft text not null,
    document text not null,
    name blob not null,
    mime text not null,
    digest text not null,
    size bigint not null,
    added_us bigint not null
);
create index draft_file_of on draft_file (draft, added_us);
create index draft_file_digest on draft_file (digest);
