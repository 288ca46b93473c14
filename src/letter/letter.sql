-- letter.sql - which letters were issued.

-- letter_put :exec (digest text, mark text, form text, number text, lang text, dossier int, unit int, of_seq int, seq int, time_us int, size int)
insert into letter (digest, mark, form, number, lang, dossier, unit, of_seq, seq, time_us, size)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (digest) do nothing;

-- letter_by_digest :find (digest text) -> (digest text, form text, number text, lang text, dossier int, unit int, of_seq int, seq int, time_us int, size int)
select digest, form, number, lang, dossier, unit, of_seq, seq, time_us, size
from letter where digest = $1;

-- letter_by_mark :many (least text, most text) -> (digest text, form text, number text, lang text, dossier int, unit int, of_seq int, seq int, time_us int, size int)
select digest, form, number, lang, dossier, unit, of_seq, seq, time_us, size
from letter where mark >= $1 and mark < $2 order by seq limit 10;

-- letters_issued :many (dossier int, lang text) -> (digest text, form text, of_seq int, seq int, time_us int, size int)
select digest, form, of_seq, seq, time_us, size
from letter where dossier = $1 and lang = $2 order by seq;

-- register_rows :many (unit int, from_us int, to_us int, most int) -> (id int)
select id from dossier where unit = $1 and received_us >= $2 and received_us < $3
order by received_us, id limit coalesce($4, 0);
