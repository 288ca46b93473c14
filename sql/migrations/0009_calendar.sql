-- 0009 calendar: versions of the days off. No projection: the rows do not belong in events;
-- calendar.published records their digest, and `csv` must hash to it. Version 1 is embedded in
-- the program and has no row here.
create table calendar_version (
    version bigint primary key not null,
    digest blob not null,
    csv text not null,
    days bigint not null,         -- rows in it
    published_us bigint,          -- null: imported, not in force
    after_id bigint not null,     -- running due dates are recomputed up to this dossier
    done_us bigint                -- when all of them were
);
