-- 0017 simulate: a unit's dossiers in the order in which they came, for learning from them.
create index dossier_unit on dossier (unit, submitted_us);
