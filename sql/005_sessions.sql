-- A session: what a login opens and a logout ends. `id` is for the user's own list;
-- `sid` stands in its access tokens, so that ending it can name them. A change of roles
-- gives the session another sid: the old tokens die, the session goes on.

create table doorward.sessions (
	id uuid primary key default gen_random_uuid(),
	sid uuid not null default gen_random_uuid() unique,
	user_id uuid not null references doorward.users on delete cascade,
	remember boolean not null,             -- the person asked to stay signed in
	opened_at timestamptz not null,        -- auth_time of its tokens
	used_at timestamptz not null,          -- the login or the last renewal
	idle interval not null,                -- ends when not renewed for so long …
	ends_at timestamptz not null,          -- … and then in any case
	tokens_until timestamptz not null,     -- when its last access token has run out
	address inet,
	agent text check (octet_length(agent) <= 512),
	ended_at timestamptz,
	end_reason text
);
create index sessions_user on doorward.sessions (user_id);

-- Every refresh token that a session has had, as SHA-256. One at most is unused.
create table doorward.refresh_tokens (
	hash bytea primary key check (octet_length(hash) = 32),
	session_id uuid not null references doorward.sessions on delete cascade,
	next bytea check (octet_length(next) = 32),
	used_at timestamptz
);
create index refresh_tokens_session on doorward.refresh_tokens (session_id);

-- Access tokens that must not be believed although they have not run out.
create table doorward.revocations (
	sid uuid primary key,
	until timestamptz not null
);

-- Told to `doorward revocations follow` as 'SID SECONDS'. The two minutes are for
-- verifiers whose clocks are behind.
create function doorward.sid_revoke(p_sid uuid, p_until timestamptz) returns void
language plpgsql volatile
as $$
begin
	if p_until + interval '2 minutes' <= doorward.now() then
		return;
	end if;
	insert into revocations values (p_sid, p_until + interval '2 minutes')
		on conflict do nothing;
	perform pg_notify('doorward_revocations',
		p_sid || ' ' || ceil(extract(epoch from p_until))::bigint + 120);
end
$$;

create function doorward.revocation_list() returns table (sid uuid, until bigint)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select r.sid, ceil(extract(epoch from r.until))::bigint
	from revocations r
	where r.until > doorward.now()
	order by r.sid
$$;

-- End one session (internal; the caller has decided that it may).
create function doorward.session_stop(p_id uuid, p_reason text) returns boolean
language plpgsql volatile
as $$
declare
	v_session doorward.sessions;
begin
	update sessions s set ended_at = doorward.now(), end_reason = p_reason
		where s.id = p_id and s.ended_at is null
		returning * into v_session;
	if not found then
		return false;
	end if;
	perform sid_revoke(v_session.sid, v_session.tokens_until);
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
	for v_id in
		select id from sessions
		where user_id = p_user and ended_at is null and id is distinct from p_but
		order by id
		for update
	loop
		perform session_stop(v_id, p_reason);
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;

-- Is it open now?
create function doorward.session_live(p_session doorward.sessions) returns boolean
language sql volatile
as $$
	select p_session.ended_at is null and p_session.ends_at > doorward.now()
		and p_session.used_at + p_session.idle > doorward.now()
$$;

-- Logout by the sid of a verified access token. False: there was nothing to end.
create function doorward.session_end(p_sid uuid, p_address inet) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_session sessions;
begin
	select * into v_session from sessions where sid = p_sid for update;
	if not found or not session_stop(v_session.id, 'logout') then
		return false;
	end if;
	perform audit_add('logout', v_session.user_id,
		(select name from users where id = v_session.user_id), 'user', p_address,
		v_session.id, null);
	return true;
end
$$;

-- Logout by a refresh token of the session, current or used.
create function doorward.session_end_by_refresh(p_hash bytea, p_address inet) returns boolean
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select coalesce((
		select session_end(s.sid, p_address)
		from refresh_tokens t join sessions s on s.id = t.session_id
		where t.hash = p_hash), false)
$$;

-- Renew: replace the refresh token whose hash is p_hash by the one whose hash is p_next,
-- which the caller derives from it. outcome:
--   ok       replaced; or it was, within the last 10 seconds, by this very p_next
--   reuse    it was replaced before that: somebody else holds a copy. The session has ended
--   ended    the session is over, or the user is disabled
--   unknown  no such token
create function doorward.session_refresh(p_hash bytea, p_next bytea, p_token_seconds integer,
	p_address inet, p_agent text)
returns table (outcome text, user_id uuid, name text, roles text, session_id uuid, sid uuid,
	opened_at bigint, remember boolean, ends_at bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_token refresh_tokens;
	v_session sessions;
	v_user users;
begin
	select s.* into v_session from sessions s
		where s.id = (select t.session_id from refresh_tokens t where t.hash = p_hash)
		for update;
	-- read again: another renewal may have held that lock
	select * into v_token from refresh_tokens t where t.hash = p_hash;
	if v_session.id is null or not found then
		outcome := 'unknown';
		return next;
		return;
	end if;
	select * into v_user from users u where u.id = v_session.user_id;
	if not session_live(v_session) or v_user.disabled then
		outcome := 'ended';
	elsif v_token.used_at is null then
		outcome := 'ok';
		update refresh_tokens t set used_at = doorward.now(), next = p_next
			where t.hash = p_hash;
		insert into refresh_tokens (hash, session_id) values (p_next, v_session.id);
		update sessions s set used_at = doorward.now(), address = p_address, agent = p_agent
			where s.id = v_session.id;
		perform audit_add('session_renewed', v_user.id, v_user.name, 'user', p_address,
			v_session.id, null);
	elsif v_token.used_at + interval '10 seconds' > doorward.now() and v_token.next = p_next then
		outcome := 'ok';
	else
		outcome := 'reuse';
		perform session_stop(v_session.id, 'reuse');
		perform audit_add('refresh_reuse', v_user.id, v_user.name, null, p_address,
			v_session.id, null);
	end if;
	user_id := v_user.id;
	session_id := v_session.id;
	if outcome = 'ok' then
		update sessions s
			set tokens_until = greatest(s.tokens_until,
				doorward.now() + make_interval(secs => p_token_seconds))
			where s.id = v_session.id;
		name := v_user.name;
		roles := array_to_string(v_user.roles, ' ');
		sid := v_session.sid;
		opened_at := floor(extract(epoch from v_session.opened_at))::bigint;
		remember := v_session.remember;
		ends_at := floor(extract(epoch from v_session.ends_at))::bigint;
	end if;
	return next;
end
$$;

insert into doorward.door values
	('login', 'session_refresh'), ('login', 'session_end'), ('login', 'session_end_by_refresh'),
	('login', 'revocation_list'), ('account', 'revocation_list'), ('admin', 'revocation_list'),
	('account', 'session_end');
