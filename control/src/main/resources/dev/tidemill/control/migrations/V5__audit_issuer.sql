-- Users and teams of one name that two issuers of tokens speak of are not the same.
alter table audit_record add column issuer text;
