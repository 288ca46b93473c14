-- 0007 measure: projections of the events that indicators count. Days are civil days since
-- 1970-01-01 in UTC+07:00.
create table cell (
    indicator text not null,
    day bigint not null,
    unit bigint not null,
    procedure text not null,
    channel bigint not null,
    num bigint not null,
    den bigint not null,
    primary key (indicator, day, unit, procedure, channel)
);
-- Which pack version's indicators count from which event on.
create table indicator_set (
    ref text primary key,
    pack text not null,
    seq bigint not null
);
