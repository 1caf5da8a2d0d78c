-- Mails to be sent, and requests of visitors of whom nobody has looked up yet who they are.

insert into doorward.program values ('mail'); -- `doorward mail send`

alter table doorward.outbox
	-- what its template says besides link and user; no secret
	add column data jsonb not null default '{}'
		check (jsonb_typeof(data) = 'object' and octet_length(data::text) <= 4096),
	add column claimed_until timestamptz, -- by a worker that is sending it
	add column given_up_at timestamptz,   -- kept until the operator drops it, or db tidy
	add column retried_at timestamptz,    -- by the operator, the last time
	add column failure text check (octet_length(failure) <= 512); -- of the last try

-- The text that somebody typed into /account/forgot or /account/register, sealed under the mail
-- key (lib/mail/mail_request.h). The page looks nobody up. The worker opens the text and
-- decides.
create table doorward.requests (
	id bigint generated always as identity primary key,
	request text not null check (request in ('forgot', 'register')),
	language text check (language ~ '^[a-z]{2}(-[A-Z]{2})?$'),
	sealed bytea not null check (octet_length(sealed) between 1 and 1024),
	address inet, -- whence, for the audit
	created_at timestamptz not null,
	claimed_until timestamptz
);

-- Requests of one network address (bucket_address): ten at once, then one every six minutes.
insert into doorward.throttle values ('request', 10, 360, 3600);

-- One row: when a program last started `doorward mail send`.
create table doorward.mail_worker (
	one boolean primary key default true check (one),
	started_at timestamptz not null
);
