-- The users. `id` is what tokens name: it never changes and is never used again.

create function doorward.name_valid(name text) returns boolean
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
	select octet_length(name) between 1 and 255 and name = btrim(name)
		-- control characters, and the invisible ones that make two names look alike
		and name !~ ('[\u0001-\u001f\u007f-\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5'
			'\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f'
			'\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]')
$$;

-- A role is a word; all of a user's roles fit into a token.
create function doorward.roles_valid(roles text[]) returns boolean
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
	select octet_length(array_to_string(roles, ' ')) <= 768 and cardinality(roles) <= 64
		and array_position(roles, null) is null
		and not exists (select 1 from unnest(roles) r where r !~ '^[A-Za-z0-9_.:-]{1,64}$')
		and (select count(distinct r) = count(r) from unnest(roles) r)
$$;

create table doorward.users (
	id uuid primary key default gen_random_uuid(),
	name text not null,
	name_key text collate "C" not null generated always as (doorward.name_key(name)) stored,
	roles text[] not null default '{}',
	disabled boolean not null default false,
	-- the standard string form ($argon2id$…); NULL: no password, no login by one
	password_hash text check (octet_length(password_hash) between 1 and 255),
	-- grows when the password changes; an upgrade of its hash leaves it alone
	password_version integer not null default 1,
	password_at timestamptz not null,
	-- of device secrets (lib/people/device.h): one that names another version is not known.
	-- Grows when the password changes, and when everything of the user's is ended
	device_version integer not null default 1,
	created_at timestamptz not null,
	last_login_at timestamptz,
	-- successful logins, drained until last_login_at: see login_open
	login_level double precision not null default 0,
	login_refused boolean not null default false, -- since last_login_at, for that
	constraint users_name_unique unique (name_key)
);

-- Every update of a row asks all check constraints of its table, whatever it changes, and a
-- login changes the time of the last one. A trigger can be for the columns that it is about.
-- Before an insert, so that a name that is too long gets no further; after an update, since
-- any trigger before one has the generated column computed each time.
create function doorward.users_refuse() returns trigger
language plpgsql
set search_path = pg_catalog, doorward, pg_temp
as $$
begin
	raise exception using errcode = 'check_violation', table = 'users', schema = 'doorward',
		constraint = tg_name, message = 'the user''s name or roles are not valid';
end
$$;
create trigger users_name_check before insert on doorward.users
	for each row when (not doorward.name_valid(new.name))
	execute function doorward.users_refuse();
create trigger users_roles_check before insert on doorward.users
	for each row when (not doorward.roles_valid(new.roles))
	execute function doorward.users_refuse();
create trigger users_new_name_check after update of name on doorward.users
	for each row when (not doorward.name_valid(new.name))
	execute function doorward.users_refuse();
create trigger users_new_roles_check after update of roles on doorward.users
	for each row when (not doorward.roles_valid(new.roles))
	execute function doorward.users_refuse();

-- Names that somebody had and has no more: for 90 days nobody gets them, not even from the
-- operator, so that nobody is taken for whom others knew by that name. Only SHA-256 of the
-- name's key is kept.
create table doorward.names_given_up (
	hash bytea primary key check (octet_length(hash) = 32),
	until timestamptz not null
);
