-- How far the rollouts of gateways are that have no disk of their own, as they write it themselves.
-- Of one rollout the step that began last counts, whoever of several gateways says so.

create table rollout (
    gateway text        not null,
    id      text        not null,
    since   bigint      not null,
    body    jsonb       not null,
    written timestamptz not null default now(),
    primary key (gateway, id)
);
