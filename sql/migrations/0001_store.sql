-- 0001 store: which migrations this database has seen.
create table migration (
    number bigint primary key not null,
    module text not null,
    digest text not null, -- SHA-256 of its statements: an applied migration never changes
    applied_us bigint not null
);
