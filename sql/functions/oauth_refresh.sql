-- Tokens of clients after the first: renewed in two calls as sessions are (refresh.sql), looked
-- up, and revoked.

-- What becomes of a renewal with this refresh token of the client: ok, ended, lost or reuse as of
-- refresh_outcome, for a grant; unknown, it is not one of the client's.
create function doorward.oauth_refresh_outcome(p_token doorward.oauth_refresh_tokens,
	p_grant doorward.oauth_grants, p_client text, p_next bytea, p_grace integer) returns text
language plpgsql volatile
as $$
begin
	if p_token.hash is null or p_grant.client_id is distinct from p_client then
		return 'unknown';
	elsif not oauth_grant_holds(p_grant) then
		return 'ended';
	elsif p_token.used_at is null then
		return 'ok';
	elsif exists (select 1 from oauth_refresh_tokens t
			where t.hash = p_token.next and t.used_at is not null) then
		return 'reuse';
	elsif p_token.next = p_next
			and p_token.used_at + make_interval(secs => p_grace) > doorward.now() then
		return 'ok';
	end if;
	return 'lost';
end
$$;

-- The first half of a renewal: the result that it would have, and what the tokens say, with the
-- present roles and name. Changes nothing. p_secret, p_method, origin: as of oauth_code_use.
-- outcome: as above, or client, it is no client of ours or has not proven it.
create function doorward.oauth_refresh_look(p_hash bytea, p_next bytea, p_grace integer,
	p_client text, p_secret bytea, p_method text, p_origin text)
returns table (outcome text, origin boolean, grant_id uuid, sid uuid, id_sid text,
	user_id uuid, name text, display_name text, groups text, address text,
	address_verified boolean, language text, scopes text, nonce text, auth_time bigint,
	amr text, audience text, alg text, id_token_claims boolean, ends_at bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_client oauth_clients := (select c from oauth_clients c where c.id = p_client);
	v_token oauth_refresh_tokens := (select t from oauth_refresh_tokens t
		where t.hash = p_hash);
	v_grant oauth_grants := (select g from oauth_grants g where g.id = v_token.grant_id);
	v_outcome text := 'client';
begin
	if oauth_client_is(v_client, p_secret, p_method) then
		v_outcome := oauth_refresh_outcome(v_token, v_grant, p_client, p_next, p_grace);
	end if;
	return query select v_outcome, oauth_origin_is(v_client.redirects, p_origin), t.*
		from (select 1) one left join oauth_tokens(
			case v_outcome when 'ok' then v_grant.id end, false) t on true;
end
$$;

-- The second half: replace the refresh token whose hash is p_hash by the one whose hash is
-- p_next, which the caller derives from it. `lost` and `reuse` end the grant. Besides the outcomes
-- above there is
--   changed  the grant has another sid than p_sid, of which the tokens that were made tell: look
--            again. Nothing was done
-- revoked: what the verifiers must be told before the outcome is.
create function doorward.oauth_refresh(p_hash bytea, p_next bytea, p_sid uuid,
	p_grace integer, p_client text, p_secret bytea, p_method text, p_offline_life integer,
	p_address inet)
returns table (outcome text, revoked text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_client oauth_clients := (select c from oauth_clients c where c.id = p_client);
	v_grant oauth_grants;
	v_token oauth_refresh_tokens;
begin
	outcome := 'client';
	if oauth_client_is(v_client, p_secret, p_method) then
		v_grant := oauth_grant_lock((select t.grant_id from oauth_refresh_tokens t
			where t.hash = p_hash));
		v_token := (select t from oauth_refresh_tokens t where t.hash = p_hash);
		outcome := oauth_refresh_outcome(v_token, v_grant, p_client, p_next, p_grace);
	end if;
	if outcome = 'ok' and v_grant.sid is distinct from p_sid then
		outcome := 'changed';
	elsif outcome = 'ok' and v_token.used_at is null then
		update oauth_refresh_tokens t set used_at = doorward.now(), next = p_next
			where t.hash = p_hash;
		insert into oauth_refresh_tokens (hash, grant_id) values (p_next, v_grant.id);
		update oauth_grants g set used_at = doorward.now(),
				ends_at = oauth_grant_end(v_grant, p_offline_life)
			where g.id = v_grant.id;
	elsif outcome in ('reuse', 'lost') then
		perform oauth_grant_stop(v_grant.id, 'refresh ' || outcome, null, p_address);
	end if;
	if outcome in ('reuse', 'lost', 'ended') then
		revoked := revoked_sids(v_grant.id, null);
	end if;
	return next;
end
$$;

-- What userinfo says to who shows an access token of a client with this sid. outcome: ok; or over,
-- the grant has ended or its access tokens must be renewed. origin: as of oauth_code_use.
create function doorward.oauth_userinfo(p_sid uuid, p_user uuid, p_client text, p_origin text)
returns table (outcome text, origin boolean, user_id uuid, name text, display_name text,
	groups text, address text, address_verified boolean, language text, scopes text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_grant uuid := (select g.id from oauth_grants g
		where g.sid = p_sid and g.user_id = p_user and g.client_id = p_client
			and oauth_grant_holds(g));
begin
	return query
		select case when t.grant_id is null then 'over' else 'ok' end,
			coalesce((select oauth_origin_is(c.redirects, p_origin) from oauth_clients c
				where c.id = p_client), false),
			t.user_id, t.name, t.display_name, t.groups, t.address, t.address_verified,
			t.language, t.scopes
		from (select 1) one left join oauth_tokens(v_grant, false) t on true;
end
$$;

-- Does nobody know any more whose sid it is? Its row is gone: a backup was restored, or the grant
-- was deleted with its client.
create function doorward.sid_is_stray(p_sid uuid) returns boolean
language sql volatile
as $$
	select p_sid is not null
		and not exists (select 1 from sessions s where s.sid = p_sid)
		and not exists (select 1 from programs p where p.id = p_sid)
		and not exists (select 1 from oauth_grants g where g.sid = p_sid)
		and not exists (select 1 from revocations r
			where r.sid = p_sid and r.until > doorward.now())
$$;

-- A client gives a token back (RFC 7009): p_hash of a refresh token, used or not, which ends its
-- grant; or p_sid of a verified access token of the client's, with which all access tokens of
-- that grant end, and the grant goes on with another sid. What is not the client's is left alone.
-- outcome: ok, or client as of oauth_code_use. revoked: what the verifiers must be told.
create function doorward.oauth_revoke(p_client text, p_secret bytea, p_method text,
	p_hash bytea, p_sid uuid, p_origin text, p_address inet)
returns table (outcome text, origin boolean, revoked text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_client oauth_clients := (select c from oauth_clients c where c.id = p_client);
	v_grant oauth_grants;
begin
	origin := oauth_origin_is(v_client.redirects, p_origin);
	outcome := 'client';
	if oauth_client_is(v_client, p_secret, p_method) then
		outcome := 'ok';
		v_grant := oauth_grant_lock((select g.id from oauth_grants g
			where g.client_id = p_client and (g.sid = p_sid or g.id = (select t.grant_id
				from oauth_refresh_tokens t where t.hash = p_hash))
			limit 1));
		if p_hash is not null then
			perform oauth_grant_stop(v_grant.id, 'given back', 'client', p_address);
			revoked := revoked_sids(v_grant.id, null);
		elsif v_grant.sid = p_sid and v_grant.ended_at is null then
			perform oauth_grant_change_sid(v_grant);
			revoked := revoked_sids(v_grant.id, p_sid);
		else
			if sid_is_stray(p_sid) then
				perform sid_revoke(p_sid, null, 'login');
			end if;
			revoked := revoked_sids(null, p_sid);
		end if;
	end if;
	return next;
end
$$;

insert into doorward.door (program, function) values
	('oauth', 'oauth_refresh_look'), ('oauth', 'oauth_refresh'), ('oauth', 'oauth_userinfo'),
	('oauth', 'oauth_revoke');
