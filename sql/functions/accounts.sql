-- What people do with their own account: see and end sessions, change the password. The caller
-- has verified an access token; p_user and p_sid are its sub and sid. A session may get another
-- sid during the request, so its id is used.

create function doorward.account_find(p_user uuid, p_sid uuid)
returns table (name text, roles text, session_id uuid, opened_at bigint, ends_at bigint,
	remember boolean, auth_time bigint, amr text, created_at bigint, password_at bigint,
	display_name text, language text, address text, address_verified boolean,
	address_wanted text, has_password boolean, factors text, factor_at bigint, tokens bigint,
	apps bigint)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select u.name, array_to_string(u.roles, ' '), s.id,
		floor(extract(epoch from s.opened_at))::bigint,
		floor(extract(epoch from s.ends_at))::bigint, s.remember,
		floor(extract(epoch from s.auth_time))::bigint, array_to_string(s.amr, ' '),
		floor(extract(epoch from u.created_at))::bigint,
		floor(extract(epoch from u.password_at))::bigint,
		u.display_name, u.language, a.address, a.verified_at is not null, address_wanted(u.id),
		u.password_hash is not null, array_to_string(factors_of(u.id), ' '),
		floor(extract(epoch from s.factor_at))::bigint, programs_count(u.id),
		oauth_apps_count(u.id)
	from users u
	join sessions s on s.user_id = u.id
	left join addresses a on a.user_id = u.id
	where u.id = p_user and s.sid = p_sid and not u.disabled and session_live(s)
$$;

create function doorward.account_sessions(p_user uuid)
returns table (id uuid, sid uuid, opened_at bigint, used_at bigint, address text, agent text,
	remember boolean, amr text, factor_at bigint)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select s.id, s.sid, floor(extract(epoch from s.opened_at))::bigint,
		floor(extract(epoch from s.used_at))::bigint, host(s.address), s.agent, s.remember,
		array_to_string(s.amr, ' '), floor(extract(epoch from s.factor_at))::bigint
	from sessions s
	where s.user_id = p_user and session_live(s)
	order by s.used_at desc
	limit 200
$$;

-- End one of the user's own sessions, by its id. False: it is not one of p_user's, or it was
-- already over.
create function doorward.account_session_end(p_user uuid, p_id uuid, p_address inet)
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_session sessions := session_lock(p_id);
begin
	if v_session.user_id is distinct from p_user then
		return false;
	end if;
	return session_stop(p_id, 'ended by user', 'user', p_address, true);
end
$$;

-- End all of the user's sessions but the one that has or had p_sid (NULL: all), and forget all
-- devices. Returns how many sessions ended, and the version for the secret of the present
-- device.
create function doorward.account_sessions_end(p_user uuid, p_sid uuid, p_address inet)
returns table (ended integer, device_version integer)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_user users;
begin
	update users u set device_version = u.device_version + 1 where u.id = p_user
		returning * into v_user;
	ended := sessions_stop(p_user, session_of(p_sid), 'ended by user');
	perform audit_add('sessions_ended', p_user, v_user.name, 'user', p_address, null,
		ended::text);
	device_version := coalesce(v_user.device_version, 0);
	return next;
end
$$;

-- To change the password, the old one is asked for. This is a try that is counted. As
-- login_begin.
create function doorward.account_password_begin(p_user uuid, p_address inet)
returns table (wait integer, name text, password_hash text, password_version integer)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_user users;
	v_try record;
begin
	select * into v_user from users u where u.id = p_user and not u.disabled;
	if not found then
		return;
	end if;
	v_try := attempt_count(array[bucket_account(p_user)]);
	if v_try.wait > 0 and v_try.first then
		perform audit_add('password_throttled', v_user.id, v_user.name, null, p_address,
			null, v_try.wait || ' s');
	end if;
	return query select v_try.wait, v_user.name, v_user.password_hash,
		v_user.password_version;
end
$$;

create function doorward.account_password_failed(p_user uuid, p_address inet) returns void
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select audit_add('password_refused', p_user, (select name from users where id = p_user),
		null, p_address, null, null)
$$;

-- The old password could not be checked: the try is not counted as a guess.
create function doorward.account_password_unjudged(p_user uuid) returns void
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select attempt_refund(array[bucket_account(p_user)])
$$;

-- The old password was right: store the new hash, end all other sessions, and forget all devices.
-- p_programs: the person wants the tokens for programs and the grants of clients to end, too;
-- otherwise those of the present session and those with offline_access go on. Returns the version
-- for the secret of the present device. NULL, and nothing is stored, if the password changed
-- since account_password_begin or the session is over.
create function doorward.account_password_end(p_user uuid, p_version integer, p_hash text,
	p_sid uuid, p_address inet, p_tell boolean, p_programs boolean) returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_user users;
	v_session uuid;
begin
	select * into v_user from users u
		where u.id = p_user and u.password_version = p_version and not u.disabled
		for update;
	if not found then
		return null;
	end if;
	select s.id into v_session from sessions s
		where s.id = session_of(p_sid) and s.user_id = p_user and session_live(s)
		for update;
	if not found then
		return null;
	end if;
	update users u set password_hash = p_hash, password_version = u.password_version + 1,
			device_version = u.device_version + 1, password_at = doorward.now()
		where u.id = p_user;
	perform sessions_stop(p_user, v_session, 'password');
	if p_programs then
		perform programs_end(p_user, null, 'password changed', 'user', p_address);
		perform oauth_grants_end(p_user, null, 'password', 'user', p_address);
	end if;
	perform attempt_refund(array[bucket_account(p_user)]);
	perform audit_add('password_changed', p_user, v_user.name, 'user', p_address, v_session,
		null);
	if p_tell then
		perform password_notice(p_user);
	end if;
	return v_user.device_version + 1;
end
$$;

insert into doorward.door (program, function) values
	('account', 'account_find'), ('account', 'account_sessions'),
	('account', 'account_session_end'), ('account', 'account_sessions_end'),
	('account', 'account_password_begin'), ('account', 'account_password_failed'),
	('account', 'account_password_unjudged'), ('account', 'account_password_end');
