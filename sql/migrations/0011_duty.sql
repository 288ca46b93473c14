-- What units do for others: "fire", "environment". A projection of unit.duty.added and .ended;
-- rows are only added, and ended once.
create table unit_duty (
    unit bigint not null references unit (id),
    duty text not null,
    seq bigint not null, -- the event that gave it
    is_ended bigint not null,
    primary key (unit, duty, seq)
);
