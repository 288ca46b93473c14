-- 0008_web: answers of idempotent requests, kept for a day. The key is a digest: nothing in it
-- names the person or the client's key.
create table idempotency (
    key text primary key,
    request text not null,   -- digest of the body: another one under the same key is refused
    status bigint not null,
    mime text,
    location text,
    body blob,
    result text,             -- from which the route's `after` makes the answer again
    at bigint not null
);
create index idempotency_at on idempotency (at);
