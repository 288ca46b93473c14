-- Agencies: a projection of unit.added and unit.ended. Days are civil days since 1970-01-01.
create table unit (
    id bigint primary key,
    code text not null unique,
    code_old text unique,
    name_vi text not null,
    name_en text not null,
    kind text not null,
    parent bigint references unit (id),
    from_day bigint not null,
    to_day bigint not null
);
create index unit_parent on unit (parent);
create table unit_successor (
    unit bigint not null references unit (id),
    pos bigint not null,
    successor bigint not null references unit (id),
    primary key (unit, pos)
);
