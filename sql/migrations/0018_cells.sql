-- 0018 cells: what reading needs is summed from the cells, a thousand events at a time. `day` is a
-- civil day since 1970-01-01 in UTC+07:00, `month` is year * 12 + month - 1. `bucket` is 0 but in a
-- distribution, whose cells stand one a bucket of values.
alter table cell rename to cell_before;
-- What was counted since the last fold.
create table cell (
    indicator text not null,
    unit bigint not null,
    day bigint not null,
    procedure text not null,
    channel bigint not null,
    bucket bigint not null,
    month bigint not null,
    num bigint not null,
    den bigint not null,
    primary key (indicator, unit, day, procedure, channel, bucket)
);
insert into cell (indicator, unit, day, procedure, channel, bucket, month, num, den)
select indicator, unit, day, procedure, channel, 0,
    (yoe + era * 400 + case when mp < 10 then 0 else 1 end) * 12
        + case when mp < 10 then mp + 2 else mp - 10 end,
    num, den
from (select t.*, (5 * (doe - (365 * yoe + yoe / 4 - yoe / 100)) + 2) / 153 as mp
    from (select u.*, (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365 as yoe
        from (select c.*, (day + 719468) / 146097 as era, (day + 719468) % 146097 as doe
            from cell_before c) u) t) v;
drop table cell_before;
-- Folded: a unit's own cells a day.
create table cell_day (
    indicator text not null,
    unit bigint not null,
    day bigint not null,
    procedure text not null,
    channel bigint not null,
    bucket bigint not null,
    num bigint not null,
    den bigint not null,
    primary key (indicator, unit, day, procedure, channel, bucket)
);
-- Folded: a unit's own cells a month (below = 0), and those of all units below it together (1).
create table cell_month (
    indicator text not null,
    unit bigint not null,
    month bigint not null,
    below bigint not null,
    procedure text not null,
    channel bigint not null,
    bucket bigint not null,
    num bigint not null,
    den bigint not null,
    primary key (indicator, unit, month, below, procedure, channel, bucket)
);
-- Folded, all procedures and channels together: the units below a unit, a day.
create table sum_day (
    indicator text not null,
    unit bigint not null,
    day bigint not null,
    bucket bigint not null,
    num bigint not null,
    den bigint not null,
    primary key (indicator, unit, day, bucket)
);
-- The same for a unit with everything below it, a month.
create table sum_month (
    indicator text not null,
    unit bigint not null,
    month bigint not null,
    bucket bigint not null,
    num bigint not null,
    den bigint not null,
    primary key (indicator, unit, month, bucket)
);
-- Every unit above a unit: whose sums it is in. Units never get another parent.
create table cell_above (
    unit bigint not null,
    above bigint not null,
    primary key (unit, above)
);
insert into cell_above (unit, above)
with recursive up (unit, above) as (
    select id, parent from unit where parent is not null
    union all
    select up.unit, u.parent from up join unit u on u.id = up.above where u.parent is not null
)
select unit, above from up;
-- The event with which each day began: what is dated before the last of them comes late.
create table cell_clock (
    day bigint primary key,
    seq bigint not null
);
-- Events that changed a day's cells on a later day (`seen`).
create table cell_late (
    indicator text not null,
    day bigint not null,
    seen bigint not null,
    unit bigint not null,
    procedure text not null,
    channel bigint not null,
    events bigint not null,
    primary key (indicator, day, seen, unit, procedure, channel)
);
-- Moves that were taken back: what they counted was taken off again.
create table move_undone (
    seq bigint primary key
);
