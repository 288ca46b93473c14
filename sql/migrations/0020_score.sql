-- 0020 score: what of a dossier is counted once it has ended, and where a draft was left.
alter table dossier add column fee_vnd bigint not null default 0;        -- as filed
alter table dossier add column applicant_kind bigint not null default 0; -- 0 citizen, 1 business, 2 household
alter table dossier add column marks bigint not null default 0; -- bits: 1 verified, 2 a paper used again, 4 from the store, 8 paid online
alter table draft add column page text not null default '';
