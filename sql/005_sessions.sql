-- A session: what a login opens and a logout ends. Inside, functions name it by `id`; its
-- `sid` stands in its access tokens, so that ending it can name them. A change of roles or
-- of the name gives the session another sid: the old tokens die, the session goes on.
--
-- Whoever changes a session locks its user's row first (session_lock), so that no two wait
-- for each other.

create table doorward.sessions (
	id uuid primary key default gen_random_uuid(),
	sid uuid not null default gen_random_uuid() unique,
	user_id uuid not null references doorward.users on delete cascade,
	browser boolean not null,              -- opened by the form; else by JSON
	remember boolean not null,             -- the person asked to stay signed in
	opened_at timestamptz not null,        -- auth_time of its tokens
	used_at timestamptz not null,          -- the login or the last renewal
	idle interval not null,                -- ends when not renewed for so long …
	ends_at timestamptz not null,          -- … and then in any case
	address inet,
	agent text check (octet_length(agent) <= 512),
	ended_at timestamptz,
	end_reason text
);
create index sessions_user on doorward.sessions (user_id);
create index sessions_open on doorward.sessions (user_id) where ended_at is null;

-- Every refresh token that a session has had, as SHA-256. One at most is unused.
create table doorward.refresh_tokens (
	hash bytea primary key check (octet_length(hash) = 32),
	session_id uuid not null references doorward.sessions on delete cascade,
	next bytea check (octet_length(next) = 32),
	used_at timestamptz
);
create index refresh_tokens_session on doorward.refresh_tokens (session_id);

-- Access tokens that must not be believed although they have not run out. A session that
-- has had several sids is found by each of them for as long as a token with it could live.
create table doorward.revocations (
	-- the nil UUID has another meaning in the revocation file
	sid uuid primary key check (sid <> '00000000-0000-0000-0000-000000000000'),
	until timestamptz not null,
	session_id uuid -- whose sid it is or was; not a foreign key: the row outlives the session
);
create index revocations_session on doorward.revocations (session_id);

-- For how long a sid must stay revoked. The longest life that a token of its kind can have:
--   login   what the settings allow at most for token_life and browser_token_life
--   issued  what `doorward token issue` allows at most
-- and more than the highest clock_leeway, with which verifiers stretch that life. Nobody
-- hands in a time: a setting that changes later, or differs on another host, must not bring
-- a revoked token back. The constants are compared with the settings by `make lint`.
-- An issued one stays for a login's reach longer, so that what is left for less than that
-- covers no living token but a login's: the revocation file counts on it.
create function doorward.sid_reach(p_kind text) returns interval
language sql immutable
as $$
	select case p_kind when 'login' then interval '1 day' else interval '401 days' end
		+ interval '6 minutes'
$$;

-- Put a sid on the list. Of two times the later one stays. `doorward revocations follow` is
-- told 'SID SECONDS', but not again of what it knows.
create function doorward.sid_revoke(p_sid uuid, p_session uuid, p_kind text) returns void
language plpgsql volatile
as $$
declare
	v_now timestamptz := doorward.now();
	v_until timestamptz := v_now + sid_reach(p_kind);
	v_known boolean := exists (select 1 from revocations r
		where r.sid = p_sid and r.until > v_now);
begin
	insert into revocations as r (sid, until, session_id) values (p_sid, v_until, p_session)
		on conflict (sid) do update set until = greatest(r.until, excluded.until),
			session_id = coalesce(r.session_id, excluded.session_id);
	if not v_known then
		perform pg_notify('doorward_revocations',
			p_sid || ' ' || ceil(extract(epoch from v_until))::bigint);
	end if;
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

-- The sids that verifiers must not believe: those of a session, and p_sid. As words.
create function doorward.revoked_sids(p_session uuid, p_sid uuid) returns text
language plpgsql volatile
as $$
begin
	return (select string_agg(r.sid::text, ' ') from revocations r
		where (r.session_id = p_session or r.sid = p_sid) and r.until > doorward.now());
end
$$;

-- The session that has or had this sid; NULL: none that is known.
create function doorward.session_of(p_sid uuid) returns uuid
language plpgsql volatile
as $$
begin
	return coalesce((select s.id from sessions s where s.sid = p_sid),
		(select r.session_id from revocations r where r.sid = p_sid));
end
$$;

-- Lock a session behind its user. All NULL: there is none.
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

-- End one session, whatever for, and revoke its sid; those that it had before are revoked
-- already. The caller has decided that it may, and holds the lock. False: it was over.
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
	perform sid_revoke(v_session.sid, p_id, 'login');
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
		perform session_stop(v_id, p_reason);
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;

-- Tokens of the open sessions must say something else from now on: they die, the sessions
-- renew into new ones. Returns how many.
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

-- Is it open now?
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
		if session_stop(v_id, 'too many') then
			v_count := v_count + 1;
			perform audit_add('session_ended', p_user,
				(select name from users where id = p_user), null, null, v_id, 'too many');
		end if;
	end loop;
	return v_count;
end
$$;

-- Logout by the sid of a verified access token. A session that had ended before, or of which
-- no row is left (a backup was restored), is no reason to believe the token. p_issued: it is
-- one of `doorward token issue`. revoked: what the verifiers must have heard of.
create function doorward.session_end(p_sid uuid, p_issued boolean, p_address inet)
returns table (ended boolean, revoked text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_session sessions := session_lock(session_of(p_sid));
begin
	ended := session_stop(v_session.id, 'logout');
	if ended then
		perform audit_add('logout', v_session.user_id,
			(select name from users where id = v_session.user_id), 'user', p_address,
			v_session.id, null);
	end if;
	if p_issued or not exists (select 1 from revocations r
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
	ended := session_stop(v_session.id, 'logout');
	if ended then
		perform audit_add('logout', v_session.user_id,
			(select name from users where id = v_session.user_id), 'user', p_address,
			v_session.id, null);
	end if;
	revoked := revoked_sids(v_session.id, null);
	return next;
end
$$;

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

-- The first half of a renewal: what it would come to, and of what its token would tell.
-- Changes nothing, so that the token can be made before anything is used up.
create function doorward.session_look(p_hash bytea, p_next bytea, p_grace integer)
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
		perform session_stop(v_session.id, outcome);
		perform audit_add('refresh_' || outcome, v_user.id, v_user.name, null, p_address,
			v_session.id, null);
	end if;
	if outcome in ('reuse', 'lost', 'ended') then
		revoked := revoked_sids(v_session.id, null);
	end if;
	return next;
end
$$;

-- For the operator: revoke a sid of which nobody may know any more whose it was. A session
-- that has or had it ends. It counts as the longest-lived kind.
create function doorward.revocation_add(p_sid uuid, p_actor text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_session sessions := session_lock(session_of(p_sid));
begin
	perform session_stop(v_session.id, 'operator');
	perform sid_revoke(p_sid, v_session.id, 'issued');
	perform audit_add('sid_revoked', v_session.user_id,
		(select name from users where id = v_session.user_id), p_actor, null,
		v_session.id, p_sid::text);
end
$$;

insert into doorward.door values
	('login', 'session_look'), ('login', 'session_refresh'), ('login', 'session_end'),
	('login', 'session_end_by_refresh'), ('login', 'revocation_list'),
	('account', 'revocation_list'), ('admin', 'revocation_list'), ('admin', 'revocation_add');
