-- A session is renewed in two calls: look, and refresh after the token was made.

-- What becomes of a renewal with this refresh token:
--   ok       it is unused; or its successor is p_next, is unused, and p_grace seconds have
--            not passed: the answer may have been lost, or another tab was faster
--   lost     it was used and its successor never was: the answer got lost and nobody asked
--            again in time, or session_secret was replaced, so that p_next is another
--   reuse    its successor was used: that answer had arrived, so this is a copy
--   ended    the session is over, or the user is disabled
--   unknown  no such token
create function doorward.refresh_outcome(p_token doorward.refresh_tokens,
	p_session doorward.sessions, p_disabled boolean, p_next bytea, p_grace integer) returns text
language plpgsql volatile
as $$
begin
	if p_token.hash is null or p_session.id is null then
		return 'unknown';
	elsif not session_live(p_session) or p_disabled then
		return 'ended';
	elsif p_token.used_at is null then
		return 'ok';
	elsif exists (select 1 from refresh_tokens t
			where t.hash = p_token.next and t.used_at is not null) then
		return 'reuse';
	elsif p_token.next = p_next
			and p_token.used_at + make_interval(secs => p_grace) > doorward.now() then
		return 'ok';
	end if;
	return 'lost';
end
$$;

-- The first half of a renewal: the result that it would have, and the data for its token.
-- Changes nothing, so the token can be made before anything is used up.
create function doorward.session_look(p_hash bytea, p_next bytea, p_grace integer)
returns table (outcome text, user_id uuid, name text, roles text, session_id uuid, sid uuid,
	opened_at bigint, remember boolean, ends_at bigint, auth_time bigint, amr text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_token refresh_tokens;
	v_session sessions;
	v_user users;
begin
	select * into v_token from refresh_tokens t where t.hash = p_hash;
	select * into v_session from sessions s where s.id = v_token.session_id;
	select * into v_user from users u where u.id = v_session.user_id;
	outcome := refresh_outcome(v_token, v_session, v_user.disabled, p_next, p_grace);
	user_id := v_user.id;
	name := v_user.name;
	roles := array_to_string(v_user.roles, ' ');
	session_id := v_session.id;
	sid := v_session.sid;
	opened_at := floor(extract(epoch from v_session.opened_at))::bigint;
	remember := v_session.remember;
	ends_at := floor(extract(epoch from v_session.ends_at))::bigint;
	auth_time := floor(extract(epoch from v_session.auth_time))::bigint;
	amr := array_to_string(v_session.amr, ' ');
	return next;
end
$$;

-- The second half: replace the refresh token whose hash is p_hash by the one whose hash is
-- p_next, which the caller derives from it. `lost` and `reuse` end the session. Besides the
-- outcomes above there is
--   changed  the session has another sid than p_sid, of which the token that was made
--            tells: look again. Nothing was done
-- revoked: what the verifiers must have heard of before the outcome is told.
create function doorward.session_refresh(p_hash bytea, p_next bytea, p_sid uuid,
	p_grace integer, p_address inet, p_agent text)
returns table (outcome text, revoked text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_token refresh_tokens;
	v_session sessions := session_lock(
		(select t.session_id from refresh_tokens t where t.hash = p_hash));
	v_user users;
begin
	select * into v_token from refresh_tokens t where t.hash = p_hash; -- after the lock
	select * into v_user from users u where u.id = v_session.user_id;
	outcome := refresh_outcome(v_token, v_session, v_user.disabled, p_next, p_grace);
	if outcome = 'ok' and v_session.sid is distinct from p_sid then
		outcome := 'changed';
	elsif outcome = 'ok' and v_token.used_at is null then
		update refresh_tokens t set used_at = doorward.now(), next = p_next
			where t.hash = p_hash;
		insert into refresh_tokens (hash, session_id) values (p_next, v_session.id);
		update sessions s set used_at = doorward.now(), address = p_address, agent = p_agent
			where s.id = v_session.id;
		perform audit_add('session_renewed', v_user.id, v_user.name, 'user', p_address,
			v_session.id, null);
	elsif outcome in ('reuse', 'lost') then
		perform session_stop(v_session.id, outcome, null, p_address, true);
	end if;
	if outcome in ('reuse', 'lost', 'ended') then
		revoked := revoked_sids(v_session.id, null);
	end if;
	return next;
end
$$;

insert into doorward.door (program, function) values
	('login', 'session_look'), ('login', 'session_refresh');
