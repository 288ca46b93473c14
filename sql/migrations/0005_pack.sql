-- Published packs. No projection: the bytes do not belong in events; pack.published records their
-- digest, and `archive` must hash to it.
create table pack_version (
    id bigint primary key,
    ref text not null unique,
    pack text not null,
    version text not null,
    digest blob not null,
    signature blob not null,
    archive blob not null,
    published_us bigint not null,
    withdrawn bigint not null default 0
);
create index pack_version_pack on pack_version (pack);
