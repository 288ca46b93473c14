-- 0023 opendata: what was given out, and what was not because it would have told of too few.
create table dataset_release (
    dataset text not null,
    period text not null, -- "2026", "2026-Q1" or "2026-03"
    revision bigint not null,
    seq bigint not null,
    released_us bigint not null,
    digest text not null, -- SHA-256 of the CSV file, in hex
    bytes bigint not null,
    nrows bigint not null,
    k bigint not null,
    smallest bigint not null,
    ledger_size bigint not null,
    pack text not null, -- whose declaration: "id@version"
    primary key (dataset, period, revision)
);
create table dataset_refusal (
    dataset text not null,
    period text not null,
    seq bigint not null,
    refused_us bigint not null,
    nrows bigint not null,
    under bigint not null,
    smallest bigint not null,
    k bigint not null,
    coarser text not null, -- JSON: what would have been enough
    pack text not null,
    primary key (dataset, period)
);
-- No projection: the bytes do not belong in events; dataset.released records their digest.
create table dataset_bytes (
    digest text primary key,
    body blob not null
);
