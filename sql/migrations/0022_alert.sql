-- 0022 alert: a figure passed its bound or left its trend, until it came back. A projection.
create table alert (
    seq bigint primary key,       -- the event alert.raised
    indicator text not null,
    unit bigint not null,
    rule text not null,           -- below, above, trend
    first bigint not null,        -- the period judged, civil days, `last` exclusive
    last bigint not null,
    value bigint not null,        -- hundredths
    bound bigint not null,        -- hundredths
    raised_us bigint not null,
    cleared_seq bigint,           -- the event alert.cleared
    cleared_us bigint,
    cleared_value bigint
);
create unique index alert_open on alert (indicator, unit, rule) where cleared_seq is null;
create index alert_time on alert (raised_us);
