-- What gateways write down of requests. Pages are read by time; entries that come twice are kept once.

create table audit_record (
    id            text             primary key,
    at            timestamptz      not null,
    request_id    text,
    key           text,
    team          text,
    end_user      text,
    address       text,
    method        text,
    path          text,
    route         text,
    model         text,
    upstream      text,
    status        integer          not null,
    decision      text             not null,
    error         text,
    input_tokens  bigint,
    output_tokens bigint,
    estimated     boolean          not null,
    cost_micros   bigint,
    millis        double precision not null,
    cache         text,
    guardrails    text[],
    request       text,
    answer        text
);

create index audit_record_by_time on audit_record (at desc, id desc);

create index audit_record_by_key on audit_record (key, at desc, id desc);

create index audit_record_by_model on audit_record (model, at desc, id desc);
