-- 0042 trace: which events an indicator counted, so that the dossiers behind a figure are found
-- without walking through the ledger. Written with each fold; until then the log has them.
create table cell_trace (
    indicator text not null,
    block bigint not null, -- of 16384 events of the ledger: seq / 16384
    first_day bigint not null, -- of the traces in it
    last_day bigint not null,
    n bigint not null, -- traces
    traces blob not null, -- src/measure/trace/trace.h
    primary key (indicator, block)
);
-- Of a stock: the dossier that came or went; else 0. Of a move taken back: that move; else 0.
alter table cell add column subject bigint not null default 0;
alter table cell add column undone bigint not null default 0;
