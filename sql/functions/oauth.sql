-- The OpenID provider: what a grant is good for, and how grants end. The order of locks is the
-- user's row, then the session, then the client, then the grant.
--
-- PostgreSQL does not fold functions with a subquery (001_base.sql): they are in PL/pgSQL.

-- May somebody with these roles use the client?
create function doorward.oauth_may(p_client doorward.oauth_clients, p_roles text[])
returns boolean
language sql immutable
as $$
	select cardinality(p_client.roles) = 0 or p_client.roles && p_roles
$$;

-- The roles of a person that the client hears of.
create function doorward.oauth_groups(p_client doorward.oauth_clients, p_roles text[])
returns text[]
language plpgsql immutable
as $$
begin
	return case when cardinality(p_client.groups || p_client.roles) = 0 then p_roles
		else array(select r from unnest(p_roles) r where r = any(
			case when cardinality(p_client.groups) > 0 then p_client.groups
				else p_client.roles end) order by r) end;
end
$$;

-- The scopes that the client may still ask for, in the order of p_scopes.
create function doorward.oauth_scopes(p_client doorward.oauth_clients, p_scopes text[])
returns text[]
language plpgsql immutable
as $$
begin
	return array(select s from unnest(p_scopes) with ordinality t (s, n)
		where s = any(p_client.scopes) order by n);
end
$$;

-- The sid of the ID tokens of a session for one client: HMAC-SHA-256 (RFC 2104) of the session's
-- id, a NUL and the client's id, in base64url. It stays the same when our own sid changes, and two
-- clients cannot compare theirs. NULL without a session.
create function doorward.oauth_id_sid(p_session uuid, p_client text) returns text
language plpgsql volatile
as $$
declare
	v_key oauth_key := (select k from oauth_key k);
begin
	return translate(rtrim(encode(sha256(v_key.outer_block || sha256(v_key.inner_block
		|| convert_to(p_session::text, 'UTF8') || '\x00'::bytea
		|| convert_to(p_client, 'UTF8'))), 'base64'), '='), '+/', '-_');
end
$$;

-- An address on this computer without its port, because programs there take any (RFC 8252, 7.3).
-- Others as they are.
create function doorward.oauth_portless(p_uri text) returns text
language sql immutable
as $$
	select regexp_replace(p_uri,
		'^(http://(?:127\.0\.0\.1|\[::1\]|localhost)):[0-9]{1,5}(?=[/?]|$)', '\1')
$$;

-- Is it one of the registered addresses?
create function doorward.oauth_redirect_is(p_redirects text[], p_uri text) returns boolean
language plpgsql immutable
as $$
begin
	return exists (select 1 from unnest(p_redirects) r
		where oauth_portless(r) = oauth_portless(p_uri));
end
$$;

-- The origin of an address (RFC 6454) without a default port. NULL: it has none.
create function doorward.oauth_origin(p_uri text) returns text
language sql immutable
as $$
	select regexp_replace(regexp_replace(oauth_portless(lower(substring(p_uri
		from '^[Hh][Tt][Tt][Pp][Ss]?://[^/?#]+') collate "C")),
		'^(https://.*):443$', '\1'), '^(http://.*):80$', '\1')
$$;

-- Is p_origin, the value of a header Origin, the origin of one of these addresses?
create function doorward.oauth_origin_is(p_redirects text[], p_origin text) returns boolean
language plpgsql immutable
as $$
begin
	return coalesce(p_origin ~ '^https?://[!-.0->@-~]+$', false)
		and exists (select 1 from unnest(p_redirects) r
			where oauth_origin(r) = oauth_origin(p_origin));
end
$$;

-- Has the client proven who it is, by the way that it is registered with? p_secret is SHA-256 of
-- the secret; a public client (method none) has nothing to prove.
create function doorward.oauth_client_is(p_client doorward.oauth_clients, p_secret bytea,
	p_method text) returns boolean
language plpgsql volatile
as $$
begin
	return coalesce(p_client.method = p_method, false) and (p_method = 'none'
		or exists (select 1 from oauth_secrets s
			where s.hash = p_secret and s.client_id = p_client.id
				and (s.ends_at is null or s.ends_at > doorward.now())));
end
$$;

-- Has the grant neither ended nor run out, itself or with its session?
create function doorward.oauth_grant_live(p_grant doorward.oauth_grants) returns boolean
language plpgsql volatile
as $$
begin
	return p_grant.ended_at is null and p_grant.ends_at > doorward.now()
		and (p_grant.offline or exists (select 1 from sessions s
			where s.id = p_grant.session_id and session_live(s)));
end
$$;

-- Does it give tokens now?
create function doorward.oauth_grant_holds(p_grant doorward.oauth_grants) returns boolean
language plpgsql volatile
as $$
begin
	return oauth_grant_live(p_grant) and exists (select 1 from users u, oauth_clients c
		where u.id = p_grant.user_id and not u.disabled and c.id = p_grant.client_id
			and oauth_may(c, u.roles) and c.scopes && p_grant.scopes);
end
$$;

-- Lock the user's row, the session and the grant. All NULL: there is none.
create function doorward.oauth_grant_lock(p_id uuid) returns doorward.oauth_grants
language plpgsql volatile
as $$
declare
	v_grant oauth_grants;
begin
	select * into v_grant from oauth_grants g where g.id = p_id;
	perform 1 from users u where u.id = v_grant.user_id for share;
	perform 1 from sessions s where s.id = v_grant.session_id for share;
	select * into v_grant from oauth_grants g where g.id = p_id for update;
	return v_grant;
end
$$;

-- ---- ending ----

-- Has it given tokens? Before that, its sid stands in none.
create function doorward.oauth_grant_gave(p_id uuid) returns boolean
language plpgsql volatile
as $$
begin
	return exists (select 1 from oauth_refresh_tokens t where t.grant_id = p_id);
end
$$;

-- End those of these grants that have not ended. All ends go through this function. The caller
-- has locked their rows. Of one that gave tokens the sid is revoked, and its earlier sids are
-- revoked already. One that gave none ends in silence, unless it ends because of its code.
create function doorward.oauth_grants_stop(p_ids uuid[], p_reason text, p_actor text,
	p_address inet) returns void
language plpgsql volatile
as $$
declare
	v_ids uuid[] := array(select g.id from oauth_grants g
		where g.id = any(p_ids) and g.ended_at is null);
	v_gave uuid[] := array(select i from unnest(v_ids) i where oauth_grant_gave(i));
begin
	update oauth_grants g set ended_at = doorward.now(), end_reason = p_reason
		where g.id = any(v_ids);
	perform sids_revoke_until(array_agg(g.sid), array_agg(g.id),
			doorward.now() + sid_reach('login'))
		from oauth_grants g where g.id = any(v_gave);
	perform audit_add(case p_reason when 'code reuse' then 'oauth_code_reuse'
				when 'refresh reuse' then 'oauth_refresh_reuse' else 'oauth_grant_ended' end,
			g.user_id, u.name, p_actor, p_address, g.id, g.client_id || ': ' || p_reason)
		from oauth_grants g join users u on u.id = g.user_id
		where g.id = any(case when p_reason in ('code reuse', 'code refused') then v_ids
			else v_gave end);
end
$$;

create function doorward.oauth_grant_stop(p_id uuid, p_reason text, p_actor text, p_address inet)
returns void
language plpgsql volatile
as $$
begin
	perform oauth_grants_stop(array[p_id], p_reason, p_actor, p_address);
end
$$;

-- End the grants of a user: of one client, or with NULL of all. Returns how many lived until now;
-- the verifiers must be told (revocation_list). The caller holds the lock of the user's row.
create function doorward.oauth_grants_end(p_user uuid, p_client text, p_reason text,
	p_actor text, p_address inet) returns integer
language plpgsql volatile
as $$
declare
	v_ids uuid[];
	v_count integer;
begin
	select array_agg(l.id), count(*) filter (where oauth_grant_live(l.g)) into v_ids, v_count
		from (select g.id, g from oauth_grants g
			where g.user_id = p_user and g.ended_at is null
				and (p_client is null or g.client_id = p_client)
			order by g.id
			for update) l;
	perform oauth_grants_stop(v_ids, p_reason, p_actor, p_address);
	return v_count;
end
$$;

-- End those that end with their session: all but those with offline_access that have given tokens.
-- The caller holds the lock of the user's row.
create function doorward.oauth_session_grants_end(p_session uuid, p_reason text, p_actor text,
	p_address inet) returns void
language plpgsql volatile
as $$
begin
	perform oauth_grants_stop(array(select g.id from oauth_grants g
			where g.session_id = p_session and g.ended_at is null
				and (not g.offline or not oauth_grant_gave(g.id))
			order by g.id
			for update),
		p_reason, p_actor, p_address);
end
$$;

-- Make room for one more grant of a user and a client. At most ten of one session may live that
-- end with it, and at most twenty with offline_access: as in sessions_trim, those unused longest
-- end. They are revoked here; the verifiers hear of it with the next publication. Of these and
-- those that ran out, one that has given no tokens is deleted: its code is of no use, and is then
-- unknown instead. The caller holds the lock of the user's row, and not a shared one: two at once
-- would each find room.
create function doorward.oauth_grants_trim(p_user uuid, p_client text, p_session uuid,
	p_offline boolean, p_address inet) returns void
language plpgsql volatile
as $$
declare
	v_now timestamptz := doorward.now();
	v_many uuid[] := array(select g.id from oauth_grants g
		where g.user_id = p_user and g.client_id = p_client and g.offline = p_offline
			and (p_offline or g.session_id = p_session) and oauth_grant_live(g)
		order by g.used_at desc, g.created_at desc, g.id
		offset case when p_offline then 19 else 9 end
		for update);
begin
	delete from oauth_grants g
		where g.user_id = p_user and g.client_id = p_client and g.used_at = g.created_at
			and (g.ends_at <= v_now or g.id = any(v_many))
			and g.end_reason is distinct from 'code refused' -- told again if it is shown again
			and not oauth_grant_gave(g.id);
	perform oauth_grants_stop(v_many, 'too many', null, p_address);
end
$$;

-- The access tokens of a grant must have another content from now on: they are revoked.
create function doorward.oauth_grant_change_sid(p_grant doorward.oauth_grants) returns void
language plpgsql volatile
as $$
begin
	perform sid_revoke(p_grant.sid, p_grant.id, 'login');
	update oauth_grants g set sid = gen_random_uuid() where g.id = p_grant.id;
end
$$;

-- The user has these roles from now on. Grants of clients that ask for a role that they have no
-- more end. Access tokens that tell of roles are revoked. The caller holds the lock of the user's
-- row.
create function doorward.oauth_roles_changed(p_user uuid, p_roles text[], p_actor text)
returns void
language plpgsql volatile
as $$
declare
	v_grant oauth_grants;
begin
	perform oauth_grants_stop(array(
			select g.id from oauth_grants g join oauth_clients c on c.id = g.client_id
			where g.user_id = p_user and g.ended_at is null and not oauth_may(c, p_roles)
			order by g.id
			for update of g),
		'role taken', p_actor, null);
	for v_grant in
		select g.* from oauth_grants g join oauth_clients c on c.id = g.client_id
		where g.user_id = p_user and g.ended_at is null and c.audience is not null
			and oauth_grant_gave(g.id)
		order by g.id
		for update of g
	loop
		perform oauth_grant_change_sid(v_grant);
	end loop;
end
$$;

-- ---- what the program asks first ----

-- A client, and of the person with this session what decides about a request of it. No row: there
-- is no such client. session_id NULL: the session is over. Lists of addresses are lines, others
-- are words. consent_scopes: what the person has allowed for good; NULL: nothing.
create function doorward.oauth_client_look(p_client text, p_user uuid, p_sid uuid)
returns table (id text, name text, redirects text, logouts text, method text, scopes text,
	audience text, roles text, groups text, consent text, pkce boolean, alg text,
	id_token_claims boolean, session_id uuid, id_sid text, user_name text, display_name text,
	factors text, has_password boolean, auth_time bigint, auth_age bigint, amr text,
	may boolean, consent_scopes text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
begin
	return query
		select c.id, c.name, array_to_string(c.redirects, e'\n'), array_to_string(c.logouts, e'\n'),
			c.method, array_to_string(c.scopes, ' '), c.audience, array_to_string(c.roles, ' '),
			array_to_string(c.groups, ' '), c.consent, c.pkce, c.alg, c.id_token_claims,
			s.id, oauth_id_sid(s.id, c.id), u.name, u.display_name,
			array_to_string(factors_of(u.id), ' '), u.password_hash is not null,
			floor(extract(epoch from s.auth_time))::bigint,
			floor(extract(epoch from doorward.now() - s.auth_time))::bigint,
			array_to_string(s.amr, ' '), oauth_may(c, u.roles),
			(select array_to_string(k.scopes, ' ') from oauth_consents k
				where k.user_id = u.id and k.client_id = c.id)
		from oauth_clients c
		left join (sessions s join users u on u.id = s.user_id)
			on s.sid = p_sid and u.id = p_user and not u.disabled and session_live(s)
		where c.id = p_client;
end
$$;

-- Is it the origin of a redirect URI of any client?
create function doorward.oauth_origin_known(p_origin text) returns boolean
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select exists (select 1 from oauth_clients c where oauth_origin_is(c.redirects, p_origin))
$$;

-- ---- the end of a session that a client asked for ----

-- A client and the person's session. No row: there is no such client. session_id NULL: the session
-- is over.
create function doorward.oauth_logout_look(p_client text, p_user uuid, p_sid uuid)
returns table (id text, name text, logouts text, session_id uuid, id_sid text)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select l.id, l.name, l.logouts, l.session_id, l.id_sid
	from oauth_client_look(p_client, p_user, p_sid) l
$$;

insert into doorward.door (program, function) values
	('oauth', 'oauth_client_look'), ('oauth', 'oauth_origin_known'),
	('oauth', 'oauth_logout_look'),
	('oauth', 'revocations_since'), ('oauth', 'upkeep_step'), ('oauth', 'upkeep_last');
