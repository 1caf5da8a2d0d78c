-- Codes: made for a person's answer, and used once by the client.

-- What the tokens of a grant say. p_nonce: with the nonce of the request.
create function doorward.oauth_tokens(p_grant uuid, p_nonce boolean)
returns table (grant_id uuid, sid uuid, id_sid text, user_id uuid, name text,
	display_name text, groups text, address text, address_verified boolean, language text,
	scopes text, nonce text, auth_time bigint, amr text, audience text, alg text,
	id_token_claims boolean, ends_at bigint)
language plpgsql volatile
as $$
#variable_conflict use_column
begin
	return query
		select g.id, g.sid, oauth_id_sid(g.session_id, g.client_id), u.id, u.name, u.display_name,
			array_to_string(oauth_groups(c, u.roles), ' '), a.address,
			a.verified_at is not null, u.language,
			array_to_string(oauth_scopes(c, g.scopes), ' '), case when p_nonce then g.nonce end,
			floor(extract(epoch from g.auth_time))::bigint, array_to_string(g.amr, ' '),
			c.audience, c.alg, c.id_token_claims, floor(extract(epoch from g.ends_at))::bigint
		from oauth_grants g
		join users u on u.id = g.user_id
		join oauth_clients c on c.id = g.client_id
		left join addresses a on a.user_id = u.id
		where g.id = p_grant;
end
$$;

-- Has the person to be asked? p_consented: they were, just now. Consents for good count for a
-- client that is to remember them.
create function doorward.oauth_consent_lacks(p_client doorward.oauth_clients, p_user uuid,
	p_scopes text[], p_consented boolean) returns boolean
language plpgsql volatile
as $$
begin
	return not p_consented and case p_client.consent when 'trusted' then false
		when 'ask' then true
		else not exists (select 1 from oauth_consents k where k.user_id = p_user
			and k.client_id = p_client.id and p_scopes <@ k.scopes) end;
end
$$;

-- The person has said yes.
create function doorward.oauth_consent_put(p_client doorward.oauth_clients,
	p_user doorward.users, p_session uuid, p_scopes text[], p_address inet) returns void
language plpgsql volatile
as $$
begin
	if p_client.consent = 'remember' then
		insert into oauth_consents as k (user_id, client_id, scopes, given_at)
			values (p_user.id, p_client.id, p_scopes, doorward.now())
			on conflict (user_id, client_id) do update set given_at = excluded.given_at,
				scopes = oauth_scopes(p_client, array(select distinct s
					from unnest(k.scopes || excluded.scopes) s order by s));
	end if;
	perform audit_add('oauth_consent', p_user.id, p_user.name, 'user', p_address, p_session,
		p_client.id || ': ' || array_to_string(p_scopes, ' '));
end
$$;

-- Store a code for the person with this session, and end what is too much (oauth_grants_trim).
-- p_life: how many seconds it is good for.
-- p_request: the request that waited for this answer (NULL: it did not wait), of p_browser.
-- Scopes that the client may not ask for (any more) are left out. outcome, and nothing was stored
-- but with ok:
--   ok
--   over       the session is over
--   gone       there is no such client, or it has not this redirect URI or none of these scopes
--              (any more); or the request does not wait any more
--   forbidden  the person has no role that the client asks for
--   consent    the person has not allowed this
create function doorward.oauth_code_make(p_user uuid, p_sid uuid, p_client text,
	p_scopes text[], p_redirect text, p_challenge text, p_nonce text, p_hash bytea,
	p_life integer, p_consented boolean, p_request uuid, p_browser bytea, p_address inet)
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_now timestamptz := doorward.now();
	v_user users;
	v_session sessions;
	v_client oauth_clients;
	v_scopes text[];
	v_ends timestamptz;
	v_grant uuid;
begin
	select * into v_user from users u where u.id = p_user and not u.disabled
		for no key update;
	select * into v_session from sessions s where s.sid = p_sid and s.user_id = v_user.id
		for share;
	select * into v_client from oauth_clients c where c.id = p_client for share;
	v_scopes := oauth_scopes(v_client, p_scopes);
	v_ends := v_now + make_interval(secs => p_life);
	if v_session.id is null or not session_live(v_session) then
		return 'over';
	elsif v_client.id is null or not oauth_redirect_is(v_client.redirects, p_redirect)
			or cardinality(v_scopes) = 0 then
		return 'gone';
	elsif not oauth_may(v_client, v_user.roles) then
		return 'forbidden';
	elsif oauth_consent_lacks(v_client, p_user, v_scopes, p_consented) then
		return 'consent';
	elsif p_request is not null then
		update oauth_requests r set answered_at = coalesce(r.answered_at, v_now)
			where r.id = p_request and r.browser = p_browser and r.client_id = p_client
				and oauth_request_waits(r);
		if not found then
			return 'gone';
		end if;
	end if;
	perform oauth_grants_trim(p_user, p_client, v_session.id, 'offline_access' = any(v_scopes),
		p_address);
	insert into oauth_grants (client_id, user_id, session_id, offline, scopes, nonce,
			auth_time, amr, created_at, used_at, ends_at)
		values (p_client, p_user, v_session.id, 'offline_access' = any(v_scopes), v_scopes,
			p_nonce, v_session.auth_time, v_session.amr, v_now, v_now, v_ends)
		returning id into v_grant;
	insert into oauth_codes (hash, grant_id, redirect_uri, challenge, ends_at)
		values (p_hash, v_grant, p_redirect, p_challenge, v_ends);
	if p_consented then
		perform oauth_consent_put(v_client, v_user, v_session.id, v_scopes, p_address);
	end if;
	perform audit_add('oauth_code', p_user, v_user.name, 'user', p_address, v_session.id,
		p_client || ': ' || array_to_string(v_scopes, ' '));
	return 'ok';
end
$$;

-- Until when a grant holds that has just given tokens. One that is not offline ends with its
-- session in any case (oauth_grant_holds).
create function doorward.oauth_grant_end(p_grant doorward.oauth_grants, p_offline_life integer)
returns timestamptz
language plpgsql volatile
as $$
begin
	return case when p_grant.offline then doorward.now() + make_interval(secs => p_offline_life)
		else (select s.ends_at from sessions s where s.id = p_grant.session_id) end;
end
$$;

-- A client that has proven who it is shows a code of a grant whose rows are locked. outcome as of
-- oauth_code_use. Where the client shows its code in a wrong way, somebody may have given it a
-- stolen one: the code is of no use any more.
create function doorward.oauth_code_spend(p_grant doorward.oauth_grants,
	p_client doorward.oauth_clients, p_hash bytea, p_redirect text, p_challenge text,
	p_refresh bytea, p_offline_life integer, p_address inet) returns text
language plpgsql volatile
as $$
declare
	v_now timestamptz := doorward.now();
	v_code oauth_codes := (select k from oauth_codes k where k.hash = p_hash);
begin
	if v_code.used_at is not null then
		perform oauth_grant_stop(p_grant.id, 'code reuse', null, p_address);
		return 'reuse';
	elsif v_code.ends_at <= v_now or not oauth_grant_holds(p_grant) then
		return 'invalid';
	end if;
	update oauth_codes k set used_at = v_now where k.hash = p_hash;
	if v_code.redirect_uri is distinct from p_redirect
			or v_code.challenge is distinct from p_challenge
			or p_client.pkce and v_code.challenge is null
			or not oauth_redirect_is(p_client.redirects, v_code.redirect_uri) then
		perform oauth_grant_stop(p_grant.id, 'code refused', null, p_address);
		return 'invalid';
	end if;
	insert into oauth_refresh_tokens (hash, grant_id) values (p_refresh, p_grant.id);
	update oauth_grants g set used_at = v_now, ends_at = oauth_grant_end(p_grant, p_offline_life)
		where g.id = p_grant.id;
	return 'ok';
end
$$;

-- A client uses a code. p_secret: SHA-256 of the secret that came by p_method. p_challenge: of the
-- verifier that came. p_refresh: SHA-256 of the refresh token that the answer is to have.
-- p_offline_life: after how many seconds without use a grant with offline_access ends. origin:
-- p_origin is that of one of its redirect URIs. outcome:
--   ok
--   client   it is no client of ours, or has not proven it
--   invalid  the code is not its own, is too old, or of a grant that has ended; or it was made for
--            another redirect URI or another verifier, and then it cannot be used any more
--   reuse    it was used before: the grant ends
-- revoked: what the verifiers must be told before the outcome is.
create function doorward.oauth_code_use(p_hash bytea, p_client text, p_secret bytea,
	p_method text, p_redirect text, p_challenge text, p_refresh bytea,
	p_offline_life integer, p_origin text, p_address inet)
returns table (outcome text, revoked text, origin boolean, grant_id uuid, sid uuid,
	id_sid text, user_id uuid, name text, display_name text, groups text, address text,
	address_verified boolean, language text, scopes text, nonce text, auth_time bigint,
	amr text, audience text, alg text, id_token_claims boolean, ends_at bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_client oauth_clients := (select c from oauth_clients c where c.id = p_client);
	v_grant oauth_grants;
	v_outcome text := 'client';
begin
	if oauth_client_is(v_client, p_secret, p_method) then
		v_grant := oauth_grant_lock((select g.id
			from oauth_codes k join oauth_grants g on g.id = k.grant_id
			where k.hash = p_hash and g.client_id = v_client.id));
		v_outcome := case when v_grant.id is null then 'invalid'
			else oauth_code_spend(v_grant, v_client, p_hash, p_redirect, p_challenge,
				p_refresh, p_offline_life, p_address) end;
	end if;
	return query select v_outcome, case when v_outcome in ('invalid', 'reuse') then
			revoked_sids(v_grant.id, null) end,
		oauth_origin_is(v_client.redirects, p_origin), t.*
		from (select 1) one left join oauth_tokens(
			case v_outcome when 'ok' then v_grant.id end, true) t on true;
end
$$;

insert into doorward.door (program, function) values
	('oauth', 'oauth_code_make'), ('oauth', 'oauth_code_use');
