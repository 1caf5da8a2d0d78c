-- Tokens for programs: what a person, or the operator for a person, gives to a script. The token
-- itself is not here: whoever verifies it asks no database, so nobody knows when it was used last.

create function doorward.program_label_valid(label text) returns boolean
language sql immutable parallel safe
set search_path = pg_catalog, doorward, pg_temp
as 'select name_valid(label) and char_length(label) <= 100';

-- A path of the site as it stands in an address, without a slash at its end. The caller has read
-- it (lib/token/program_token.h); this keeps out what could be read in two ways.
create function doorward.program_prefix_valid(prefix text) returns boolean
language sql immutable parallel safe
as $$
	select octet_length(prefix) between 2 and 255 and prefix ~ '^(/[A-Za-z0-9._~!$&''()*+,=:@%-]+)+$'
$$;

-- What a token for a program says, for as long as it could be believed.
create table doorward.programs (
	id uuid primary key -- the sid of the token
		check (id <> '00000000-0000-0000-0000-000000000000'),
	user_id uuid not null references doorward.users on delete cascade,
	label text not null check (doorward.program_label_valid(label)),
	roles text[] not null check (doorward.roles_valid(roles)), -- of the user's, those it has
	prefix text check (doorward.program_prefix_valid(prefix)), -- NULL: the whole site
	created_at timestamptz not null,
	expires_at timestamptz not null,
	ended_at timestamptz
);
create index programs_user on doorward.programs (user_id);
create index programs_live on doorward.programs (expires_at) where ended_at is null;

-- How often a user may make one: a hundred at once, then one an hour. Each one that ends stays in
-- the revocation file until it would have expired.
insert into doorward.throttle values ('program', 100, 3600, 3600);
