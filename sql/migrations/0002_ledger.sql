-- 0002 ledger: events, the hashes of their Merkle tree, signed heads, keys of persons.

create table ledger_log (
    id bigint primary key not null, -- 1: one log a folder, for ever
    origin text not null,
    vkey text not null
);

-- An entry of the log is printed from its row, byte for byte, without any key. What is
-- personal stands in `secret` alone, sealed, so that destroying the owner's key erases it and
-- the tree still verifies.
create table event (
    seq bigint primary key not null,
    time_us bigint not null,
    kind bigint not null, -- place in events.def
    actor bigint not null,
    behalf bigint not null,
    unit bigint not null,
    unit_code text not null, -- as it was then
    subject bigint not null,
    pack text not null,
    purpose text not null,
    law text not null,
    facts text not null, -- RFC 8785
    salt blob not null,
    owner bigint not null,
    secret blob, -- sealed: 16 bytes of salt, then RFC 8785
    secret_hash blob,
    leaf blob not null
);
create index event_subject on event (subject, seq);

-- The root of each full tile (256 hashes of the level below).
create table node (
    level bigint not null,
    idx bigint not null,
    hash blob not null,
    primary key (level, idx)
);

create table checkpoint (
    size bigint primary key not null,
    time_us bigint not null,
    root blob not null,
    note text not null
);

create table person_key (
    subject bigint primary key not null,
    wrapped blob, -- NULL: destroyed
    changed_us bigint not null
);
