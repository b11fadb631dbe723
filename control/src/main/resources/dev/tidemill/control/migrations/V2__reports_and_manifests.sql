-- What a version takes and gives, and what each fold of a run measured, class by class. Two runs of
-- one training on the same data are never under way together.

alter table model_version add column manifest jsonb not null default '{}';

alter table training_run add column report jsonb not null default '{}';

update training_run set state = 'FAILED' where state = 'RUNNING';

create unique index training_run_once_at_a_time on training_run (input_digest) where state = 'RUNNING';
