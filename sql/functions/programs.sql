-- Tokens for programs: made, listed and ended. The program signs a token first and stores its row
-- then, so a token that nobody may have is never shown. The order of locks is the user's row,
-- then the rows of tokens.

-- Can the token still be believed?
create function doorward.program_live(p_program doorward.programs) returns boolean
language sql volatile
as $$
	select p_program.ended_at is null and p_program.expires_at > doorward.now()
$$;

create function doorward.programs_count(p_user uuid) returns bigint
language sql volatile
as $$
	select count(*) from programs p where p.user_id = p_user and program_live(p)
$$;

-- ---- ending ----

-- End one. Its sid is revoked until a login's reach after it would have expired, which is what
-- sid_reach promises the revocation file. p_why goes into the audit. The caller has checked that
-- it may do this, and holds the lock of the user's row. False: it was over, or there is none.
create function doorward.program_stop(p_id uuid, p_why text, p_actor text, p_address inet)
returns boolean
language plpgsql volatile
as $$
declare
	v_program programs;
begin
	update programs p set ended_at = doorward.now()
		where p.id = p_id and p.ended_at is null
		returning * into v_program;
	if not found then
		return false;
	end if;
	perform sid_revoke_until(p_id, null, v_program.expires_at + sid_reach('login'));
	perform audit_add('token_ended', v_program.user_id,
		(select u.name from users u where u.id = v_program.user_id), p_actor, p_address, p_id,
		p_why || ': ' || v_program.label);
	return true;
end
$$;

-- End those of a user that carry a role which is not one of p_roles; NULL: all of them. For
-- whatever takes from the user what the tokens say, in the same transaction. Returns how many;
-- the verifiers must be told (revocation_list). The caller holds the lock of the user's row.
create function doorward.programs_end(p_user uuid, p_roles text[], p_why text, p_actor text,
	p_address inet) returns integer
language plpgsql volatile
as $$
declare
	v_id uuid;
	v_count integer := 0;
begin
	for v_id in
		select p.id from programs p
		where p.user_id = p_user and program_live(p)
			and (p_roles is null or not p.roles <@ p_roles)
		order by p.created_at, p.id
		for update
	loop
		perform program_stop(v_id, p_why, p_actor, p_address);
		v_count := v_count + 1;
	end loop;
	return v_count;
end
$$;

-- Lock the row of the user whose token it is, and then its own. All NULL: there is none.
create function doorward.program_lock(p_id uuid) returns doorward.programs
language plpgsql volatile
as $$
declare
	v_program programs;
begin
	perform 1 from users u
		where u.id = (select p.user_id from programs p where p.id = p_id)
		for no key update;
	select * into v_program from programs p where p.id = p_id for update;
	return v_program;
end
$$;

-- One of p_user's own. False: it is not, or it was over.
create function doorward.program_end(p_user uuid, p_id uuid, p_address inet) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_program programs := program_lock(p_id);
begin
	if v_program.user_id is distinct from p_user then
		return false;
	end if;
	return program_stop(p_id, 'by the person', 'user', p_address);
end
$$;

-- For the operator. NULL: there is no such token. False: it was over.
create function doorward.program_end_any(p_id uuid, p_actor text) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_program programs := program_lock(p_id);
begin
	if v_program.id is null then
		return null;
	end if;
	return program_stop(p_id, 'by the operator', p_actor, null);
end
$$;

-- For the operator: all of a user. NULL: there is no such user. Else how many.
create function doorward.program_end_user(p_name text, p_actor text) returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_user uuid;
begin
	select u.id into v_user from users u where u.name_key = name_key(p_name)
		for no key update;
	if v_user is null then
		return null;
	end if;
	return programs_end(v_user, null, 'by the operator', p_actor, null);
end
$$;

-- ---- making ----

create function doorward.bucket_program(p_user uuid) returns text
language sql immutable
as $$
	select 'program:' || p_user
$$;

-- Store the row of a token that was signed for a user whose row is locked. p_more: what else the
-- audit says of it. outcome:
--   ok
--   changed  the user has another name by now, or has not all of these roles
--   label    that is no name for a token
--   full     there are a hundred already that have neither ended nor expired
create function doorward.program_put(p_user doorward.users, p_name text, p_id uuid,
	p_label text, p_roles text[], p_prefix text, p_expires bigint, p_more text, p_actor text,
	p_address inet, p_tell boolean) returns text
language plpgsql volatile
as $$
declare
	v_what text := concat_ws(' ', p_label, 'roles=' || array_to_string(p_roles, ','),
		'prefix=' || p_prefix, 'expires=' || to_char(to_timestamp(p_expires)
			at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), p_more);
begin
	if p_user.name <> p_name or not p_roles <@ p_user.roles then
		return 'changed';
	elsif not coalesce(program_label_valid(p_label), false) then
		return 'label';
	elsif programs_count(p_user.id) >= 100 then
		return 'full';
	end if;
	insert into programs (id, user_id, label, roles, prefix, created_at, expires_at)
		values (p_id, p_user.id, p_label, p_roles, p_prefix, doorward.now(),
			to_timestamp(p_expires));
	perform audit_add('token_made', p_user.id, p_user.name, p_actor, p_address, p_id, v_what);
	if p_tell then
		perform factor_notice(p_user.id, 'token-made', jsonb_strip_nulls(jsonb_build_object(
			'label', p_label, 'roles', array_to_string(p_roles, ' '), 'prefix', p_prefix,
			'expires', p_expires)));
	end if;
	return 'ok';
end
$$;

-- What a token of the person can say, and whether one may be made: the session of a verified
-- access token. No row: it is over.
create function doorward.program_look(p_user uuid, p_sid uuid)
returns table (name text, roles text, disabled boolean, factors text, auth_time bigint,
	factor_at bigint)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select u.name, array_to_string(u.roles, ' '), u.disabled, array_to_string(factors_of(u.id), ' '),
		floor(extract(epoch from s.auth_time))::bigint,
		floor(extract(epoch from s.factor_at))::bigint
	from users u join sessions s on s.user_id = u.id
	where u.id = p_user and s.sid = p_sid and not u.disabled and session_live(s)
$$;

-- The person makes one, with the session p_sid. outcome as program_put, and
--   over     the session is over
--   stale    the login is older than p_fresh seconds, or the last proof of a factor is, if the
--            user has one
--   wait     there were too many: `wait` seconds
create function doorward.program_make(p_user uuid, p_sid uuid, p_fresh integer, p_name text,
	p_id uuid, p_label text, p_roles text[], p_prefix text, p_expires bigint, p_tell boolean,
	p_address inet)
returns table (outcome text, wait integer)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_since timestamptz := doorward.now() - make_interval(secs => p_fresh);
	v_user users;
	v_session sessions;
begin
	wait := 0;
	select * into v_user from users u where u.id = p_user and not u.disabled
		for no key update;
	select * into v_session from sessions s where s.sid = p_sid and s.user_id = v_user.id;
	if v_session.id is null or not session_live(v_session) then
		outcome := 'over';
	elsif v_session.auth_time < v_since
			or cardinality(factors_of(p_user)) > 0
				and coalesce(v_session.factor_at < v_since, true) then
		outcome := 'stale';
	else
		select t.wait into wait from attempt_count(array[bucket_program(p_user)]) t;
		perform set_config('synchronous_commit', 'on', true); -- attempt_count turns it off
		outcome := case when wait > 0 then 'wait' else program_put(v_user, p_name, p_id,
			p_label, p_roles, p_prefix, p_expires, null, 'user', p_address, p_tell) end;
		if outcome not in ('ok', 'wait') then
			perform attempt_refund(array[bucket_program(p_user)]);
		end if;
	end if;
	return next;
end
$$;

-- For the operator: the person whose token it is to be, who needs no session. No row: nobody has
-- that id.
create function doorward.program_owner(p_user uuid)
returns table (name text, roles text, disabled boolean, factors text, auth_time bigint,
	factor_at bigint)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select u.name, array_to_string(u.roles, ' '), u.disabled,
		array_to_string(factors_of(u.id), ' '), null::bigint, null::bigint
	from users u where u.id = p_user
$$;

-- The operator makes one. Returns as program_put, or over: the user is disabled or there is none.
create function doorward.program_issue(p_user uuid, p_name text, p_id uuid, p_label text,
	p_roles text[], p_prefix text, p_expires bigint, p_more text, p_tell boolean, p_actor text)
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_user users;
begin
	select * into v_user from users u where u.id = p_user and not u.disabled
		for no key update;
	if not found then
		return 'over';
	end if;
	return program_put(v_user, p_name, p_id, p_label, p_roles, p_prefix, p_expires, p_more,
		p_actor, null, p_tell);
end
$$;

-- ---- lists ----

-- The living tokens of a user, newest first.
create function doorward.program_list(p_user uuid)
returns table (id uuid, label text, roles text, prefix text, created_at bigint,
	expires_at bigint)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select p.id, p.label, array_to_string(p.roles, ' '), p.prefix,
		floor(extract(epoch from p.created_at))::bigint,
		floor(extract(epoch from p.expires_at))::bigint
	from programs p
	where p.user_id = p_user and program_live(p)
	order by p.created_at desc, p.id
$$;

-- The same for the operator, of one user or with NULL of all.
create function doorward.program_list_any(p_name text, p_limit integer)
returns table (id uuid, name text, label text, roles text, prefix text, created_at bigint,
	expires_at bigint)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select p.id, u.name, p.label, array_to_string(p.roles, ' '), p.prefix,
		floor(extract(epoch from p.created_at))::bigint,
		floor(extract(epoch from p.expires_at))::bigint
	from programs p join users u on u.id = p.user_id
	where (p_name is null or u.name_key = name_key(p_name)) and program_live(p)
	order by p.created_at desc, p.id
	limit p_limit
$$;

-- For `doorward metrics`: how many live. For the rotation of keys: when the last of them expires,
-- until when the keys of today must be published. NULL: there is none.
create function doorward.program_figures() returns table (living bigint, until bigint)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select count(*), ceil(extract(epoch from max(p.expires_at)))::bigint
	from programs p where p.ended_at is null and p.expires_at > doorward.now()
$$;

insert into doorward.door (program, function) values
	('login', 'program_look'), ('login', 'program_make'), ('login', 'program_figures'),
	('account', 'program_list'), ('account', 'program_end'),
	('admin', 'program_owner'), ('admin', 'program_issue'), ('admin', 'program_list_any'),
	('admin', 'program_end_any'), ('admin', 'program_end_user'), ('admin', 'program_figures');
