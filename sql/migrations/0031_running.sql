-- 0031 running: only a new calendar goes through all open dossiers, and it can look at those that are
-- closed, too; the index was changed twice at every move of every dossier.
drop index dossier_running;
