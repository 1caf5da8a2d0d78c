-- Addresses, one-time links, and what is to be mailed.

-- The form in which two addresses are the same. The local part too: no mail host that anybody
-- uses tells Ann@ from ann@, and one mailbox is to be one account.
create function doorward.address_key(address text) returns text
language sql immutable parallel safe
as 'select doorward.name_key(address)';

-- local@domain without quotes, comments, blanks or anything that a header or a command line
-- could take for something else. At most 254 bytes (RFC 5321, 4.5.3.1.3), 64 before the @.
create function doorward.address_valid(address text) returns boolean
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
	select octet_length(address) <= 254 and doorward.name_valid(address)
		and octet_length(split_part(address, '@', 1)) <= 64
		and address ~ '^[^][ "(),:;<>@\\-][^][ "(),:;<>@\\]*@[^][ "(),:;<>@\\.-][^][ "(),:;<>@\\]*$'
$$;

create table doorward.addresses (
	user_id uuid primary key references doorward.users on delete cascade,
	address text not null check (doorward.address_valid(address)),
	address_key text collate "C" not null unique
		generated always as (doorward.address_key(address)) stored,
	verified_at timestamptz -- NULL: nobody has proved that it is theirs
);

-- lib/ticket has the same kinds and lives. A kind is here once its use has an effect.
create table doorward.link_kind (
	kind text primary key,
	life_seconds integer not null check (life_seconds > 0),
	hashed boolean not null,       -- made where the mail key is not: the row has SHA-256 of it
	of_user boolean not null,      -- made for one user; dies with disable and delete
	with_password boolean not null -- dies with password_version
);
insert into doorward.link_kind values
	('setup', 259200, true, false, false),
	('invite', 604800, false, false, false),
	('verify', 86400, false, true, true),
	('reset', 1800, false, true, true),
	('change-address', 86400, false, true, true),
	-- whoever took an account over changes its password next: the way back stays
	('undo-address', 604800, false, true, false);

-- No secret is here. The ticket of a link is an HMAC of its id under the mail key, which the
-- database does not know; it is computed when the link is shown or mailed, and again when
-- somebody opens it.
create table doorward.links (
	id uuid primary key default gen_random_uuid(),
	kind text not null references doorward.link_kind,
	hash bytea unique check (octet_length(hash) = 32),
	-- whose it is; of an invitation, once used up, who came of it
	user_id uuid references doorward.users on delete cascade,
	password_version integer,
	data jsonb not null check (jsonb_typeof(data) = 'object' and octet_length(data::text) <= 4096),
	created_at timestamptz not null,
	ends_at timestamptz not null,
	used_at timestamptz, -- the last time
	uses_left integer not null check (uses_left >= 0)
);
create index links_user on doorward.links (user_id);

-- Mails to be sent. A row never holds a link.
create table doorward.outbox (
	id bigint generated always as identity primary key,
	template text not null check (template ~ '^[a-z-]{1,32}$'),
	language text check (language ~ '^[a-z]{2}(-[A-Z]{2})?$'),
	recipient text not null check (doorward.address_valid(recipient)),
	link_id uuid references doorward.links on delete cascade,
	user_id uuid references doorward.users on delete cascade,
	created_at timestamptz not null,
	due_at timestamptz not null,
	tries integer not null default 0
);
create index outbox_due on doorward.outbox (due_at);
create index outbox_link on doorward.outbox (link_id);
create index outbox_user on doorward.outbox (user_id);
