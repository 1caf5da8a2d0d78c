-- A login in two calls: begin (may it be tried? with what does it compare?) and, once the
-- program has computed the hash, failed or open. Each is one atomic step.

-- Count the try and return what the password is checked against. Always one row; wait > 0
-- means: refuse without looking at the password. An unknown name has a NULL user_id and
-- takes the same path.
--   p_device           SHA-256 that tells the device from others; NULL: it brought no secret
--   p_device_user      of the secret, whose MAC the program has verified. The device is known
--   p_device_version   when both are those of the user who is named
create function doorward.login_begin(p_name text, p_address inet, p_device bytea,
	p_device_user uuid, p_device_version integer)
returns table (wait integer, user_id uuid, name text, disabled boolean, password_hash text,
	password_version integer, device_known boolean, device_version integer)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_user users;
	v_first boolean;
begin
	select * into v_user from users u where u.name_key = name_key(p_name);
	device_known := coalesce(p_device is not null and p_device_user = v_user.id
		and p_device_version = v_user.device_version, false);
	select t.wait, t.first into wait, v_first
		from attempt_count(buckets(p_name, p_address, v_user.id,
			case when device_known then p_device end)) t;
	if wait > 0 and v_first then
		perform audit_add('login_throttled', v_user.id, v_user.name, null, p_address, null,
			wait || ' s');
	end if;
	user_id := v_user.id;
	name := v_user.name;
	disabled := coalesce(v_user.disabled, true);
	password_hash := v_user.password_hash;
	password_version := coalesce(v_user.password_version, 0);
	device_version := coalesce(v_user.device_version, 0);
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

-- The password could not be looked at: the try counts as nobody's guess. p_device as in
-- login_open.
create function doorward.login_unjudged(p_user uuid, p_name text, p_address inet,
	p_device bytea) returns void
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select attempt_refund(buckets(p_name, p_address, p_user, p_device))
$$;

-- The seconds until one more successful login has its place; 0: now.
create function doorward.login_wait(p_level double precision, p_at timestamptz,
	p_now timestamptz, p_throttle doorward.throttle) returns integer
language sql immutable
as $$
	select greatest(0, ceil(p_throttle.leak_seconds * (1 - p_throttle.free
		+ doorward.attempt_level(p_level, p_at, p_now, p_throttle.leak_seconds)) - 0.001))::integer
$$;

-- The password was right: take the try back, upgrade the hash unless somebody else has,
-- open a session with its first refresh token. No row when the user was disabled, deleted
-- or given another password since login_begin: then nothing was stored.
--   p_device      of a device that login_begin knew, else NULL
--   p_new_hash    NULL: keep it
--   p_replaces    hash of a refresh token that this browser brought along: its session
--                 ends, even if it belongs to another user
--   p_sessions_max of the same kind (p_browser): beyond that the one unused longest ends
-- displaced: a session ended for this one, and the verifiers must hear of it.
-- The order of locks is the users' rows, then sessions, then buckets.
--
-- A row with wait > 0 and nothing else: too many logins of this user, however right the
-- password was. That is judged here and not in login_begin for three reasons: the count is
-- exact, however many logins are under way; only who knows the password learns of it; and
-- nobody else can use it to keep the user out. It costs the hash, which is what the slots are
-- for. The bucket drains evenly: the wait is the time until one more login has its place.
create function doorward.login_open(p_user uuid, p_version integer, p_name text,
	p_address inet, p_device bytea, p_old_hash text, p_new_hash text, p_refresh bytea,
	p_replaces bytea, p_remember boolean, p_idle_seconds integer,
	p_life_seconds integer, p_browser boolean, p_sessions_max integer, p_agent text)
returns table (wait integer, user_id uuid, name text, roles text, session_id uuid, sid uuid,
	opened_at bigint, ends_at bigint, displaced boolean)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_now timestamptz := doorward.now();
	v_key text := name_key(p_name);
begin
	if p_replaces is not null then
		perform 1 from users u
			where u.id = p_user or u.id = (select s.user_id from refresh_tokens t
				join sessions s on s.id = t.session_id where t.hash = p_replaces)
			order by u.id
			for no key update;
	end if;
	with allowed as (
		update users u
		set last_login_at = v_now, login_refused = false,
			login_level = 1 + attempt_level(u.login_level, u.last_login_at, v_now,
				t.leak_seconds),
			password_hash = case
				when p_new_hash is not null and u.password_hash = p_old_hash then p_new_hash
				else u.password_hash end
		from throttle t
		where u.id = p_user and u.password_version = p_version and not u.disabled
			and u.name_key = v_key and t.kind = 'success'
			and login_wait(u.login_level, u.last_login_at, v_now, t) = 0
		returning u.id, u.name, u.roles, u.password_hash
	), opened as (
		insert into sessions (user_id, browser, remember, opened_at, used_at, idle, ends_at,
			address, agent)
		select u.id, p_browser, p_remember, v_now, v_now,
			make_interval(secs => p_idle_seconds),
			v_now + make_interval(secs => p_life_seconds), p_address, p_agent
		from allowed u
		returning id, sid, opened_at, ends_at
	), refreshed as (
		insert into refresh_tokens (hash, session_id) select p_refresh, s.id from opened s
	), audited as (
		insert into audit (at, event, user_id, name, actor, address, session, detail)
		select v_now, 'login_ok', u.id, u.name, 'user', p_address, s.id,
			case when u.password_hash = p_new_hash then 'hash upgraded' end
		from allowed u, opened s
	)
	select 0, u.id, u.name, array_to_string(u.roles, ' '), s.id, s.sid,
		floor(extract(epoch from s.opened_at))::bigint,
		floor(extract(epoch from s.ends_at))::bigint
	into wait, user_id, name, roles, session_id, sid, opened_at, ends_at
	from allowed u, opened s;
	if found then
		displaced := sessions_trim(p_user, p_browser, p_sessions_max) > 0;
		if p_replaces is not null then
			perform session_stop(t.session_id, 'replaced')
				from refresh_tokens t where t.hash = p_replaces;
			displaced := displaced or found; -- also when it was over: who knows if they heard
		end if;
		perform attempt_refund(buckets(p_name, p_address, p_user, p_device));
		return next;
		return;
	end if;
	select greatest(1, login_wait(u.login_level, u.last_login_at, v_now, t)), u.name
		into wait, name
		from users u, throttle t
		where u.id = p_user and u.password_version = p_version and not u.disabled
			and u.name_key = v_key and t.kind = 'success'
		for no key update of u;
	if not found then
		return;
	end if;
	update users u set login_refused = true where u.id = p_user and not u.login_refused;
	if found then
		perform audit_add('login_too_often', p_user, name, null, p_address, null,
			wait || ' s');
	end if;
	perform attempt_refund(buckets(p_name, p_address, p_user, p_device));
	name := null;
	return next;
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
			device_version = u.device_version + 1, password_at = doorward.now()
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
	update users u set disabled = p_disabled,
			device_version = u.device_version + p_disabled::integer
		where u.name_key = name_key(p_name)
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
	v_count integer;
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
	v_count := sessions_change_sid(v_user.id);
	perform audit_add('roles_changed', v_user.id, v_user.name, p_actor, null, null,
		array_to_string(v_user.roles, ' ') || ' -> ' || array_to_string(v_roles, ' '));
	return v_count;
end
$$;

-- All sessions, and all devices that were known.
-- Tokens with the old name die, as those with old roles. outcome: ok, missing (there is no
-- such user), taken, or given up (the new name, see 003); nothing was stored but with ok.
create function doorward.user_rename(p_name text, p_new text, p_actor text)
returns table (outcome text, sessions integer)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_user users;
begin
	select * into v_user from users u where u.name_key = name_key(p_name) for update;
	outcome := case
		when v_user.id is null then 'missing'
		when v_user.name_key = name_key(p_new) then 'ok' -- other capitals
		when exists (select 1 from users u where u.name_key = name_key(p_new)) then 'taken'
		when name_is_given_up(p_new) then 'given up'
		else 'ok' end;
	if outcome = 'ok' and v_user.name <> p_new then
		update users u set name = p_new where u.id = v_user.id;
		if v_user.name_key <> name_key(p_new) then
			perform name_give_up(v_user.name);
			delete from attempts a where a.bucket = bucket_name(v_user.name);
		end if;
		sessions := sessions_change_sid(v_user.id);
		perform audit_add('user_renamed', v_user.id, p_new, p_actor, null, null,
			v_user.name || ' -> ' || p_new);
	end if;
	return next;
end
$$;

-- Everything that is kept about a user goes, but for the audit, whose rows name the lasting
-- id, and for the hash of the name. Sessions end first, so that their tokens die.
create function doorward.user_delete(p_name text, p_actor text) returns integer
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
	v_count := sessions_stop(v_user.id, null, 'deleted');
	delete from users u where u.id = v_user.id;
	delete from attempts a where a.bucket = bucket_name(v_user.name)
		or a.bucket >= bucket_device(v_user.id, '')
			and a.bucket < 'device:' || v_user.id || ';'; -- the character after the colon
	perform name_give_up(v_user.name);
	perform audit_add('user_deleted', v_user.id, v_user.name, p_actor, null, null, null);
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
	update users u set device_version = u.device_version + 1
		where u.name_key = name_key(p_name)
		returning * into v_user;
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
	('login', 'login_unjudged'),
	('admin', 'user_password'), ('admin', 'user_disable'), ('admin', 'user_roles'),
	('admin', 'user_sessions_end'), ('admin', 'user_rename'), ('admin', 'user_delete');
