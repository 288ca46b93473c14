-- 0029 log: what was counted since the last fold is a log, one row each time an event adds to an
-- indicator, in order of events: a row at the end is cheaper than a sum somewhere in the middle.
alter table cell rename to cell_before;
create table cell (
    id bigint primary key not null, -- event * 4096 + how many the event added before
    indicator text not null,
    unit bigint not null,
    day bigint not null,
    month bigint not null,
    procedure text not null,
    channel bigint not null,
    bucket bigint not null,
    num bigint not null,
    den bigint not null
);
insert into cell (id, indicator, unit, day, month, procedure, channel, bucket, num, den)
select row_number() over (order by indicator, unit, day, procedure, channel, bucket),
    indicator, unit, day, month, procedure, channel, bucket, num, den
from cell_before;
drop table cell_before;
