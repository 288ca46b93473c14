-- probe_page_put :exec (site text, page text, at_us int, status int, tenths int)
insert into probe_page (site, page, first_us, last_us, status, tenths) values ($1, $2, $3, $3, $4, $5)
on conflict (site, page) do update set last_us = excluded.last_us, status = excluded.status,
    tenths = excluded.tenths;

-- probe_sum_add :exec (site text, page text, span text, looks int, up int)
insert into probe_sum (site, page, span, looks, up) values ($1, $2, $3, $4, $5)
on conflict (site, page, span) do update set looks = probe_sum.looks + excluded.looks,
    up = probe_sum.up + excluded.up;

-- probe_bucket_add :exec (site text, page text, span text, bucket int, amount int)
insert into probe_bucket (site, page, span, bucket, n) values ($1, $2, $3, $4, $5)
on conflict (site, page, span, bucket) do update set n = probe_bucket.n + excluded.n;

-- probe_last :one () -> (last_us int)
select coalesce(max(last_us), 0) from probe_page where site = '';

-- probe_gap_add :exec (from_us int, to_us int, every_us int)
insert into probe_gap (from_us, to_us, every_us) values ($1, $2, $3) on conflict (from_us) do nothing;

-- probe_gaps :many (from_us int, to_us int) -> (from_us int, to_us int, every_us int)
select from_us, to_us, every_us from probe_gap where to_us > $1 and from_us < $2 order by from_us;

-- probe_pages :many () -> (site text, page text, first_us int, last_us int, status int, tenths int)
select site, page, first_us, last_us, status, tenths from probe_page order by site, page;

-- probe_page_find :find (site text, page text) -> probe_pages
select site, page, first_us, last_us, status, tenths from probe_page where site = $1 and page = $2;

-- probe_sums :many (site text, page text, span_from text, span_to text) -> (span text, looks int, up int)
select span, looks, up from probe_sum
where site = $1 and page = $2 and span >= $3 and span <= $4 order by span;

-- probe_buckets :each (site text, page text, span_from text, span_to text) -> (span text, bucket int, n int)
select span, bucket, n from probe_bucket
where site = $1 and page = $2 and span >= $3 and span <= $4 order by span, bucket;

-- maintenance_add :exec (seq int, from_us int, to_us int, reason_vi text, reason_en text, announced_us int)
insert into maintenance (seq, from_us, to_us, reason_vi, reason_en, announced_us, cancelled_us)
values ($1, $2, $3, $4, $5, $6, 0);

-- maintenance_end :exec (seq int, cancelled_us int)
update maintenance set cancelled_us = $2 where seq = $1;

-- maintenance_from :many (to_us int) -> (seq int, from_us int, to_us int, reason_vi text, reason_en text, announced_us int, cancelled_us int)
select seq, from_us, to_us, reason_vi, reason_en, announced_us, cancelled_us from maintenance
where to_us > $1 order by from_us desc, seq desc;

-- maintenance_find :find (seq int) -> maintenance_from
select seq, from_us, to_us, reason_vi, reason_en, announced_us, cancelled_us from maintenance
where seq = $1;

-- crawl_add :exec (seq int, made_us int, facts text)
insert into crawl (seq, made_us, facts) values ($1, $2, $3);

-- crawl_last :find () -> (seq int, made_us int, facts text)
select seq, made_us, facts from crawl order by seq desc limit 1;

-- form_day_add :exec (pack text, day int, begun int, filed int, whole int, abandoned int)
insert into form_day (pack, day, begun, filed, whole, abandoned) values ($1, $2, $3, $4, $5, $6)
on conflict (pack, day) do update set begun = form_day.begun + excluded.begun,
    filed = form_day.filed + excluded.filed, whole = form_day.whole + excluded.whole,
    abandoned = form_day.abandoned + excluded.abandoned;

-- form_page_add :exec (pack text, page text, day int, reached int, refused int, abandoned int)
insert into form_page (pack, page, day, reached, refused, abandoned) values ($1, $2, $3, $4, $5, $6)
on conflict (pack, page, day) do update set reached = form_page.reached + excluded.reached,
    refused = form_page.refused + excluded.refused, abandoned = form_page.abandoned + excluded.abandoned;

-- form_field_add :exec (pack text, page text, field text, day int, refused int)
insert into form_field (pack, page, field, day, refused) values ($1, $2, $3, $4, $5)
on conflict (pack, page, field, day) do update set refused = form_field.refused + excluded.refused;

-- form_time_add :exec (pack text, page text, year int, bucket int, amount int)
insert into form_time (pack, page, year, bucket, n) values ($1, $2, $3, $4, $5)
on conflict (pack, page, year, bucket) do update set n = form_time.n + excluded.n;

-- form_versions :many (prefix text, prefix_end text, from_day int) -> (pack text, begun int, filed int, whole int, abandoned int)
select pack, sum(begun), sum(filed), sum(whole), sum(abandoned) from (
    select pack, begun, filed, whole, abandoned from form_day
    where pack >= $1 and pack < $2 and day >= $3
    union all
    select pack, 0, 0, 0, 0 from form_page where pack >= $1 and pack < $2 and day >= $3) t
group by pack order by pack;

-- form_pages :many (pack text, from_day int) -> (page text, reached int, refused int, abandoned int)
select page, sum(reached), sum(refused), sum(abandoned) from form_page
where pack = $1 and day >= $2 group by page;

-- form_fields :many (pack text, from_day int) -> (page text, field text, refused int)
select page, field, sum(refused) from form_field
where pack = $1 and day >= $2 group by page, field order by sum(refused) desc, page, field;

-- form_field_days :many (pack text, from_day int) -> (day int, page text, field text, refused int)
select day, page, field, refused from form_field
where pack = $1 and day >= $2 order by day, page, field;

-- form_times :each (pack text, year int) -> (page text, bucket int, n int)
select page, bucket, n from form_time where pack = $1 and year = $2 order by page, bucket;
