-- 0037 below: what figures ask for each time: the last statement taken; all units below one.
create index statement_seq on statement (seq);
create index cell_above_below on cell_above (above, unit);
