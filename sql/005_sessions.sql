-- A session: what a login opens and a logout ends. Inside, functions name it by `id`; its
-- `sid` stands in its access tokens, so that ending it can name them. A change of roles or
-- of the name gives the session another sid: the old tokens die, the session goes on.
--
-- Whoever changes a session locks its user's row first (session_lock), so that no two wait
-- for each other.

-- Why a session ends, and what the audit is told of one that ends alone. event NULL: nothing,
-- for what ended it has a row of its own.
create table doorward.end_reasons (
	reason text primary key,
	event text,
	detail text
);
insert into doorward.end_reasons values
	('logout', 'logout', null),
	('replaced', null, null),                -- by a login of the same browser
	('too many', 'session_ended', 'too many'), -- unused longest, at a login
	('reuse', 'refresh_reuse', null),        -- a refresh token was used again
	('lost', 'refresh_lost', null),          -- an answer with a refresh token got lost
	('ended by user', 'session_ended', null), -- on the account page
	('operator', 'session_ended', null),
	('password', null, null),                -- it has changed
	('address', null, null),                 -- a change of it was undone
	('disabled', null, null),                -- the user
	('deleted', null, null);                 -- the user

create table doorward.sessions (
	id uuid primary key default gen_random_uuid(),
	sid uuid not null default gen_random_uuid() unique,
	user_id uuid not null references doorward.users on delete cascade,
	browser boolean not null,              -- opened by the form; else by JSON
	remember boolean not null,             -- the person asked to stay signed in
	opened_at timestamptz not null,
	-- the last proof of who it is, as its tokens tell: when, and by what (RFC 8176) …
	auth_time timestamptz not null,
	amr text[] not null check (cardinality(amr) > 0),
	-- … and of which versions of the user
	password_version integer not null,
	device_version integer not null,
	used_at timestamptz not null,          -- the login or the last renewal
	idle interval not null,                -- ends when not renewed for so long …
	ends_at timestamptz not null,          -- … and then in any case
	address inet,
	agent text check (octet_length(agent) <= 512),
	ended_at timestamptz,
	end_reason text references doorward.end_reasons
);
create index sessions_user on doorward.sessions (user_id);
create index sessions_open on doorward.sessions (user_id) where ended_at is null;

-- Every refresh token that a session has had, as SHA-256. One at most is unused.
create table doorward.refresh_tokens (
	hash bytea primary key check (octet_length(hash) = 32),
	session_id uuid not null references doorward.sessions on delete cascade,
	next bytea check (octet_length(next) = 32),
	used_at timestamptz
);
create index refresh_tokens_session on doorward.refresh_tokens (session_id);

-- Access tokens that must not be believed although they have not run out. A session that
-- has had several sids is found by each of them for as long as a token with it could live.
create table doorward.revocations (
	-- the nil UUID has another meaning in the revocation file
	sid uuid primary key check (sid <> '00000000-0000-0000-0000-000000000000'),
	until timestamptz not null,
	session_id uuid -- whose sid it is or was; not a foreign key: the row outlives the session
);
create index revocations_session on doorward.revocations (session_id);
