-- 0038 statement look: what a node's last statement proves of its past, so that an earlier one that
-- comes later can be held against it ('': taken before this was kept).
alter table statement add column past text not null default '';
-- No projection: which state of the figures statements were last made from.
create table statement_look (
    id bigint primary key, -- 1
    unit text not null, -- what is stated
    size bigint not null, -- of the ledger
    log_first bigint not null, -- rows of `cell`; -1: it was empty
    log_last bigint not null,
    told bigint not null, -- the last statement taken from below; -1: none
    month bigint not null -- the running one then: year * 12 + month - 1
);
