-- A login writes to six tables. What that costs beside the hash of the password is made
-- small here; what it does is as before.

-- PostgreSQL parses and plans the body of an SQL function again in every statement that uses
-- it, unless it can put the body in the function's place. It cannot where a strict function
-- makes something of NULL, nor where an immutable one calls convert_to(); a body in PL/pgSQL
-- is planned once in a connection.

-- Of a name in plain ASCII nothing but capitals changes: the long table is for the others.
alter function doorward.name_key(text) rename to name_key_wide;
create function doorward.name_key(name text) returns text
language sql immutable parallel safe
as $$
	select case when octet_length(name) = char_length(name)
		then lower(btrim(name) collate "C")
		else doorward.name_key_wide(name) end
$$;

create or replace function doorward.bucket_name(p_name text) returns text
language plpgsql immutable
as $$
begin
	return 'name:' || encode(sha256(convert_to(coalesce(doorward.name_key(p_name), ''), 'UTF8')),
		'hex');
end
$$;

create or replace function doorward.buckets(p_name text, p_address inet, p_device bytea,
	p_known boolean) returns text[]
language plpgsql immutable
as $$
begin
	if p_known then
		return array['device:' || encode(p_device, 'hex')];
	end if;
	return array[doorward.bucket_address(p_address), doorward.bucket_name(p_name)];
end
$$;

-- Every update of a row asks all check constraints of its table, whatever it changes, and a
-- login changes the time of the last one. A trigger can be for the columns that it is about.
-- Before an insert, so that a name that is too long gets no further; after an update, since
-- any trigger before one has the generated column computed each time.
create function doorward.users_refuse() returns trigger
language plpgsql
set search_path = pg_catalog, doorward, pg_temp
as $$
begin
	raise exception using errcode = 'check_violation', table = 'users', schema = 'doorward',
		constraint = tg_name, message = 'the user''s name or roles are not valid';
end
$$;
create trigger users_name_check before insert on doorward.users
	for each row when (not doorward.name_valid(new.name))
	execute function doorward.users_refuse();
create trigger users_roles_check before insert on doorward.users
	for each row when (not doorward.roles_valid(new.roles))
	execute function doorward.users_refuse();
create trigger users_new_name_check after update of name on doorward.users
	for each row when (not doorward.name_valid(new.name))
	execute function doorward.users_refuse();
create trigger users_new_roles_check after update of roles on doorward.users
	for each row when (not doorward.roles_valid(new.roles))
	execute function doorward.users_refuse();
alter table doorward.users drop constraint users_name_check, drop constraint users_roles_check;

-- As in 004, in one statement where the buckets are there already.
create or replace function doorward.attempt_count(p_buckets text[], out wait integer,
	out first boolean)
language plpgsql volatile
as $$
declare
	v_unused text;
	v_found integer;
begin
	-- a count that a crash of the server loses is not worth waiting for the disk
	v_unused := set_config('synchronous_commit', 'off', true);
	for v_round in 1 .. 3 loop
		with locked as materialized (
			select a.bucket, a.level, a.at, a.refused, t.free, t.leak_seconds, t.max_wait
			from attempts a join throttle t on t.kind = split_part(a.bucket, ':', 1)
			where a.bucket = any(p_buckets)
			order by a.bucket
			for update of a
		), timed as materialized ( -- the clock after the lock: others may have counted meanwhile
			select l.*, doorward.now() as now from locked l
		), leaked as materialized (
			select t.*, attempt_level(t.level, t.at, t.now, t.leak_seconds) as now_level
			from timed t
		), judged as materialized (
			select count(*)::integer as found, bool_and(l.refused = 0) as first,
				ceil(max(case
					when ceil(l.now_level) < l.free then 0
					else least(power(2, least(l.now_level - l.free, 30)), l.max_wait)
						- greatest(extract(epoch from l.now - l.at)::float8, 0)
				end))::integer as wait
			from leaked l
		), counted as (
			update attempts a
			set level = l.now_level + 1, at = l.now, refused = 0
			from leaked l, judged j
			where a.bucket = l.bucket and j.found = cardinality(p_buckets) and j.wait <= 0
		)
		select j.found, j.wait, j.first into v_found, wait, first from judged j;
		exit when v_found = cardinality(p_buckets);
		insert into attempts (bucket, level, at)
			select b, 0, doorward.now() from unnest(p_buckets) b order by b
			on conflict do nothing;
	end loop;
	if v_found is distinct from cardinality(p_buckets) then
		raise exception using errcode = 'serialization_failure',
			message = 'the attempts could not be counted';
	end if;
	if wait > 0 then
		update attempts set refused = refused + 1 where bucket = any(p_buckets) and level > 0;
		delete from attempts where bucket = any(p_buckets) and level = 0;
		return;
	end if;
	wait := 0;
end
$$;

-- As in 006, with two statements less.
create or replace function doorward.login_begin(p_name text, p_address inet, p_device bytea)
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

-- As in 006, in one statement. Its parts run in the order in which they hang together: the
-- user's row is locked first, the buckets last.
create or replace function doorward.login_open(p_user uuid, p_version integer, p_name text,
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
