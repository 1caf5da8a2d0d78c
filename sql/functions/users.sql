-- Users: added, listed and changed by the operator.

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

-- A name with an @ is an address. Only the account that has verified it may have that name.
create function doorward.name_is_own(p_name text, p_verified_address text) returns boolean
language sql volatile
as $$
	select strpos(name_key(p_name), '@') = 0
		or coalesce(name_key(p_name) = address_key(p_verified_address), false)
$$;

-- A new user, with an address or without (NULL). outcome, and nothing was stored but with ok:
--   ok
--   taken          the name is another's
--   given up       it was another's (003)
--   not own        it has an @ and is not the address, or that is not verified
--   address taken  another account has proved that it is theirs
create function doorward.user_enter(p_name text, p_roles text[], p_hash text, p_mail text,
	p_verified boolean, p_actor text)
returns table (outcome text, user_id uuid)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_id uuid;
begin
	outcome := case
		when exists (select 1 from users u where u.name_key = name_key(p_name)) then 'taken'
		when name_is_given_up(p_name) then 'given up'
		when not name_is_own(p_name, case when p_verified then p_mail end) then 'not own'
		else 'ok' end;
	if outcome = 'ok' then
		begin
			insert into users (name, roles, password_hash, password_at, created_at)
				values (p_name, p_roles, p_hash, doorward.now(), doorward.now())
				returning id into v_id;
			if p_mail is not null and not address_put(v_id, p_mail, p_verified) then
				raise unique_violation using constraint = 'addresses_verified';
			end if;
			perform audit_add('user_added', v_id, p_name, p_actor, null, null,
				array_to_string(p_roles, ' '));
			user_id := v_id;
		exception when unique_violation then
			get stacked diagnostics outcome = constraint_name;
			outcome := case outcome when 'addresses_verified' then 'address taken'
				else 'taken' end;
		end;
	end if;
	return next;
end
$$;

-- The same for SQL that is pasted (`doorward db script`): an error if the name is taken or not
-- own, NULL if it was given up.
create function doorward.user_add(p_name text, p_roles text[], p_hash text, p_actor text)
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_outcome text;
	v_id uuid;
begin
	select e.outcome, e.user_id into v_outcome, v_id
		from user_enter(p_name, p_roles, p_hash, null, false, p_actor) e;
	if v_outcome not in ('ok', 'given up') then
		raise unique_violation using constraint = 'users_name_unique',
			message = 'the name is ' || v_outcome;
	end if;
	return v_id;
end
$$;

-- For the operator: one user, or with NULL all of them, by name.
create function doorward.user_list(p_name text)
returns table (id uuid, name text, roles text, disabled boolean, has_password boolean,
	created_at bigint, last_login_at bigint, address text, address_verified boolean)
language sql stable security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select u.id, u.name, array_to_string(u.roles, ' '), u.disabled,
		u.password_hash is not null, floor(extract(epoch from u.created_at))::bigint,
		floor(extract(epoch from u.last_login_at))::bigint, a.address,
		a.verified_at is not null
	from users u left join addresses a on a.user_id = u.id
	where p_name is null or u.name_key = name_key(p_name)
	order by u.name_key
$$;

-- Does a login as this user from an unknown device have to wait?
create function doorward.user_throttled(p_user uuid) returns boolean
language sql volatile
as $$
	select exists (select 1 from attempts t join throttle k on k.kind = 'name'
		where t.bucket = bucket_user(p_user)
			and ceil(attempt_level(t.level, t.at, doorward.now(), k.leak_seconds)) >= k.free)
$$;

-- Everything about one user, without the password's hash. address_wanted: an address that they
-- asked for and have not verified yet. throttled: a login as them from an unknown device has to
-- wait. tokens: how many tokens for programs live. apps: how many clients (oauth_apps).
create function doorward.user_show(p_name text)
returns table (id uuid, name text, display_name text, roles text, disabled boolean,
	address text, address_verified_at bigint, address_wanted text, language text,
	created_at bigint, password_at bigint, last_login_at bigint, sessions bigint,
	throttled boolean, tokens bigint, apps bigint)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select u.id, u.name, u.display_name, array_to_string(u.roles, ' '), u.disabled,
		a.address, floor(extract(epoch from a.verified_at))::bigint,
		address_wanted(u.id), u.language,
		floor(extract(epoch from u.created_at))::bigint,
		case when u.password_hash is not null
			then floor(extract(epoch from u.password_at))::bigint end,
		floor(extract(epoch from u.last_login_at))::bigint,
		(select count(*) from sessions s where s.user_id = u.id and session_live(s)),
		user_throttled(u.id), programs_count(u.id), oauth_apps_count(u.id)
	from users u left join addresses a on a.user_id = u.id
	where u.name_key = name_key(p_name)
$$;

-- What the operator does to a user. NULL: no such user. Otherwise the number of sessions that
-- ended or got another sid.

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
	perform programs_end(v_user.id, null, 'password changed', p_actor, null);
	perform oauth_grants_end(v_user.id, null, 'password', p_actor, null);
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
		perform programs_end(v_user.id, null, 'user disabled', p_actor, null);
		perform oauth_grants_end(v_user.id, null, 'disabled', p_actor, null);
		delete from links l where l.user_id = v_user.id;
		delete from flows f where f.user_id = v_user.id;
	end if;
	perform audit_add(case when p_disabled then 'user_disabled' else 'user_enabled' end,
		v_user.id, v_user.name, p_actor, null, null, null);
	return v_count;
end
$$;

-- Tokens with the old roles are revoked. The sessions go on and renew. Tokens for programs end if
-- they carry a role that was taken, and grants of clients if the client asks for it.
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
	perform programs_end(v_user.id, v_roles, 'role taken', p_actor, null);
	perform oauth_roles_changed(v_user.id, v_roles, p_actor);
	perform audit_add('roles_changed', v_user.id, v_user.name, p_actor, null, null,
		array_to_string(v_user.roles, ' ') || ' -> ' || array_to_string(v_roles, ' '));
	return v_count;
end
$$;

-- Give another name to a user whose row is locked. Tokens for programs contain the old name and
-- end. Returns how many sessions have to renew.
create function doorward.user_name_put(p_user doorward.users, p_new text, p_actor text)
returns integer
language plpgsql volatile
as $$
declare
	v_count integer;
begin
	update users u set name = p_new where u.id = p_user.id;
	if p_user.name_key <> name_key(p_new) then
		perform name_give_up(p_user.name);
		delete from names_given_up n where n.hash = name_hash(p_new); -- it is in use
	end if;
	v_count := sessions_change_sid(p_user.id);
	perform programs_end(p_user.id, null, 'user renamed', p_actor, null);
	perform audit_add('user_renamed', p_user.id, p_new, p_actor, null, null,
		p_user.name || ' -> ' || p_new);
	return v_count;
end
$$;

-- Tokens with the old name are revoked, as for roles. outcome: ok, missing (there is no such
-- user), or what user_enter says of the new name. Nothing is stored unless it is ok.
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
		when not name_is_own(p_new, address_verified(v_user.id)) then 'not own'
		else 'ok' end;
	if outcome = 'ok' and v_user.name <> p_new then
		sessions := user_name_put(v_user, p_new, p_actor);
	end if;
	return next;
end
$$;

-- Delete everything about a user whose row is locked, except the audit, whose rows contain the
-- id, and the hash of the name. Sessions, tokens for programs and grants of clients end first, so
-- that they are revoked. Returns how many sessions ended.
create function doorward.user_remove(p_user doorward.users, p_actor text) returns integer
language plpgsql volatile
as $$
declare
	v_count integer := sessions_stop(p_user.id, null, 'deleted');
begin
	perform programs_end(p_user.id, null, 'user deleted', p_actor, null);
	perform oauth_grants_end(p_user.id, null, 'deleted', p_actor, null);
	delete from users u where u.id = p_user.id;
	delete from attempts a where a.bucket = any(attempts_of(p_user.id));
	delete from attempts a where a.bucket = bucket_name(p_user.name);
	perform name_give_up(p_user.name);
	return v_count;
end
$$;

-- p_blank: the audit forgets the user's name, too (audit_blank).
create function doorward.user_delete(p_name text, p_blank boolean, p_actor text)
returns integer
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
	v_count := user_remove(v_user, p_actor);
	if p_blank then
		perform audit_blank(v_user.id);
	end if;
	perform audit_add('user_deleted', v_user.id,
		case when not p_blank then v_user.name end, p_actor, null, null, null);
	return v_count;
end
$$;

-- End all sessions and forget all devices.
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

-- For the operator: allow tries for this account again at once, except from addresses that have
-- to wait themselves. False: no such user.
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
	delete from attempts a where a.bucket = any(attempts_of(v_user.id));
	delete from attempts where bucket = bucket_name(p_name);
	perform audit_add('user_unlocked', v_user.id, v_user.name, p_actor, null, null, null);
	return true;
end
$$;

insert into doorward.door (program, function) values
	('admin', 'user_enter'), ('admin', 'user_list'), ('admin', 'user_show'), ('admin', 'user_password'),
	('admin', 'user_disable'), ('admin', 'user_roles'), ('admin', 'user_rename'),
	('admin', 'user_delete'), ('admin', 'user_sessions_end'), ('admin', 'user_unlock');
