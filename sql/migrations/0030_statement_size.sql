-- 0030 statement size: how long the node's own ledger was in each statement that it made.
alter table statement_made add column ledger_size bigint not null default 0; -- 0: not told then
