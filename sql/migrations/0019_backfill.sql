-- 0019 backfill: an indicator of a pack version counts events before the version, too, from here on.
create table indicator_past (
    ref text not null,
    indicator text not null,
    since bigint not null,
    primary key (ref, indicator)
);
