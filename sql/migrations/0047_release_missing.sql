-- 0047 release missing: the nodes below whose statements a release was made without, as they were
-- then: [{node, unit_name, period}], the first twenty of nmissing. Releases of before do not tell.
alter table dataset_release add column missing text not null default '';
alter table dataset_release add column nmissing bigint not null default 0;
