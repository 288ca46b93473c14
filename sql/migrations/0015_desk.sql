-- 0015 desk: what the officers' day and the waiting times read. Both tables are projections.

-- When an officer last saw a list of a unit: one journal entry serves ten minutes.
create table list_read (
    unit bigint not null,
    actor bigint not null,
    read_us bigint not null,
    primary key (unit, actor)
);

-- Working days that finished dossiers took, without those in which the applicant had the turn:
-- how many of a pack and unit, by the year in which they finished.
create table wait (
    pack text not null, -- id, all versions
    unit bigint not null,
    year bigint not null,
    days bigint not null, -- at most 250; more counts as 250
    n bigint not null,
    primary key (pack, unit, year, days)
);

-- Who was given work, and by whom.
create index dossier_entry_given on dossier_entry (holder, seq) where kind = 'dossier.assigned';
create index dossier_entry_giver on dossier_entry (actor, seq) where kind = 'dossier.assigned';
