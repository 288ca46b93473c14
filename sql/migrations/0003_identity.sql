-- Projections of subject.*, account.* and role.* events. The plain personal values here are
-- for work and search; their lasting copy is sealed in the events, and erasure nulls these.
create table subject (
    id bigint primary key,
    kind text not null,
    ref text not null unique,
    number text unique,
    name text,
    phone text,
    email text,
    birth bigint,
    erased bigint not null default 0
);
create table account (
    id bigint primary key,
    subject bigint not null references subject (id),
    login text unique,
    is_officer bigint not null,
    closed bigint not null default 0
);
create index account_subject on account (subject);
create table role_grant (
    account bigint not null references account (id),
    unit bigint not null,
    role text not null,
    seq bigint not null,
    primary key (account, unit, role)
);
create index role_grant_unit on role_grant (unit);

-- No projections: secrets and passing states, in no event and outside `rebuild --check`.
create table credential (
    account bigint primary key,
    hash text not null
);
create table session (
    token blob primary key,
    account bigint not null,
    csrf blob not null,
    created_us bigint not null,
    seen_us bigint not null
);
create index session_account on session (account, created_us);
create index session_seen on session (seen_us);
create table login_fail (
    key blob primary key,
    tries bigint not null,
    last_us bigint not null,
    until_us bigint not null,
    told bigint not null
);
create index login_fail_last on login_fail (last_us);
