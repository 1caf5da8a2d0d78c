-- Logins under way: kept after a right password when a factor is wanted, and opened as a session
-- together with the use of the factor.

-- Does it still hold? p_user is its user's row.
create function doorward.flow_holds(p_flow doorward.flows, p_user doorward.users) returns boolean
language sql volatile
as $$
	select coalesce(p_flow.ends_at > doorward.now() and not p_user.disabled
		and p_flow.password_version = p_user.password_version
		and p_flow.device_version = p_user.device_version
		and (p_flow.typed is null or login_find(p_flow.typed, p_flow.login_by) = p_user.id),
		false)
$$;

-- The flow with this hash, with its user's row locked, then its own. All NULL: there is none that
-- holds.
create function doorward.flow_lock(p_hash bytea) returns doorward.flows
language plpgsql volatile
as $$
declare
	v_flow flows;
	v_user users;
begin
	select * into v_user from users u
		where u.id = (select f.user_id from flows f where f.hash = p_hash) for no key update;
	select * into v_flow from flows f where f.hash = p_hash for update;
	if not flow_holds(v_flow, v_user) then
		v_flow := null;
	end if;
	return v_flow;
end
$$;

-- Make room for one more: those that are over go, and the oldest beyond 19.
create function doorward.flows_trim(p_user uuid) returns void
language sql volatile
as $$
	delete from flows f where f.user_id = p_user and (f.ends_at <= doorward.now()
		or f.hash in (select o.hash from flows o where o.user_id = p_user
			order by o.created_at desc, o.hash offset 19))
$$;

-- The password was right and a factor is wanted: take the try back, upgrade the hash unless
-- somebody else has, and keep the login for ten minutes. False, and nothing is stored, if the user
-- was disabled, deleted or given another password since login_begin. The arguments are those of
-- login_open. p_setup: the user has no factor yet.
create function doorward.flow_add(p_hash bytea, p_user uuid, p_version integer, p_name text,
	p_by text, p_address inet, p_device bytea, p_old_hash text, p_new_hash text,
	p_browser boolean, p_remember boolean, p_setup boolean) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_user users;
begin
	update users u set password_hash = case
			when p_new_hash is not null and u.password_hash = p_old_hash then p_new_hash
			else u.password_hash end
		where u.id = p_user and u.password_version = p_version and not u.disabled
			and u.id = login_find(p_name, p_by)
		returning * into v_user;
	if not found then
		return false;
	end if;
	perform flows_trim(p_user);
	insert into flows (hash, user_id, password_version, device_version, typed, login_by, device,
			address, browser, remember, setup, linked, created_at, ends_at)
		values (p_hash, p_user, v_user.password_version, v_user.device_version, p_name, p_by,
			p_device, p_address, p_browser, p_remember, p_setup, false, doorward.now(),
			doorward.now() + interval '10 minutes');
	perform attempt_refund(buckets(p_name, p_address, p_user, p_device));
	perform audit_add('factor_wanted', p_user, v_user.name, 'user', p_address, null,
		case when p_setup then 'set-up' end);
	return true;
end
$$;

-- A link of kind factor is used up, and the set-up behind it begins. A user who has a factor
-- has to prove it first (flow_prove). False: the link holds no more.
create function doorward.flow_by_link(p_link uuid, p_hash bytea, p_address inet)
returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_link links;
	v_user users;
begin
	select * into v_user from users u
		where u.id = (select l.user_id from links l where l.id = p_link and l.kind = 'factor')
		for no key update;
	select * into v_link from links l where l.id = p_link and l.kind = 'factor' for update;
	if not link_holds(v_link, v_user) or v_user.id is null then
		return false;
	end if;
	update links l set uses_left = 0, used_at = doorward.now() where l.id = p_link;
	perform flows_trim(v_user.id);
	insert into flows (hash, user_id, password_version, device_version, address, browser,
			remember, setup, linked, created_at, ends_at)
		values (p_hash, v_user.id, v_user.password_version, v_user.device_version, p_address,
			true, false, factors_of(v_user.id) = '{}', true, doorward.now(),
			doorward.now() + interval '10 minutes');
	perform audit_add('link_used', v_user.id, v_user.name, 'user', p_address, null, 'factor');
	return true;
end
$$;

-- Mail the user of this flow a link to set up a factor. outcome:
--   ok        mailed; or one that is not older than two minutes is on its way
--   over      there is no such flow
--   unwanted  the user has a factor, or no verified address
--   too many  the mailbox has had three in an hour
create function doorward.flow_link(p_hash bytea, p_language text, p_address inet) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_flow flows := flow_lock(p_hash);
	v_mail text := address_verified(v_flow.user_id);
begin
	if v_flow.user_id is null then
		return 'over';
	elsif not v_flow.setup or v_mail is null or factors_of(v_flow.user_id) <> '{}' then
		return 'unwanted';
	elsif exists (select 1 from links l where l.user_id = v_flow.user_id and l.kind = 'factor'
			and l.uses_left > 0 and l.created_at > doorward.now() - interval '2 minutes') then
		return 'ok';
	elsif not mailbox_admits('forgot', v_mail) then
		return 'too many';
	end if;
	delete from links l where l.user_id = v_flow.user_id and l.kind = 'factor'
		and l.uses_left > 0;
	perform link_make('factor', v_flow.user_id, null, null, 1, null, 'factor-link', p_language,
		'user');
	return 'ok';
end
$$;

-- What a login under way is about. No row: there is none that holds. Changes nothing.
create function doorward.flow_find(p_hash bytea)
returns table (user_id uuid, name text, factors text, setup boolean, linked boolean,
	browser boolean, remember boolean, device_version integer, address text,
	has_password boolean, key_id text, sealed text, proven boolean)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select u.id, u.name, array_to_string(factors_of(u.id), ' '), f.setup, f.linked, f.browser,
		f.remember, u.device_version, address_verified(u.id), u.password_hash is not null,
		f.key_id, encode(f.sealed, 'hex'), f.proven <> '{}'
	from flows f join users u on u.id = f.user_id
	where f.hash = p_hash and flow_holds(f, u)
$$;

-- As factor_try, with the device that the flow began with. No row: there is no such flow.
create function doorward.flow_try(p_hash bytea, p_way text, p_address inet)
returns table (wait integer, user_id uuid, name text, key_id text, sealed text,
	last_step bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_flow flows;
begin
	select f.* into v_flow from flows f join users u on u.id = f.user_id
		where f.hash = p_hash and not f.setup and flow_holds(f, u);
	if found then
		return query select * from factor_try(v_flow.user_id, v_flow.device, p_way, p_address);
	end if;
end
$$;

-- The code could not be checked: the try is not counted as a guess.
create function doorward.flow_unjudged(p_hash bytea) returns void
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select attempt_refund(array[bucket_factor(f.user_id, f.device)])
		from flows f where f.hash = p_hash
$$;

-- A person who came by a link has proven a factor that is there, so that another one can be set
-- up: a recovery code, say, of somebody who has lost the only passkey and has no password.
-- outcome as factor_use; over also: there is no such flow, or it came by a password.
create function doorward.flow_prove(p_hash bytea, p_proof doorward.proof, p_address inet)
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_flow flows := flow_lock(p_hash);
	v_outcome text;
begin
	if v_flow.user_id is null or not v_flow.linked then
		return 'over';
	end if;
	v_outcome := factor_use(v_flow.user_id, p_proof, p_address);
	if v_outcome = 'ok' then
		update flows f set proven = amr_join(f.proven, proof_amr(p_proof))
			where f.hash = p_hash;
		if p_proof.way in ('totp', 'recovery') then
			perform attempt_refund(array[bucket_factor(v_flow.user_id, null)]);
		end if;
	end if;
	return v_outcome;
end
$$;

-- The proof was right: use it up, and open the session. p_proof as factor_use; its way is setup if
-- the flow itself has set a factor up. p_trust: the device (its hash) that needs no factor for
-- p_trust_seconds; NULL: it is not to be remembered. The other arguments are those of login_open.
-- outcome:
--   ok      with the columns of login_open; recovery_left: codes, if one was used
--   wait    too many logins, see login_open. The flow is still good, the proof is not used up
--   wrong, replayed, counter: see factor_use. The flow is still good
--   over    there is no such flow
create function doorward.flow_open(p_hash bytea, p_proof doorward.proof, p_trust bytea,
	p_trust_seconds integer, p_address inet, p_refresh bytea, p_replaces bytea,
	p_idle_seconds integer, p_life_seconds integer, p_sessions_max integer, p_agent text,
	p_news jsonb)
returns table (outcome text, wait integer, user_id uuid, name text, roles text,
	session_id uuid, sid uuid, opened_at bigint, ends_at bigint, remember boolean,
	auth_time bigint, amr text, displaced boolean, language text, recovery_left integer)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_flow flows;
	v_amr text[];
begin
	perform login_lock((select f.user_id from flows f where f.hash = p_hash), p_replaces);
	v_flow := flow_lock(p_hash);
	wait := 0;
	if v_flow.user_id is null or v_flow.linked or v_flow.setup then
		outcome := 'over';
		return next;
		return;
	end if;
	wait := login_wait_of(v_flow.user_id, p_address);
	if wait > 0 then
		outcome := 'wait';
		return next;
		return;
	end if;
	if p_proof.way = 'setup' then
		outcome := case when v_flow.proven = '{}' then 'over' else 'ok' end;
		v_amr := v_flow.proven;
	else
		outcome := factor_use(v_flow.user_id, p_proof, p_address);
		v_amr := proof_amr(p_proof);
	end if;
	if outcome <> 'ok' then
		return next;
		return;
	end if;
	select o.wait, o.user_id, o.name, o.roles, o.session_id, o.sid, o.opened_at, o.ends_at,
			o.remember, o.auth_time, o.amr, o.displaced, o.language
		into wait, user_id, name, roles, session_id, sid, opened_at, ends_at, remember,
			auth_time, amr, displaced, language
		from login_open(v_flow.user_id, v_flow.password_version, null, p_address, v_flow.device,
			null, null, p_refresh, p_replaces, v_flow.remember, p_idle_seconds,
			p_life_seconds, v_flow.browser, p_sessions_max, p_agent,
			amr_join(array['pwd'], v_amr), null, p_news) o;
	delete from flows f where f.hash = p_hash;
	if p_proof.way in ('totp', 'recovery') then
		perform attempt_refund(array[bucket_factor(v_flow.user_id, v_flow.device)]);
	end if;
	if p_proof.way = 'recovery' then
		recovery_left := recovery_left(v_flow.user_id);
	end if;
	if p_trust is not null then
		insert into trusted values (v_flow.user_id, p_trust, v_flow.device_version,
				doorward.now() + make_interval(secs => p_trust_seconds))
			on conflict (user_id, device) do update set until = excluded.until,
				device_version = excluded.device_version;
	end if;
	return next;
end
$$;

insert into doorward.door (program, function) values
	('login', 'flow_add'), ('login', 'flow_by_link'), ('login', 'flow_link'),
	('login', 'flow_find'), ('login', 'flow_try'), ('login', 'flow_unjudged'),
	('login', 'flow_prove'), ('login', 'flow_open');
