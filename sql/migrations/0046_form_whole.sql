-- 0046 form whole: of those filed, how many were sent in one piece, without a draft that could be
-- walked through or given up. Filings of before do not tell: 0.
alter table form_day add column whole bigint not null default 0;
