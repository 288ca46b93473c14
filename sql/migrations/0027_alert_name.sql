-- 0027 alert name: several alerts of one indicator ring each for itself.
alter table alert add column alert text not null default ''; -- PACK.ID; '': raised before alerts were told apart
drop index alert_open;
create unique index alert_open on alert (alert, indicator, unit, rule) where cleared_seq is null;
