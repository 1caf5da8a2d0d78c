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
	v_known boolean;
	v_try record;
begin
	select * into v_user from users u where u.name_key = name_key(p_name);
	v_known := exists (select 1 from devices d
		where d.hash = p_device and d.user_id = v_user.id);
	v_try := attempt_count(buckets(p_name, p_address, p_device, v_known));
	if v_try.wait > 0 and v_try.first then
		perform audit_add('login_throttled', v_user.id, v_user.name, null, p_address, null,
			v_try.wait || ' s');
	end if;
	return query select v_try.wait, v_user.id, v_user.name, coalesce(v_user.disabled, true),
		v_user.password_hash, coalesce(v_user.password_version, 0),
		v_known;
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
--                 ends, whoever's it was
create function doorward.login_open(p_user uuid, p_version integer, p_name text, p_address inet,
	p_device bytea, p_old_hash text, p_new_hash text, p_refresh bytea, p_new_device bytea,
	p_replaces bytea, p_remember boolean, p_idle_seconds integer, p_life_seconds integer,
	p_token_seconds integer, p_agent text)
returns table (user_id uuid, name text, roles text, session_id uuid, sid uuid,
	opened_at bigint, ends_at bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_now timestamptz := doorward.now();
	v_known boolean := exists (select 1 from devices d
		where d.hash = p_device and d.user_id = p_user);
	v_user users;
	v_session sessions;
begin
	update users u
		set last_login_at = v_now, password_hash = case
			when p_new_hash is not null and u.password_hash = p_old_hash then p_new_hash
			else u.password_hash end
		where u.id = p_user and u.password_version = p_version and not u.disabled
			and u.name_key = name_key(p_name)
		returning * into v_user;
	if not found then
		return;
	end if;
	perform session_stop(s.id, 'replaced')
		from (select session_id as id from refresh_tokens where hash = p_replaces) s;
	insert into sessions (user_id, remember, opened_at, used_at, idle, ends_at, tokens_until,
			address, agent)
		values (p_user, p_remember, v_now, v_now, make_interval(secs => p_idle_seconds),
			v_now + make_interval(secs => p_life_seconds),
			v_now + make_interval(secs => p_token_seconds), p_address, p_agent)
		returning * into v_session;
	insert into refresh_tokens (hash, session_id) values (p_refresh, v_session.id);
	if v_known then
		update devices d set used_at = v_now where d.hash = p_device;
	end if;
	if p_new_device is not null then
		insert into devices values (p_new_device, p_user, v_now, v_now);
	end if;
	perform attempt_refund(buckets(p_name, p_address, p_device, v_known));
	perform audit_add('login_ok', v_user.id, v_user.name, 'user', p_address, v_session.id,
		case when v_user.password_hash = p_new_hash then 'hash upgraded' end);
	return query select v_user.id, v_user.name, array_to_string(v_user.roles, ' '),
		v_session.id, v_session.sid, floor(extract(epoch from v_session.opened_at))::bigint,
		floor(extract(epoch from v_session.ends_at))::bigint;
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
