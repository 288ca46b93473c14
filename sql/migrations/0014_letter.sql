-- 0014_letter: which letters were issued. Bytes are not kept: the same events make them again.
create table letter (
    digest text primary key, -- SHA-256 of the PDF, hexadecimal
    mark text not null,      -- digest of what it says: what its QR code carries the head of
    form text not null,
    number text not null,
    lang text not null,
    dossier bigint not null, -- 0: a unit's register
    unit bigint not null,
    of_seq bigint not null,  -- the event that it tells of
    seq bigint not null,     -- the event letter.issued
    time_us bigint not null,
    size bigint not null
);
create index letter_dossier on letter (dossier, of_seq);
create index letter_mark on letter (mark);
-- For registers: what a unit received in a span of time.
create index dossier_received on dossier (unit, received_us) where received_us is not null;
