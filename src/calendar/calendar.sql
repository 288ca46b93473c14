-- calendar.sql: published versions of the days off, and the one that is imported but not in force.

-- calendar_version_last :find () -> (version int, digest blob, csv text, days int, published_us int, after_id int, done_us int)
select version, digest, csv, days, published_us, after_id, done_us
from calendar_version where published_us is not null order by version desc limit 1;

-- calendar_version_draft :find () -> (version int, digest blob, csv text, days int)
select version, digest, csv, days from calendar_version where published_us is null;

-- calendar_draft_drop :exec ()
delete from calendar_version where published_us is null;

-- calendar_draft_put :exec (version int, digest blob, csv text, days int)
insert into calendar_version (version, digest, csv, days, after_id)
values ($1, $2, $3, $4, 0);

-- calendar_version_publish :exec (version int, published_us int, min_id int)
update calendar_version set published_us = $2, after_id = $3 where version = $1;

-- calendar_version_progress :exec (version int, after_id int, done_us int)
update calendar_version set after_id = $2, done_us = $3 where version = $1;
