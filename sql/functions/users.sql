-- The users: added and listed by the operator, and what the operator does to one.

create function doorward.name_hash(p_name text) returns bytea
language plpgsql immutable
as $$
begin
	return sha256(convert_to(doorward.name_key(p_name), 'UTF8'));
end
$$;

create function doorward.name_give_up(p_name text) returns void
language plpgsql volatile
as $$
begin
	insert into names_given_up as n values (name_hash(p_name), doorward.now() + interval '90 days')
		on conflict (hash) do update set until = greatest(n.until, excluded.until);
end
$$;

create function doorward.name_is_given_up(p_name text) returns boolean
language plpgsql volatile
as $$
begin
	return exists (select 1 from names_given_up n
		where n.hash = name_hash(p_name) and n.until > doorward.now());
end
$$;

-- NULL: the name was given up, and nothing was stored.
create function doorward.user_add(p_name text, p_roles text[], p_hash text, p_actor text)
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_id uuid;
begin
	if name_is_given_up(p_name) then
		return null;
	end if;
	insert into users (name, roles, password_hash, password_at, created_at)
	values (p_name, p_roles, p_hash, doorward.now(), doorward.now())
	returning id into v_id;
	perform audit_add('user_added', v_id, p_name, p_actor, null, null,
		array_to_string(p_roles, ' '));
	return v_id;
end
$$;

-- For the operator: one user, or with NULL all of them, by name.
create function doorward.user_list(p_name text)
returns table (id uuid, name text, roles text, disabled boolean, has_password boolean,
	created_at bigint, last_login_at bigint)
language sql stable security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select u.id, u.name, array_to_string(u.roles, ' '), u.disabled,
		u.password_hash is not null, floor(extract(epoch from u.created_at))::bigint,
		floor(extract(epoch from u.last_login_at))::bigint
	from users u
	where p_name is null or u.name_key = name_key(p_name)
	order by u.name_key
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
		delete from links l where l.user_id = v_user.id;
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

-- All sessions end, and no device is known any more.
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

-- For the operator: let this account be tried again at once, from anywhere that is not
-- itself throttled. False: no such user.
create function doorward.user_unlock(p_name text, p_actor text) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_user users;
begin
	update users u set login_level = 0 where u.name_key = name_key(p_name)
		returning * into v_user;
	if not found then
		delete from attempts where bucket = bucket_name(p_name);
		if found then
			perform audit_add('user_unlocked', null, null, p_actor, null, null,
				'a name that nobody has');
		end if;
		return false;
	end if;
	delete from attempts a
		where a.bucket >= bucket_device(v_user.id, '')
			and a.bucket < 'device:' || v_user.id || ';'; -- the character after the colon
	delete from attempts where bucket = bucket_name(p_name);
	perform audit_add('user_unlocked', v_user.id, v_user.name, p_actor, null, null, null);
	return true;
end
$$;

insert into doorward.door (program, function) values
	('admin', 'user_add'), ('admin', 'user_list'), ('admin', 'user_password'),
	('admin', 'user_disable'), ('admin', 'user_roles'), ('admin', 'user_rename'),
	('admin', 'user_delete'), ('admin', 'user_sessions_end'), ('admin', 'user_unlock');
