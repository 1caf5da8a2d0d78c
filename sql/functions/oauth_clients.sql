-- Clients: registered, changed and removed by the operator (`doorward client`).

-- Register one. p_secret: SHA-256 of its secret; NULL for a public one. outcome:
--   ok
--   taken    there is one with that id
--   invalid  a value is not one that a client can have
create function doorward.client_add(p_id text, p_name text, p_redirects text[], p_logouts text[],
	p_method text, p_scopes text[], p_audience text, p_roles text[], p_groups text[],
	p_consent text, p_pkce boolean, p_alg text, p_id_token_claims boolean, p_secret bytea,
	p_actor text) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
begin
	insert into oauth_clients (id, name, redirects, logouts, method, scopes, audience, roles,
			groups, consent, pkce, alg, id_token_claims, created_at, changed_at)
		values (p_id, p_name, p_redirects, p_logouts, p_method, p_scopes,
			nullif(p_audience, ''), p_roles, p_groups, p_consent, p_pkce, p_alg,
			p_id_token_claims, doorward.now(), doorward.now());
	if p_method <> 'none' and p_secret is not null then
		insert into oauth_secrets (hash, client_id, created_at)
			values (p_secret, p_id, doorward.now());
	end if;
	perform audit_add('client_added', null, null, p_actor, null, null, p_id);
	return 'ok';
exception
	when unique_violation then
		return 'taken';
	when check_violation or not_null_violation then
		return 'invalid';
end
$$;

-- End the grants of a client: all of them, or with p_only those of people who may not use it. The
-- caller holds the lock of the client's row, and before it took those of the users (client_users).
-- ended: how many lived until now.
create function doorward.client_grants_end(p_client doorward.oauth_clients, p_only boolean,
	p_reason text, p_actor text, out ended integer, out revoked text)
language plpgsql volatile
as $$
declare
	v_ids uuid[];
begin
	select array_agg(l.id), count(*) filter (where oauth_grant_live(l.g)),
			string_agg(l.sid::text, ' ') filter (where oauth_grant_gave(l.id))
		into v_ids, ended, revoked
		from (select g.id, g.sid, g
			from oauth_grants g join users u on u.id = g.user_id
			where g.client_id = p_client.id and g.ended_at is null
				and not (p_only and oauth_may(p_client, u.roles))
			order by g.id
			for update of g) l;
	perform oauth_grants_stop(v_ids, p_reason, p_actor, null);
	revoked := coalesce(revoked, '');
end
$$;

-- The client may not ask for offline_access any more: its grants end with their sessions from now
-- on, and at once where the session is over. ended, revoked: as above.
create function doorward.client_offline_end(p_client doorward.oauth_clients, p_actor text,
	out ended integer, out revoked text)
language plpgsql volatile
as $$
declare
	v_ids uuid[];
begin
	with changed as (
		update oauth_grants g set offline = false
			where g.client_id = p_client.id and g.offline and g.ended_at is null
			returning g)
	select array_agg((c.g).id), count(*), string_agg((c.g).sid::text, ' ') filter (
			where oauth_grant_gave((c.g).id))
		into v_ids, ended, revoked
		from changed c where not oauth_grant_live(c.g);
	perform oauth_grants_stop(v_ids, 'offline taken', p_actor, null);
	revoked := coalesce(revoked, '');
end
$$;

-- Lock the rows of the users with grants of the client, and then the client's. All NULL: there is
-- no such client.
create function doorward.client_lock(p_id text) returns doorward.oauth_clients
language plpgsql volatile
as $$
declare
	v_client oauth_clients;
begin
	perform 1 from users u
		where u.id in (select g.user_id from oauth_grants g
			where g.client_id = p_id and g.ended_at is null)
		order by u.id
		for share;
	select * into v_client from oauth_clients c where c.id = p_id for update;
	return v_client;
end
$$;

-- Change what is not NULL; '' takes the audience away. Tokens that live go on, and the next ones
-- are of the changed client. A client that becomes public loses its secrets. outcome: ok; missing,
-- there is no such client; invalid, as above. ended: how many grants ended, because the person may
-- not use it any more, or because it may not ask for offline_access any more and the session is
-- over. revoked: what the verifiers must be told.
create function doorward.client_set(p_id text, p_name text, p_redirects text[], p_logouts text[],
	p_method text, p_scopes text[], p_audience text, p_roles text[], p_groups text[],
	p_consent text, p_pkce boolean, p_alg text, p_id_token_claims boolean, p_actor text)
returns table (outcome text, ended integer, revoked text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_client oauth_clients := client_lock(p_id);
	v_offline record;
begin
	outcome := case when v_client.id is null then 'missing' else 'ok' end;
	ended := 0;
	if outcome = 'ok' then
		update oauth_clients c set name = coalesce(p_name, c.name),
				redirects = coalesce(p_redirects, c.redirects),
				logouts = coalesce(p_logouts, c.logouts),
				method = coalesce(p_method, c.method),
				scopes = coalesce(p_scopes, c.scopes),
				audience = nullif(coalesce(p_audience, c.audience), ''),
				roles = coalesce(p_roles, c.roles), groups = coalesce(p_groups, c.groups),
				consent = coalesce(p_consent, c.consent),
				pkce = coalesce(p_pkce, c.pkce or p_method = 'none', c.pkce),
				alg = coalesce(p_alg, c.alg),
				id_token_claims = coalesce(p_id_token_claims, c.id_token_claims),
				changed_at = doorward.now()
			where c.id = p_id
			returning * into v_client;
		if v_client.method = 'none' then
			delete from oauth_secrets s where s.client_id = p_id;
		end if;
		perform audit_add('client_changed', null, null, p_actor, null, null, p_id);
		select e.ended, e.revoked into ended, revoked
			from client_grants_end(v_client, true, 'role taken', p_actor) e;
		if 'offline_access' <> all(v_client.scopes) then
			v_offline := client_offline_end(v_client, p_actor);
			ended := ended + v_offline.ended;
			revoked := concat_ws(' ', nullif(revoked, ''), nullif(v_offline.revoked, ''));
		end if;
	end if;
	return next;
exception when check_violation then
	outcome := 'invalid';
	ended := 0;
	revoked := null;
	return next;
end
$$;

-- Another secret, whose SHA-256 is p_hash. The newest one before it stays good for p_keep seconds,
-- older ones are not good any more. outcome: ok; missing, there is no such client; public, it has
-- no secret.
create function doorward.client_secret(p_id text, p_hash bytea, p_keep integer, p_actor text)
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_client oauth_clients;
	v_end timestamptz := doorward.now() + make_interval(secs => p_keep);
begin
	select * into v_client from oauth_clients c where c.id = p_id for update;
	if v_client.id is null then
		return 'missing';
	elsif v_client.method = 'none' then
		return 'public';
	end if;
	delete from oauth_secrets s where s.client_id = p_id and (p_keep <= 0
		or s.ends_at is not null);
	update oauth_secrets s set ends_at = v_end where s.client_id = p_id;
	insert into oauth_secrets (hash, client_id, created_at)
		values (p_hash, p_id, doorward.now());
	perform audit_add('client_secret_made', null, null, p_actor, null, null,
		p_id || case when p_keep > 0 then ': the one before is good until '
			|| to_char(v_end at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
			else ': the ones before are not good any more' end);
	return 'ok';
end
$$;

-- Remove a client with all that people have allowed it. ended: how many grants gave tokens until
-- now; NULL, there is no such client. revoked: what the verifiers must be told.
create function doorward.client_remove(p_id text, p_actor text)
returns table (ended integer, revoked text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_client oauth_clients := client_lock(p_id);
begin
	if v_client.id is not null then
		select e.ended, e.revoked into ended, revoked
			from client_grants_end(v_client, false, 'client removed', p_actor) e;
		delete from oauth_clients c where c.id = p_id;
		perform audit_add('client_removed', null, null, p_actor, null, null,
			p_id || ': grants=' || ended);
	end if;
	return next;
end
$$;

-- One client, or with NULL all, by id. Lists of addresses are lines, others are words. secrets:
-- how many are good; secret_ends_at: when the older one of two ends. grants: how many live, and
-- of how many people.
create function doorward.client_list(p_id text)
returns table (id text, name text, redirects text, logouts text, method text, scopes text,
	audience text, roles text, groups text, consent text, pkce boolean, alg text,
	id_token_claims boolean, created_at bigint, changed_at bigint, secrets bigint,
	secret_ends_at bigint, grants bigint, people bigint)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select c.id, c.name, array_to_string(c.redirects, e'\n'), array_to_string(c.logouts, e'\n'),
		c.method, array_to_string(c.scopes, ' '), c.audience, array_to_string(c.roles, ' '),
		array_to_string(c.groups, ' '), c.consent, c.pkce, c.alg, c.id_token_claims,
		floor(extract(epoch from c.created_at))::bigint,
		floor(extract(epoch from c.changed_at))::bigint,
		s.n, floor(extract(epoch from s.ends_at))::bigint, g.n, g.people
	from oauth_clients c
	cross join lateral (select count(*) as n, max(s.ends_at) as ends_at from oauth_secrets s
		where s.client_id = c.id and (s.ends_at is null or s.ends_at > doorward.now())) s
	cross join lateral (select count(*) as n, count(distinct g.user_id) as people
		from oauth_grants g where g.client_id = c.id and oauth_grant_holds(g)) g
	where p_id is null or c.id = p_id
	order by c.id
$$;

-- For `doorward metrics`: clients, grants that live, those of them that need no session, and
-- requests that wait.
create function doorward.oauth_figures()
returns table (clients bigint, grants bigint, offline bigint, requests bigint)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select (select count(*) from oauth_clients), g.n, g.offline,
		(select count(*) from oauth_requests r where r.ends_at > doorward.now())
	from (select count(*) as n, count(*) filter (where g.offline) as offline
		from oauth_grants g where g.ended_at is null and oauth_grant_holds(g)) g
$$;

insert into doorward.door (program, function) values
	('admin', 'client_add'), ('admin', 'client_set'), ('admin', 'client_secret'),
	('admin', 'client_remove'), ('admin', 'client_list'), ('admin', 'oauth_figures');
