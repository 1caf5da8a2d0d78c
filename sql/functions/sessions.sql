-- Sessions: how they end, how many there may be, and lists. Every function that changes one
-- locks its user's row first (session_lock), so that no two wait for each other.

-- The session, or the grant of a client, that had this sid, or the session that has it. NULL: none
-- is known.
create function doorward.session_of(p_sid uuid) returns uuid
language plpgsql volatile
as $$
begin
	return coalesce((select s.id from sessions s where s.sid = p_sid),
		(select r.session_id from revocations r where r.sid = p_sid));
end
$$;

-- Lock the user's row, then the session. All NULL: there is none.
create function doorward.session_lock(p_id uuid) returns doorward.sessions
language plpgsql volatile
as $$
declare
	v_session doorward.sessions;
begin
	perform 1 from users u
		where u.id = (select s.user_id from sessions s where s.id = p_id)
		for no key update;
	select * into v_session from sessions s where s.id = p_id for update;
	return v_session;
end
$$;

-- End one session. All ends go through this function. Its sid is revoked; its earlier sids are
-- revoked already. The grants that clients have by it end, too, but those with offline_access that
-- have given tokens. The audit gets the event that end_reasons names for the reason, with actor
-- and address. With p_alone false it does not: many sessions end by one action, which has its
-- own row. The caller has checked that it may do this, and holds the lock. False: it was already
-- over, or there is none.
create function doorward.session_stop(p_id uuid, p_reason text, p_actor text, p_address inet,
	p_alone boolean) returns boolean
language plpgsql volatile
as $$
declare
	v_reason doorward.end_reasons;
	v_session doorward.sessions;
begin
	select * into strict v_reason from end_reasons r where r.reason = p_reason;
	update sessions s set ended_at = doorward.now(), end_reason = p_reason
		where s.id = p_id and s.ended_at is null
		returning * into v_session;
	if not found then
		return false;
	end if;
	perform sid_revoke(v_session.sid, p_id, 'login');
	perform oauth_session_grants_end(p_id, p_reason, p_actor, p_address);
	delete from setups s where s.session_id = p_id;
	if p_alone and v_reason.event is not null then
		perform audit_add(v_reason.event, v_session.user_id,
			(select u.name from users u where u.id = v_session.user_id), p_actor, p_address,
			p_id, v_reason.detail);
	end if;
	return true;
end
$$;

-- End all sessions of a user but one (NULL: all). Returns how many.
create function doorward.sessions_stop(p_user uuid, p_but uuid, p_reason text) returns integer
language plpgsql volatile
as $$
declare
	v_id uuid;
	v_count integer := 0;
begin
	perform 1 from users u where u.id = p_user for no key update;
	for v_id in
		select id from sessions
		where user_id = p_user and ended_at is null and id is distinct from p_but
		order by id
		for update
	loop
		perform session_stop(v_id, p_reason, null, null, false);
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;

-- Tokens of the open sessions must have another content from now on: they are revoked, and the
-- sessions renew. Returns how many.
create function doorward.sessions_change_sid(p_user uuid) returns integer
language plpgsql volatile
as $$
declare
	v_session doorward.sessions;
	v_count integer := 0;
begin
	perform 1 from users u where u.id = p_user for no key update;
	for v_session in
		select * from sessions s where s.user_id = p_user and s.ended_at is null
			order by s.id for update
	loop
		perform sid_revoke(v_session.sid, v_session.id, 'login');
		update sessions s set sid = gen_random_uuid() where s.id = v_session.id;
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;

-- Is the session open now?
create function doorward.session_live(p_session doorward.sessions) returns boolean
language sql volatile
as $$
	select p_session.ended_at is null and p_session.ends_at > doorward.now()
		and p_session.used_at + p_session.idle > doorward.now()
$$;

-- Keep at most p_max open sessions of one kind: those unused longest end. The caller holds
-- the lock of the user's row. Returns how many ended.
create function doorward.sessions_trim(p_user uuid, p_browser boolean, p_max integer)
returns integer
language plpgsql volatile
as $$
declare
	v_id uuid;
	v_count integer := 0;
begin
	for v_id in
		select s.id from sessions s
		where s.user_id = p_user and s.ended_at is null and s.browser = p_browser
			and session_live(s)
		order by s.used_at desc, s.opened_at desc, s.id
		offset p_max
	loop
		if session_stop(v_id, 'too many', null, null, true) then
			v_count := v_count + 1;
		end if;
	end loop;
	return v_count;
end
$$;

-- Logout by the sid of a verified access token. The token is revoked even if the session had
-- ended before, or if no row of it is left (a backup was restored). p_issued: it is a program's,
-- which ends itself so. revoked: what the verifiers must be told.
create function doorward.session_end(p_sid uuid, p_issued boolean, p_address inet)
returns table (ended boolean, revoked text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_session sessions := session_lock(session_of(p_sid));
	v_program programs;
begin
	if p_issued then
		v_program := program_lock(p_sid);
	end if;
	ended := session_stop(v_session.id, 'logout', 'user', p_address, true)
		or program_stop(v_program.id, 'by a logout with it', 'user', p_address);
	if p_issued and v_program.id is null or not exists (select 1 from revocations r
			where r.sid = p_sid and r.until > doorward.now()) then
		perform sid_revoke(p_sid, v_session.id,
			case when p_issued then 'issued' else 'login' end);
	end if;
	revoked := revoked_sids(v_session.id, p_sid);
	return next;
end
$$;

-- Logout by a refresh token of the session, current or used. known: there is such a token.
create function doorward.session_end_by_refresh(p_hash bytea, p_address inet)
returns table (known boolean, ended boolean, revoked text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_session sessions := session_lock(
		(select t.session_id from refresh_tokens t where t.hash = p_hash));
begin
	known := v_session.id is not null;
	ended := session_stop(v_session.id, 'logout', 'user', p_address, true);
	revoked := revoked_sids(v_session.id, null);
	return next;
end
$$;

-- The open sessions of one user, or with NULL of all, last used first.
create function doorward.session_list(p_name text, p_limit integer)
returns table (id uuid, name text, opened_at bigint, used_at bigint, ends_at bigint,
	address text, agent text, remember boolean, amr text, factor_at bigint)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select s.id, u.name, floor(extract(epoch from s.opened_at))::bigint,
		floor(extract(epoch from s.used_at))::bigint,
		floor(extract(epoch from s.ends_at))::bigint, host(s.address), s.agent, s.remember,
		array_to_string(s.amr, ' '), floor(extract(epoch from s.factor_at))::bigint
	from sessions s join users u on u.id = s.user_id
	where (p_name is null or u.name_key = name_key(p_name)) and session_live(s)
	order by s.used_at desc
	limit p_limit
$$;

-- End one session by its id or by a sid that it has or had. NULL: there is no such session.
-- False: it was already over.
create function doorward.session_end_any(p_id uuid, p_actor text) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_session sessions := session_lock(
		coalesce((select s.id from sessions s where s.id = p_id), session_of(p_id)));
begin
	if v_session.id is null then
		return null;
	end if;
	return session_stop(v_session.id, 'operator', p_actor, null, true);
end
$$;

insert into doorward.door (program, function) values
	('login', 'session_end'), ('login', 'session_end_by_refresh'),
	('admin', 'session_list'), ('admin', 'session_end_any');
