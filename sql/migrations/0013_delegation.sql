-- Signature delegated: whose role in a unit another officer has as well, from day to day. A
-- projection of delegation.added and delegation.ended.
create table delegation (
    id bigint primary key not null,
    from_account bigint not null references account (id),
    to_account bigint not null references account (id),
    unit bigint not null,
    role text not null,
    from_day bigint not null,
    to_day bigint not null,   -- the last one
    procedures text not null, -- " 1.001612 2.000635 "; empty: all
    ended_us bigint
);
create index delegation_to on delegation (to_account, unit);
create index delegation_from on delegation (from_account);
