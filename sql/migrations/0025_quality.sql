-- 0025 quality: looks at pages, crawls, where forms lose people, maintenance. All are folds.
create table probe_page (
    site text not null,      -- '' is this node
    page text not null,      -- an address, '/' of other sites
    first_us bigint not null,
    last_us bigint not null,
    status bigint not null,  -- of the last look; 0: no answer
    tenths bigint not null,  -- of a millisecond, of the last look
    primary key (site, page)
);
create table probe_sum (
    site text not null,
    page text not null,
    span text not null,      -- '2026-11-22' or '2026'
    looks bigint not null,   -- without those at announced times
    up bigint not null,
    primary key (site, page, span)
);
create table probe_bucket (
    site text not null,
    page text not null,
    span text not null,
    bucket bigint not null,  -- measure's: they add up
    n bigint not null,
    primary key (site, page, span, bucket)
);
-- Times in which this node looked at nothing: it was down.
create table probe_gap (
    from_us bigint primary key not null, -- the last look before
    to_us bigint not null,               -- the first after
    every_us bigint not null
);
create table maintenance (
    seq bigint primary key not null,
    from_us bigint not null,
    to_us bigint not null,
    reason_vi text not null,
    reason_en text not null,
    announced_us bigint not null,
    cancelled_us bigint not null -- 0: not
);
create table crawl (
    seq bigint primary key not null,
    made_us bigint not null,
    facts text not null
);
create table form_day (
    pack text not null,      -- id@version
    day bigint not null,
    begun bigint not null,
    filed bigint not null,
    abandoned bigint not null,
    primary key (pack, day)
);
create table form_page (
    pack text not null,
    page text not null,
    day bigint not null,
    reached bigint not null, -- drafts, each once
    refused bigint not null, -- times that it came back with errors
    abandoned bigint not null,   -- drafts that ended here
    primary key (pack, page, day)
);
create table form_field (
    pack text not null,
    page text not null,
    field text not null,     -- without the numbers of items
    day bigint not null,
    refused bigint not null,
    primary key (pack, page, field, day)
);
create table form_time (
    pack text not null,
    page text not null,
    year bigint not null,
    bucket bigint not null,  -- of seconds
    n bigint not null,
    primary key (pack, page, year, bucket)
);
alter table draft add column seen text not null default '';
