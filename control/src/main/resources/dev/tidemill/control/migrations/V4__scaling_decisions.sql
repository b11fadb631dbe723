-- Scaling decisions: the newest of each target, as JSON documents. The order is that of their
-- arrival: the clock may have been set back in between.

create table scaling_decision (
    id     bigint generated always as identity primary key,
    target text        not null,
    at     timestamptz not null,
    body   jsonb       not null
);

create index scaling_decision_target on scaling_decision (target, id desc);
