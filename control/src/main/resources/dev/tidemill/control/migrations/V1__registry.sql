-- The registry: models, their immutable versions, the aliases that point to them, and training runs.

create table registered_model (
    name        text primary key,
    description text        not null,
    created     timestamptz not null
);

create table model_version (
    name         text        not null references registered_model,
    version      integer     not null check (version > 0),
    digest       text        not null,
    created      timestamptz not null,
    description  text        not null,
    metrics      jsonb       not null,
    training_run text        not null,
    data_digest  text        not null,
    primary key (name, version)
);

create table model_alias (
    name    text    not null,
    alias   text    not null,
    version integer not null,
    primary key (name, alias),
    foreign key (name, version) references model_version
);

create table training_run (
    id            text primary key,
    training      text        not null,
    state         text        not null check (state in ('RUNNING', 'SUCCEEDED', 'FAILED')),
    input_digest  text        not null,
    message       text        not null,
    started       timestamptz not null,
    ended         timestamptz not null,
    metrics       jsonb       not null,
    model         text        not null,
    version       integer     not null
);

create index training_run_by_input on training_run (input_digest, state);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'model versions never change once made';
end
$$;

create trigger model_version_is_immutable
    before update or delete on model_version
    for each row execute function refuse_change();

create trigger model_version_is_never_emptied
    before truncate on model_version
    for each statement execute function refuse_change();
