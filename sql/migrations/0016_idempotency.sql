-- 0016_idempotency: rows numbered as they come; the server knows where a key stands (it reads them
-- once at its start). An index of random keys cost a page of it for every request.
drop table idempotency;
create table idempotency (
    id bigint primary key not null,
    key text not null,       -- a digest: nothing in it names the person or the client's key
    request text not null,   -- digest of the body: another one under the same key is refused
    status bigint not null,
    mime text,
    location text,
    body blob,
    result text,             -- from which the route's `after` makes the answer again
    at bigint not null
);
