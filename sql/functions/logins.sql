-- A login in two calls: begin (may it be tried? which hash is the password compared with?), and,
-- after the program has computed the hash, failed or open. Each is one atomic step.

-- The user whom the text in the field for the name means. p_by is the setting login_by: name,
-- address, or both. Only a verified address counts. A text with an @ is looked up as an address
-- first: a name with an @ is the address of its own account (name_is_own), except for names
-- that are older than this rule.
create function doorward.login_find(p_typed text, p_by text) returns uuid
language plpgsql volatile
as $$
declare
	v_key text := name_key(p_typed);
	v_user uuid;
begin
	if p_by in ('address', 'both') and strpos(v_key, '@') > 0 then
		select a.user_id into v_user from addresses a
			where a.address_key = v_key and a.verified_at is not null;
	end if;
	if v_user is null and p_by in ('name', 'both') then
		select u.id into v_user from users u where u.name_key = v_key;
	end if;
	return v_user;
end
$$;

-- Count the try and return what the password is checked against. Always one row; wait > 0
-- means: refuse without looking at the password. An unknown name has a NULL user_id and
-- takes the same path.
--   p_device           SHA-256 that tells the device from others; NULL: it brought no secret
--   p_device_user      of the secret, whose MAC the program has verified. The device is known
--   p_device_version   when both are those of the user who is named
--   p_by               by what a user is named: see login_find
--   p_need             of whom a factor is required: see factor_needed
-- factors: what must be proven besides the password (factors_of). trusted: but not by this device.
-- setup: a factor is required, and there is none.
create function doorward.login_begin(p_name text, p_address inet, p_device bytea,
	p_device_user uuid, p_device_version integer, p_by text, p_need text[])
returns table (wait integer, user_id uuid, name text, disabled boolean, password_hash text,
	password_version integer, device_known boolean, device_version integer, factors text,
	trusted boolean, setup boolean)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_id uuid := login_find(p_name, p_by);
	v_user users;
	v_first boolean;
begin
	select * into v_user from users u where u.id = v_id;
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
	factors := array_to_string(factors_of(v_user.id), ' ');
	trusted := device_known and exists (select 1 from trusted t
		where t.user_id = v_user.id and t.device = p_device
			and t.device_version = v_user.device_version and t.until > doorward.now());
	setup := v_id is not null and factors = '' and factor_needed(v_user.roles, p_need);
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

-- The password could not be checked: the try is not counted as a guess. p_device as in
-- login_open.
create function doorward.login_unjudged(p_user uuid, p_name text, p_address inet,
	p_device bytea) returns void
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select attempt_refund(buckets(p_name, p_address, p_user, p_device))
$$;

-- The seconds until one more successful login is allowed. 0: now.
create function doorward.login_wait(p_level double precision, p_at timestamptz,
	p_now timestamptz, p_throttle doorward.throttle) returns integer
language sql immutable
as $$
	select greatest(0, ceil(p_throttle.leak_seconds * (1 - p_throttle.free
		+ doorward.attempt_level(p_level, p_at, p_now, p_throttle.leak_seconds)) - 0.001))::integer
$$;

-- The same for a user, before anything is used up. A wait is audited, once.
create function doorward.login_wait_of(p_user uuid, p_address inet) returns integer
language plpgsql volatile
as $$
declare
	v_wait integer;
	v_name text;
begin
	select login_wait(u.login_level, u.last_login_at, doorward.now(), t), u.name
		into v_wait, v_name
		from users u, throttle t where u.id = p_user and t.kind = 'success';
	if v_wait > 0 then
		update users u set login_refused = true where u.id = p_user and not u.login_refused;
		if found then
			perform audit_add('login_too_often', p_user, v_name, null, p_address, null,
				v_wait || ' s');
		end if;
	end if;
	return v_wait;
end
$$;

-- Tell the user by mail that somebody, probably they themselves, has logged in with a new
-- browser. Not at their first login, and not again and again for clients that send no device
-- secret.
create function doorward.login_news(p_user uuid, p_news jsonb) returns void
language plpgsql volatile
as $$
declare
	v_mail text := address_verified(p_user);
	v_wait integer;
begin
	if v_mail is null then
		return;
	end if;
	select t.wait into v_wait from attempt_count(array[bucket_news(p_user)]) t;
	perform set_config('synchronous_commit', 'on', true); -- attempt_count turns it off
	if v_wait = 0 then
		perform outbox_add('new-browser', null, v_mail, null, p_user, p_news);
	end if;
end
$$;

-- Lock the row of the user who logs in, and of the one whose session ends for it, in one order.
create function doorward.login_lock(p_user uuid, p_replaces bytea) returns void
language plpgsql volatile
as $$
begin
	perform 1 from users u
		where u.id = p_user or u.id = (select s.user_id from refresh_tokens t
			join sessions s on s.id = t.session_id where t.hash = p_replaces)
		order by u.id
		for no key update;
end
$$;

-- The password was right: take the try back, upgrade the hash unless somebody else has,
-- open a session with its first refresh token. No row when the user was disabled, deleted
-- or given another password since login_begin: then nothing was stored.
--   p_device      of a device that login_begin knew, else NULL
--   p_new_hash    NULL: keep it
--   p_amr         by what the user has proven who they are (RFC 8176)
--   p_replaces    hash of a refresh token that this browser brought along: its session
--                 ends, even if it belongs to another user
--   p_by          as in login_begin: what was typed must still name the user. p_name NULL:
--                 that was looked at (flow_open), and no try has to be taken back
--   p_news        what the mail about a login from a new browser says (outbox_add), which the
--                 user gets whose device login_begin did not know; NULL: no such mail
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
	p_life_seconds integer, p_browser boolean, p_sessions_max integer, p_agent text,
	p_amr text[], p_by text, p_news jsonb)
returns table (wait integer, user_id uuid, name text, roles text, session_id uuid, sid uuid,
	opened_at bigint, ends_at bigint, remember boolean, auth_time bigint, amr text,
	displaced boolean, language text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_now timestamptz := doorward.now();
	v_news boolean := p_news is not null and p_device is null
		and exists (select 1 from users u where u.id = p_user and u.last_login_at is not null);
begin
	if p_replaces is not null then
		perform login_lock(p_user, p_replaces);
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
			and (p_name is null or u.id = login_find(p_name, p_by)) and t.kind = 'success'
			and login_wait(u.login_level, u.last_login_at, v_now, t) = 0
		returning u.id, u.name, u.roles, u.password_hash, u.password_version,
			u.device_version, u.language
	), opened as (
		insert into sessions (user_id, browser, remember, opened_at, auth_time, amr,
			factor_at, password_version, device_version, used_at, idle, ends_at, address, agent)
		select u.id, p_browser, p_remember, v_now, v_now, p_amr,
			case when 'mfa' = any(p_amr) then v_now end, u.password_version,
			u.device_version, v_now,
			make_interval(secs => p_idle_seconds),
			v_now + make_interval(secs => p_life_seconds), p_address, p_agent
		from allowed u
		returning id, sid, opened_at, ends_at, auth_time, amr
	), refreshed as (
		insert into refresh_tokens (hash, session_id) select p_refresh, s.id from opened s
	), audited as (
		insert into audit (at, event, user_id, name, actor, address, session, detail)
		select v_now, 'login_ok', u.id, u.name, 'user', p_address, s.id,
			'by ' || array_to_string(p_amr, ' ')
				|| case when u.password_hash = p_new_hash then ', hash upgraded' else '' end
		from allowed u, opened s
	)
	select 0, u.id, u.name, array_to_string(u.roles, ' '), s.id, s.sid,
		floor(extract(epoch from s.opened_at))::bigint,
		floor(extract(epoch from s.ends_at))::bigint,
		floor(extract(epoch from s.auth_time))::bigint, array_to_string(s.amr, ' '),
		u.language
	into wait, user_id, name, roles, session_id, sid, opened_at, ends_at, auth_time, amr,
		language
	from allowed u, opened s;
	if found then
		remember := p_remember;
		displaced := sessions_trim(p_user, p_browser, p_sessions_max) > 0;
		if p_replaces is not null then
			perform session_stop(t.session_id, 'replaced', 'user', p_address, true)
				from refresh_tokens t where t.hash = p_replaces;
			displaced := displaced or found; -- also when it was over: who knows if they heard
		end if;
		if p_name is not null then
			perform attempt_refund(buckets(p_name, p_address, p_user, p_device));
		end if;
		if v_news then
			perform login_news(p_user, p_news);
		end if;
		return next;
		return;
	end if;
	select greatest(1, login_wait(u.login_level, u.last_login_at, v_now, t)), u.name
		into wait, name
		from users u, throttle t
		where u.id = p_user and u.password_version = p_version and not u.disabled
			and (p_name is null or u.id = login_find(p_name, p_by)) and t.kind = 'success'
		for no key update of u;
	if not found then
		return;
	end if;
	update users u set login_refused = true where u.id = p_user and not u.login_refused;
	if found then
		perform audit_add('login_too_often', p_user, name, null, p_address, null,
			wait || ' s');
	end if;
	if p_name is not null then
		perform attempt_refund(buckets(p_name, p_address, p_user, p_device));
	end if;
	name := null;
	return next;
end
$$;

insert into doorward.door (program, function) values
	('login', 'login_begin'), ('login', 'login_failed'), ('login', 'login_unjudged'),
	('login', 'login_open');
