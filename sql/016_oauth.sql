-- The OpenID provider: clients, what a person has allowed them, and what they hold for it.
--
-- A grant is what one person gave to one client by one authorization. A code and refresh tokens
-- belong to it, and its `sid` stands in its access tokens, so that ending it can name them. A
-- change of what they say gives it another sid. Whoever changes a grant locks its user's row
-- first, then the session, then the grant.

insert into doorward.program values ('oauth'); -- oauth.fcgi

-- Words of letters that a space or a quote could not end (RFC 6749, 3.3).
create function doorward.oauth_scopes_valid(scopes text[]) returns boolean
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
	select cardinality(scopes) <= 32 and array_position(scopes, null) is null
		and not exists (select 1 from unnest(scopes) s where s !~ '^[!#-[\]-~]{1,64}$')
		and (select count(distinct s) = count(s) from unnest(scopes) s)
$$;

-- Addresses in printable ASCII without a fragment. The caller has read them
-- (lib/client/client_redirect.h); this keeps out what could end a line or a header.
create function doorward.oauth_addresses_valid(addresses text[]) returns boolean
language sql immutable parallel safe
set search_path = pg_catalog, pg_temp
as $$
	select cardinality(addresses) <= 20 and array_position(addresses, null) is null
		and not exists (select 1 from unnest(addresses) a
			where octet_length(a) > 2000 or a !~ '^[A-Za-z][A-Za-z0-9+.-]*:[!"$-~]+$')
		and (select count(distinct a) = count(a) from unnest(addresses) a)
$$;

create table doorward.oauth_clients (
	id text collate "C" primary key
		check (id ~ '^[a-z0-9][a-z0-9._-]{0,63}$' and not starts_with(id, 'doorward')),
	name text not null check (doorward.display_name_valid(name)),
	redirects text[] not null check (doorward.oauth_addresses_valid(redirects)),
	logouts text[] not null check (doorward.oauth_addresses_valid(logouts)),
	-- how it proves who it is at the token endpoint; none: in no way, everybody can have its id
	method text not null check (method in ('client_secret_basic', 'client_secret_post', 'none')),
	scopes text[] not null check (doorward.oauth_scopes_valid(scopes)), -- it may ask for these
	audience text check (octet_length(audience) <= 2000 and audience ~ '^[!"$-~]+$'),
	roles text[] not null check (doorward.roles_valid(roles)),   -- may use it; empty: everybody
	groups text[] not null check (doorward.roles_valid(groups)), -- it hears of; empty: as roles
	consent text not null check (consent in ('ask', 'remember', 'trusted')),
	pkce boolean not null, -- it has to use PKCE
	alg text not null check (alg in ('RS256', 'site')), -- of its ID tokens
	id_token_claims boolean not null, -- what userinfo says stands in ID tokens, too
	created_at timestamptz not null,
	changed_at timestamptz not null,
	check (pkce or method <> 'none')
);

-- SHA-256 of client secrets. While a secret is being replaced, two are good.
create table doorward.oauth_secrets (
	hash bytea primary key check (octet_length(hash) = 32),
	client_id text collate "C" not null references doorward.oauth_clients on delete cascade,
	created_at timestamptz not null,
	ends_at timestamptz -- NULL: it does not
);
create index oauth_secrets_client on doorward.oauth_secrets (client_id);

-- Authorization requests that wait for a login or for a person's consent. A cookie of the browser
-- opens its own.
create table doorward.oauth_requests (
	id uuid primary key,
	browser bytea not null check (octet_length(browser) = 32), -- SHA-256 of the cookie
	client_id text collate "C" not null references doorward.oauth_clients on delete cascade,
	query text not null check (octet_length(query) <= 8192),
	leads_to text not null check (octet_length(leads_to) <= 2000), -- where its forms may end
	login_hint text check (octet_length(login_hint) <= 255),
	network cidr,
	stepped boolean not null default false, -- a stronger login was asked for once
	created_at timestamptz not null,
	ends_at timestamptz not null,
	answered_at timestamptz -- with a code
);
create index oauth_requests_browser on doorward.oauth_requests (browser);
create index oauth_requests_network on doorward.oauth_requests (network);
create index oauth_requests_client on doorward.oauth_requests (client_id);

-- What a person has allowed a client until they take it back.
create table doorward.oauth_consents (
	user_id uuid not null references doorward.users on delete cascade,
	client_id text collate "C" not null references doorward.oauth_clients on delete cascade,
	scopes text[] not null check (doorward.oauth_scopes_valid(scopes)),
	given_at timestamptz not null,
	primary key (user_id, client_id)
);
create index oauth_consents_client on doorward.oauth_consents (client_id);

create table doorward.oauth_grants (
	id uuid primary key default gen_random_uuid(),
	sid uuid not null default gen_random_uuid() unique,
	client_id text collate "C" not null references doorward.oauth_clients on delete cascade,
	user_id uuid not null references doorward.users on delete cascade,
	-- not a foreign key: a grant with offline_access outlives its session, and is still named
	-- by it in ID tokens
	session_id uuid not null,
	offline boolean not null,
	scopes text[] not null check (doorward.oauth_scopes_valid(scopes)),
	nonce text check (octet_length(nonce) <= 1024),
	auth_time timestamptz not null,
	amr text[] not null check (cardinality(amr) > 0),
	created_at timestamptz not null,
	used_at timestamptz not null, -- the last time that it gave tokens; before: created_at
	ends_at timestamptz not null, -- and if it is not offline, with its session
	ended_at timestamptz,
	end_reason text,
	check ((ended_at is null) = (end_reason is null))
);
create index oauth_grants_client on doorward.oauth_grants (client_id);
create index oauth_grants_user on doorward.oauth_grants (user_id);
create index oauth_grants_session on doorward.oauth_grants (session_id);

-- SHA-256 of codes. A used one is remembered, because a second use shows that it was stolen.
create table doorward.oauth_codes (
	hash bytea primary key check (octet_length(hash) = 32),
	grant_id uuid not null references doorward.oauth_grants on delete cascade,
	redirect_uri text not null,
	challenge text check (challenge ~ '^[A-Za-z0-9_-]{43}$'),
	ends_at timestamptz not null,
	used_at timestamptz
);
create index oauth_codes_grant on doorward.oauth_codes (grant_id);

-- As refresh_tokens, of grants.
create table doorward.oauth_refresh_tokens (
	hash bytea primary key check (octet_length(hash) = 32),
	grant_id uuid not null references doorward.oauth_grants on delete cascade,
	next bytea check (octet_length(next) = 32),
	used_at timestamptz
);
create index oauth_refresh_tokens_grant on doorward.oauth_refresh_tokens (grant_id);

-- One row. The key of the HMAC-SHA-256 that makes the sid of ID tokens, and the two blocks that
-- RFC 2104 derives from it: the key, filled up to 64 bytes, xor 0x36 and 0x5c.
create table doorward.oauth_key (
	one boolean primary key default true check (one),
	sid_key bytea not null check (octet_length(sid_key) = 32),
	inner_block bytea not null check (octet_length(inner_block) = 64),
	outer_block bytea not null check (octet_length(outer_block) = 64)
);

create function doorward.oauth_key_block(p_key bytea, p_fill integer) returns bytea
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
	v_block bytea := p_key || decode(repeat('00', 64 - octet_length(p_key)), 'hex');
begin
	for i in 0..63 loop
		v_block := set_byte(v_block, i, get_byte(v_block, i) # p_fill);
	end loop;
	return v_block;
end
$$;

insert into doorward.oauth_key (sid_key, inner_block, outer_block)
	select k.key, doorward.oauth_key_block(k.key, 54), doorward.oauth_key_block(k.key, 92)
	from (select sha256(decode(replace(concat(gen_random_uuid(), gen_random_uuid(),
		gen_random_uuid()), '-', ''), 'hex')) as key offset 0) k;
drop function doorward.oauth_key_block(bytea, integer);
