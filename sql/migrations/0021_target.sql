-- 0021 target: figures that no event gives, as an office entered them and another verified them.
-- A projection. Days are civil days since 1970-01-01 in UTC+07:00.
create table entered (
    seq bigint primary key,       -- the event figure.entered
    indicator text not null,
    body text not null,           -- code of an agency, of this node or not
    body_name text not null,      -- what it is called when it is no unit here; may be empty
    first bigint not null,        -- the period, `last` exclusive
    last bigint not null,
    num bigint not null,
    den bigint not null,          -- 0: num is the amount itself
    time_us bigint not null,
    method text not null,
    note text not null,
    file text not null,           -- evidence: SHA-256, hexadecimal; empty: none
    file_name text not null,
    mime text not null,
    size bigint not null,
    verified_seq bigint,          -- the event figure.verified
    verified_num bigint,
    verified_den bigint,
    verified_us bigint,
    verified_note text
);
create index entered_of on entered (indicator, body, first, last, seq);
create index entered_file on entered (file);
