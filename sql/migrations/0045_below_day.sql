-- 0045 below_day: folded, the cells of all units below a unit a day, one sum a procedure with all
-- channels together. A month that a period cuts is read here, not from each unit's own days.
create table below_day (
    indicator text not null,
    unit bigint not null,
    day bigint not null,
    procedure text not null,
    bucket bigint not null,
    num bigint not null,
    den bigint not null,
    primary key (indicator, unit, day, procedure, bucket)
);
insert into below_day (indicator, unit, day, procedure, bucket, num, den)
select d.indicator, a.above, d.day, d.procedure, d.bucket, sum(d.num), sum(d.den)
from cell_day d join cell_above a on a.unit = d.unit
group by d.indicator, a.above, d.day, d.procedure, d.bucket;
