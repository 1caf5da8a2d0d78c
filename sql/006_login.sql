-- A login in two calls: begin (may it be tried? with what does it compare?) and, once the
-- program has computed the hash, failed or open. Each is one atomic step.

-- Count the try and return what the password is checked against. Always one row; wait > 0
-- means: refuse without looking at the password. An unknown name has a NULL user_id and
-- takes the same path.
create function doorward.login_begin(p_name text, p_address inet, p_device bytea)
returns table (wait integer, user_id uuid, name text, disabled boolean, password_hash text,
	password_version integer, device_known boolean)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_user users;
	v_first boolean;
begin
	select * into v_user from users u where u.name_key = name_key(p_name);
	device_known := false;
	if p_device is not null then
		device_known := exists (select 1 from devices d
			where d.hash = p_device and d.user_id = v_user.id);
	end if;
	select t.wait, t.first into wait, v_first
		from attempt_count(buckets(p_name, p_address, p_device, device_known)) t;
	if wait > 0 and v_first then
		perform audit_add('login_throttled', v_user.id, v_user.name, null, p_address, null,
			wait || ' s');
	end if;
	user_id := v_user.id;
	name := v_user.name;
	disabled := coalesce(v_user.disabled, true);
	password_hash := v_user.password_hash;
	password_version := coalesce(v_user.password_version, 0);
	return next;
end
$$;

create function doorward.login_failed(p_user uuid, p_address inet, p_reason text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
begin
	perform audit_add('login_failed', p_user, (select name from users where id = p_user),
		null, p_address, null, p_reason);
end
$$;

-- The password was right: take the try back, upgrade the hash unless somebody else has,
-- open a session with its first refresh token. No row when the user was disabled, deleted
-- or given another password since login_begin: then nothing was stored.
--   p_new_hash    NULL: keep it      p_new_device  NULL: p_device is known already
--   p_replaces    hash of a refresh token that this browser brought along: its session
--                 ends, even if it belongs to another user
-- One statement: its parts depend on one another, so that the user's row is locked first and
-- the buckets last.
create function doorward.login_open(p_user uuid, p_version integer, p_name text,
	p_address inet, p_device bytea, p_old_hash text, p_new_hash text, p_refresh bytea,
	p_new_device bytea, p_replaces bytea, p_remember boolean, p_idle_seconds integer,
	p_life_seconds integer, p_token_seconds integer, p_agent text)
returns table (user_id uuid, name text, roles text, session_id uuid, sid uuid,
	opened_at bigint, ends_at bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_now timestamptz := doorward.now();
	v_key text := name_key(p_name);
	v_known boolean := false;
	v_buckets text[];
begin
	if p_device is not null then
		v_known := exists (select 1 from devices d
			where d.hash = p_device and d.user_id = p_user);
	end if;
	v_buckets := buckets(p_name, p_address, p_device, v_known);
	return query
	with allowed as (
		update users u
		set last_login_at = v_now, password_hash = case
			when p_new_hash is not null and u.password_hash = p_old_hash then p_new_hash
			else u.password_hash end
		where u.id = p_user and u.password_version = p_version and not u.disabled
			and u.name_key = v_key
		returning u.id, u.name, u.roles, u.password_hash
	), opened as (
		insert into sessions (user_id, remember, opened_at, used_at, idle, ends_at,
			tokens_until, address, agent)
		select u.id, p_remember, v_now, v_now, make_interval(secs => p_idle_seconds),
			v_now + make_interval(secs => p_life_seconds),
			v_now + make_interval(secs => p_token_seconds), p_address, p_agent
		from allowed u
		returning id, sid, opened_at, ends_at
	), refreshed as (
		insert into refresh_tokens (hash, session_id) select p_refresh, s.id from opened s
	), used as (
		update devices d set used_at = v_now from allowed u where v_known and d.hash = p_device
	), noted as (
		insert into devices
		select p_new_device, u.id, v_now, v_now from allowed u where p_new_device is not null
	), audited as (
		insert into audit (at, event, user_id, name, actor, address, session, detail)
		select v_now, 'login_ok', u.id, u.name, 'user', p_address, s.id,
			case when u.password_hash = p_new_hash then 'hash upgraded' end
		from allowed u, opened s
	), locked as materialized (
		select a.bucket from attempts a, allowed u
		where a.bucket = any(v_buckets)
		order by a.bucket
		for update of a
	), refunded as (
		update attempts a set level = greatest(0, a.level - 1)
		from locked l where a.bucket = l.bucket
	)
	select u.id, u.name, array_to_string(u.roles, ' '), s.id, s.sid,
		floor(extract(epoch from s.opened_at))::bigint,
		floor(extract(epoch from s.ends_at))::bigint
	from allowed u, opened s;
	if found and p_replaces is not null then
		perform session_stop(s.id, 'replaced')
			from (select session_id as id from refresh_tokens where hash = p_replaces) s;
	end if;
end
$$;

-- What the operator does to a user. NULL: no such user; else the number of sessions that
-- ended or were given another sid.

create function doorward.user_password(p_name text, p_hash text, p_actor text) returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_user users;
	v_count integer;
begin
	update users u set password_hash = p_hash, password_version = u.password_version + 1,
			password_at = doorward.now()
		where u.name_key = name_key(p_name)
		returning * into v_user;
	if not found then
		return null;
	end if;
	v_count := sessions_stop(v_user.id, null, 'password');
	perform audit_add('password_changed', v_user.id, v_user.name, p_actor, null, null, null);
	return v_count;
end
$$;

create function doorward.user_disable(p_name text, p_disabled boolean, p_actor text)
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_user users;
	v_count integer := 0;
begin
	update users u set disabled = p_disabled where u.name_key = name_key(p_name)
		returning * into v_user;
	if not found then
		return null;
	end if;
	if p_disabled then
		v_count := sessions_stop(v_user.id, null, 'disabled');
	end if;
	perform audit_add(case when p_disabled then 'user_disabled' else 'user_enabled' end,
		v_user.id, v_user.name, p_actor, null, null, null);
	return v_count;
end
$$;

-- Tokens with the old roles die; the sessions go on and renew into the new ones.
create function doorward.user_roles(p_name text, p_add text[], p_remove text[], p_actor text)
returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_user users;
	v_roles text[];
	v_session sessions;
	v_count integer := 0;
begin
	select * into v_user from users u where u.name_key = name_key(p_name) for update;
	if not found then
		return null;
	end if;
	select coalesce(array_agg(distinct r order by r), '{}') into v_roles
		from unnest(v_user.roles || p_add) r where r <> all(p_remove);
	if v_roles <@ v_user.roles and v_user.roles <@ v_roles then
		return 0;
	end if;
	update users u set roles = v_roles where u.id = v_user.id;
	for v_session in
		select * from sessions s where s.user_id = v_user.id and s.ended_at is null
			order by s.id for update
	loop
		perform sid_revoke(v_session.sid, v_session.tokens_until);
		update sessions s set sid = gen_random_uuid() where s.id = v_session.id;
		v_count := v_count + 1;
	end loop;
	perform audit_add('roles_changed', v_user.id, v_user.name, p_actor, null, null,
		array_to_string(v_user.roles, ' ') || ' -> ' || array_to_string(v_roles, ' '));
	return v_count;
end
$$;

create function doorward.user_sessions_end(p_name text, p_actor text) returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_user users;
	v_count integer;
begin
	select * into v_user from users u where u.name_key = name_key(p_name) for update;
	if not found then
		return null;
	end if;
	v_count := sessions_stop(v_user.id, null, 'operator');
	perform audit_add('sessions_ended', v_user.id, v_user.name, p_actor, null, null,
		v_count::text);
	return v_count;
end
$$;

insert into doorward.door values
	('login', 'login_begin'), ('login', 'login_failed'), ('login', 'login_open'),
	('admin', 'user_password'), ('admin', 'user_disable'), ('admin', 'user_roles'),
	('admin', 'user_sessions_end');
