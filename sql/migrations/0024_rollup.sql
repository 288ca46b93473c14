-- 0024 rollup: months of figures from other nodes, and our own as they went upward.
create table trusted_node (
    name text primary key,
    origin text not null, -- the name in the verifier key
    vkey text not null,
    unit text not null, -- code: figures of that unit and below may come from it
    trusted_us bigint not null,
    ended_us bigint not null -- 0 while trusted
);
create table statement (
    node text not null,
    period text not null, -- "2026-03"
    revision bigint not null, -- as the node counts them
    seq bigint not null,
    taken_us bigint not null,
    made_us bigint not null,
    digest text not null,
    ncells bigint not null,
    ledger_size bigint not null, -- of the node's ledger
    ledger_root text not null,
    late bigint not null,
    primary key (node, period, revision)
);
create table statement_refusal (
    node text not null,
    digest text not null,
    period text not null,
    seq bigint not null,
    refused_us bigint not null,
    reason text not null,
    primary key (node, digest)
);
create table statement_made (
    period text not null,
    revision bigint not null,
    seq bigint not null,
    made_us bigint not null,
    digest text not null, -- of the cells alone: the same cells are not stated twice
    ncells bigint not null,
    primary key (period, revision)
);
-- No projection: the files as they were signed, and how far sending went.
create table statement_push (
    period text not null,
    revision bigint not null,
    tries bigint not null,
    tried_us bigint not null,
    done_us bigint not null, -- 0: not accepted yet
    answer text not null,
    body text not null,
    primary key (period, revision)
);
-- What a node's last statement of a month says: taken out of the sums when it is replaced.
create table statement_cell (
    node text not null,
    period text not null,
    indicator text not null,
    unit bigint not null,
    procedure text not null,
    channel bigint not null,
    bucket bigint not null,
    num bigint not null,
    den bigint not null,
    primary key (node, period, indicator, unit, procedure, channel, bucket)
);
