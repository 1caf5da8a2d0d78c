-- What people prove besides their password, or instead of it: one-time codes, recovery codes and
-- passkeys. And logins that are under way: the password was right, and more is to be proven.

-- One app for one-time codes (RFC 6238) a user. The secret is sealed under a key of the directory
-- factor_keys (lib/factor), which is not in the database.
create table doorward.totp (
	user_id uuid primary key references doorward.users on delete cascade,
	key_id text not null check (key_id ~ '^[a-z0-9-]{1,32}$'),
	sealed bytea not null check (octet_length(sealed) between 29 and 256),
	last_step bigint not null, -- of the last code that was accepted: none is good twice
	created_at timestamptz not null,
	used_at timestamptz
);

-- Passkeys (WebAuthn Level 3). Only public keys are here.
create table doorward.passkeys (
	id uuid primary key default gen_random_uuid(),
	user_id uuid not null references doorward.users on delete cascade,
	credential_id bytea not null unique check (octet_length(credential_id) between 1 and 1023),
	rp_id text not null check (octet_length(rp_id) between 1 and 253),
	jwk jsonb not null check (jsonb_typeof(jwk) = 'object' and octet_length(jwk::text) <= 8192),
	counter bigint not null check (counter between 0 and 4294967295),
	backup_eligible boolean not null, -- synced between devices, or bound to one
	backed_up boolean not null,
	transports text[] not null check (cardinality(transports) <= 8),
	name text not null check (doorward.display_name_valid(name)), -- the person's word for it
	created_at timestamptz not null,
	used_at timestamptz
);
create index passkeys_user on doorward.passkeys (user_id);

-- For those who have lost their phone or key. Ten are made, each is good once. A code has 80
-- random bits, so SHA-256 of the user's id and the code is enough.
create table doorward.recovery_codes (
	user_id uuid not null references doorward.users on delete cascade,
	hash bytea not null check (octet_length(hash) = 32),
	used_at timestamptz,
	primary key (user_id, hash)
);

-- Logins under way: there is a row only after a right password, or behind a mailed link of kind
-- factor. It holds as long as the user has these versions (flow_holds).
create table doorward.flows (
	hash bytea primary key check (octet_length(hash) = 32), -- SHA-256 of its ticket
	user_id uuid not null references doorward.users on delete cascade,
	password_version integer not null,
	device_version integer not null,
	typed text,             -- into the field for the name; NULL: came by a link
	login_by text,          -- the setting at that time: see login_find
	device bytea check (octet_length(device) = 32), -- a known one
	address inet,
	browser boolean not null,
	remember boolean not null,
	setup boolean not null,  -- the user has no factor and needs one
	linked boolean not null, -- came by a link to the verified address
	proven text[] not null default '{}', -- by a set-up: words of RFC 8176
	created_at timestamptz not null,
	ends_at timestamptz not null,
	-- the secret of the app that is being set up (totp)
	key_id text check (key_id ~ '^[a-z0-9-]{1,32}$'),
	sealed bytea check (octet_length(sealed) between 29 and 256),
	check ((key_id is null) = (sealed is null))
);
create index flows_user on doorward.flows (user_id);

-- The same for a person who is signed in.
create table doorward.setups (
	session_id uuid primary key references doorward.sessions on delete cascade,
	key_id text not null check (key_id ~ '^[a-z0-9-]{1,32}$'),
	sealed bytea not null check (octet_length(sealed) between 29 and 256),
	created_at timestamptz not null
);

-- Browsers that need no factor for a login. They are known by their device secret, which is good
-- for one version of the user only (users.device_version).
create table doorward.trusted (
	user_id uuid not null references doorward.users on delete cascade,
	device bytea not null check (octet_length(device) = 32),
	device_version integer not null,
	until timestamptz not null,
	primary key (user_id, device)
);

-- Challenges of passkeys that were answered. They live for five minutes and have no row before.
create table doorward.challenges_used (
	nonce bytea primary key check (octet_length(nonce) = 16),
	until timestamptz not null
);

alter table doorward.sessions
	add column factor_at timestamptz; -- when a factor was proven last; NULL: never

insert into doorward.end_reasons values
	('factor reset', null, null); -- the operator took all factors away

-- A link of kind factor leads to the page where a factor is set up.
insert into doorward.link_kind values ('factor', 1800, false, true, true);

-- Tries of one-time codes and recovery codes are counted for the user, over all logins under way.
insert into doorward.throttle values ('factor', 5, 1200, 3600);

-- A proof as the caller has checked it. way: totp (step), recovery (code: its hash), passkey
-- (passkey, counter, backed_up, verified: the person, by the device; nonce: of the challenge),
-- or setup (the login under way has set a factor up). key_id and sealed: the secret of totp,
-- sealed again under the newest key; NULL: leave it. tell: the site sends mail, so the owner is
-- told when a recovery code was used.
create type doorward.proof as (way text, step bigint, code bytea, passkey uuid, counter bigint,
	backed_up boolean, verified boolean, nonce bytea, key_id text, sealed bytea,
	tell boolean);
