-- Factors: what a user has, how one is used, and how one is set up and removed. A factor is used
-- by a login under way (flows.sql) or by an open session that proves one more (step_*, below).
-- The order of locks is the user's row, then sessions, then factors.

-- The factors of a user: totp, passkey, and recovery as long as a code is left.
create function doorward.factors_of(p_user uuid) returns text[]
language sql volatile
as $$
	select array_remove(array[
		case when exists (select 1 from totp t where t.user_id = p_user) then 'totp' end,
		case when exists (select 1 from passkeys p where p.user_id = p_user) then 'passkey' end,
		case when exists (select 1 from recovery_codes c
			where c.user_id = p_user and c.used_at is null) then 'recovery' end], null)
$$;

-- Does a setting ask for a factor of such a user? p_need lists roles, or has the word all.
create function doorward.factor_needed(p_roles text[], p_need text[]) returns boolean
language sql immutable
as $$
	select 'all' = any(p_need) or p_need && p_roles
$$;

-- Tell the owner by mail what was changed. p_data says what.
create function doorward.factor_notice(p_user uuid, p_template text, p_data jsonb) returns void
language sql volatile
as $$
	select outbox_add(p_template, null, a.address, null, p_user, p_data)
		from addresses a where a.user_id = p_user and a.verified_at is not null
$$;

-- ---- tries ----

-- Tries of codes of one user. A known device has its own count, so that somebody who knows the
-- password cannot keep the owner out.
create function doorward.bucket_factor(p_user uuid, p_device bytea) returns text
language sql immutable
as $$
	select 'factor:' || p_user || ':' || coalesce(encode(p_device, 'hex'), '')
$$;

-- Count the try, and return what the code is compared with. Only codes are counted: nobody can
-- guess the answer of a passkey. wait > 0: do not look at the code.
create function doorward.factor_try(p_user uuid, p_device bytea, p_way text, p_address inet)
returns table (wait integer, user_id uuid, name text, key_id text, sealed text,
	last_step bigint)
language plpgsql volatile
as $$
#variable_conflict use_column
declare
	v_totp totp;
	v_first boolean;
begin
	user_id := p_user;
	select u.name into name from users u where u.id = p_user;
	select t.wait, t.first into wait, v_first
		from attempt_count(array[bucket_factor(p_user, p_device)]) t;
	if wait > 0 then
		if v_first then
			perform audit_add('factor_throttled', p_user, name, null, p_address, null,
				wait || ' s');
		end if;
	elsif p_way = 'totp' then
		select * into v_totp from totp t where t.user_id = p_user;
		key_id := v_totp.key_id;
		sealed := encode(v_totp.sealed, 'hex');
		last_step := v_totp.last_step;
	end if;
	return next;
end
$$;

-- ---- use ----

-- One time only. A later step than the last one: none before it is good any more.
create function doorward.totp_use(p_user uuid, p_proof doorward.proof) returns text
language plpgsql volatile
as $$
begin
	update totp t set last_step = p_proof.step, used_at = doorward.now(),
			key_id = coalesce(p_proof.key_id, t.key_id),
			sealed = coalesce(p_proof.sealed, t.sealed)
		where t.user_id = p_user and t.last_step < p_proof.step;
	return case when found then 'ok' else 'replayed' end;
end
$$;

create function doorward.recovery_use(p_user uuid, p_proof doorward.proof, p_address inet)
returns text
language plpgsql volatile
as $$
declare
	v_left integer;
begin
	update recovery_codes c set used_at = doorward.now()
		where c.user_id = p_user and c.hash = p_proof.code and c.used_at is null;
	if not found then
		return case when exists (select 1 from recovery_codes c
				where c.user_id = p_user and c.hash = p_proof.code) then 'replayed' else 'wrong' end;
	end if;
	v_left := recovery_left(p_user);
	perform audit_add('recovery_used', p_user, (select u.name from users u where u.id = p_user),
		'user', p_address, null, v_left || ' left');
	if p_proof.tell then
		perform factor_notice(p_user, 'recovery-used',
			jsonb_build_object('left', v_left::text));
	end if;
	return 'ok';
end
$$;

create function doorward.recovery_left(p_user uuid) returns integer
language sql volatile
as $$
	select count(*)::integer from recovery_codes c
		where c.user_id = p_user and c.used_at is null
$$;

-- A challenge is answered once.
create function doorward.challenge_use(p_nonce bytea) returns boolean
language plpgsql volatile
as $$
begin
	insert into challenges_used values (p_nonce, doorward.now() + interval '5 minutes')
		on conflict do nothing;
	return found;
end
$$;

-- The counter must grow, unless the device has none: then both are 0 (WebAuthn 7.2). A counter
-- that does not may be that of a copy.
create function doorward.passkey_use(p_user uuid, p_proof doorward.proof, p_address inet)
returns text
language plpgsql volatile
as $$
declare
	v_passkey passkeys;
begin
	select * into v_passkey from passkeys p
		where p.id = p_proof.passkey and p.user_id = p_user for update;
	if not found then
		return 'over';
	elsif not challenge_use(p_proof.nonce) then
		return 'replayed';
	elsif p_proof.counter <= v_passkey.counter
			and not (p_proof.counter = 0 and v_passkey.counter = 0) then
		perform audit_add('passkey_refused', p_user,
			(select u.name from users u where u.id = p_user), null, p_address, null,
			format('counter %s after %s: %s', p_proof.counter, v_passkey.counter,
				v_passkey.name));
		return 'counter';
	end if;
	update passkeys p set counter = p_proof.counter, backed_up = p_proof.backed_up,
			used_at = doorward.now()
		where p.id = p_proof.passkey;
	return 'ok';
end
$$;

-- Use the proof up. ok, or why not: wrong, replayed, counter, over (the factor has gone). The
-- caller holds the lock of the user's row.
create function doorward.factor_use(p_user uuid, p_proof doorward.proof, p_address inet)
returns text
language plpgsql volatile
as $$
begin
	return case p_proof.way
		when 'totp' then totp_use(p_user, p_proof)
		when 'recovery' then recovery_use(p_user, p_proof, p_address)
		when 'passkey' then passkey_use(p_user, p_proof, p_address)
		else 'over' end;
end
$$;

-- The words of RFC 8176 for a proof.
create function doorward.proof_amr(p_proof doorward.proof) returns text[]
language sql volatile
as $$
	select case p_proof.way
		when 'passkey' then passkey_amr(
			(select p.backup_eligible from passkeys p where p.id = p_proof.passkey),
			p_proof.verified)
		else array['otp'] end
$$;

-- swk: the key may be on several devices; hwk: it stays in one.
create function doorward.passkey_amr(p_backup_eligible boolean, p_verified boolean)
returns text[]
language sql immutable
as $$
	select array[case when p_backup_eligible then 'swk' else 'hwk' end]
		|| case when p_verified then array['user'] else '{}' end
$$;

-- Put words together, in one order. mfa: there are two factors, or a passkey that has verified
-- the person.
create function doorward.amr_join(p_a text[], p_b text[]) returns text[]
language sql immutable
as $$
	with given as (select unnest(p_a || p_b) as word), words as (
		select word from given
		union
		select 'mfa' where exists (select 1 from given where word = 'user')
			or exists (select 1 from given where word = 'pwd')
				and exists (select 1 from given where word in ('otp', 'hwk', 'swk')))
	select array(select w.word from words w
		join unnest(array['pwd', 'otp', 'hwk', 'swk', 'user', 'mfa']) with ordinality o (word, n)
			on o.word = w.word
		order by o.n)
$$;

-- ---- an open session proves one more factor ----

-- The session of a verified access token: how it was proven, and what there is to prove more by.
-- No row: it is over. `sealed` is hexadecimal: of an app that is being set up.
create function doorward.step_find(p_user uuid, p_sid uuid)
returns table (user_id uuid, name text, has_password boolean, factors text, auth_time bigint,
	factor_at bigint, amr text, address text, key_id text, sealed text)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select u.id, u.name, u.password_hash is not null, array_to_string(factors_of(u.id), ' '),
		floor(extract(epoch from s.auth_time))::bigint,
		floor(extract(epoch from s.factor_at))::bigint, array_to_string(s.amr, ' '),
		address_verified(u.id), p.key_id, encode(p.sealed, 'hex')
	from users u
	join sessions s on s.user_id = u.id
	left join setups p on p.session_id = s.id and p.created_at > doorward.now() - interval '1 hour'
	where u.id = p_user and s.sid = p_sid and not u.disabled and session_live(s)
$$;

-- As factor_try. No row: the session is over.
create function doorward.step_try(p_user uuid, p_sid uuid, p_device bytea,
	p_device_version integer, p_way text, p_address inet)
returns table (wait integer, user_id uuid, name text, key_id text, sealed text,
	last_step bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_known boolean;
begin
	select u.device_version = p_device_version into v_known from users u
		join sessions s on s.user_id = u.id
		where u.id = p_user and s.sid = p_sid and not u.disabled and session_live(s);
	if found then
		return query select * from factor_try(p_user, case when v_known then p_device end,
			p_way, p_address);
	end if;
end
$$;

-- The proof was right: the session has proven it, too, and gets another sid, because its tokens
-- must say so. outcome ok: the row is that of the session, as session_look gives it; the
-- verifiers must hear of its old sid. Else as factor_use, or over.
create function doorward.step_up(p_user uuid, p_sid uuid, p_device bytea,
	p_device_version integer, p_proof doorward.proof, p_address inet)
returns table (outcome text, user_id uuid, name text, roles text, session_id uuid, sid uuid,
	opened_at bigint, ends_at bigint, remember boolean, auth_time bigint, amr text,
	recovery_left integer)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_session sessions := session_lock(session_of(p_sid));
	v_user users;
begin
	select * into v_user from users u where u.id = p_user and not u.disabled;
	outcome := case when v_user.id is null or v_session.user_id is distinct from p_user
		or v_session.sid is distinct from p_sid or not session_live(v_session) then 'over'
		else factor_use(p_user, p_proof, p_address) end;
	if outcome = 'ok' then
		if p_proof.way in ('totp', 'recovery') then
			perform attempt_refund(array[bucket_factor(p_user,
				case when v_user.device_version = p_device_version then p_device end)]);
		end if;
		v_session := session_proven(v_session.id, proof_amr(p_proof), p_address);
		user_id := v_user.id;
		name := v_user.name;
		roles := array_to_string(v_user.roles, ' ');
		session_id := v_session.id;
		sid := v_session.sid;
		opened_at := floor(extract(epoch from v_session.opened_at))::bigint;
		ends_at := floor(extract(epoch from v_session.ends_at))::bigint;
		remember := v_session.remember;
		auth_time := floor(extract(epoch from v_session.auth_time))::bigint;
		amr := array_to_string(v_session.amr, ' ');
		if p_proof.way = 'recovery' then
			recovery_left := recovery_left(p_user);
		end if;
	end if;
	return next;
end
$$;

-- The session has proven more: another sid, and the time. Returns it as it is now.
create function doorward.session_proven(p_session uuid, p_amr text[], p_address inet)
returns doorward.sessions
language plpgsql volatile
as $$
declare
	v_session sessions;
begin
	perform sid_revoke(s.sid, s.id, 'login') from sessions s where s.id = p_session;
	update sessions s set sid = gen_random_uuid(), factor_at = doorward.now(),
			amr = amr_join(s.amr, p_amr)
		where s.id = p_session
		returning * into v_session;
	perform audit_add('session_proven', v_session.user_id,
		(select u.name from users u where u.id = v_session.user_id), 'user', p_address,
		v_session.id, array_to_string(v_session.amr, ' '));
	return v_session;
end
$$;

-- A code was wrong, by a login under way or by a session. The try stays counted.
create function doorward.factor_failed(p_user uuid, p_way text, p_reason text, p_address inet)
returns void
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select audit_add(case when p_way = 'passkey' then 'passkey_refused' else 'factor_failed' end,
		p_user, (select u.name from users u where u.id = p_user), null, p_address, null,
		case when p_way = 'passkey' then p_reason else p_way || ': ' || p_reason end)
$$;

-- The code could not be checked: the try is not counted as a guess.
create function doorward.factor_unjudged(p_user uuid, p_device bytea) returns void
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select attempt_refund(array[bucket_factor(p_user, p_device)])
$$;

-- ---- set-up ----

-- Who sets something up or takes it away: a login under way (p_flow), or the session p_sid of
-- p_user. p_fresh: seconds since the login, and since the last proof of a factor if there is one.
-- p_mail: the site sends mail, so a link can be asked for. outcome:
--   ok
--   over   no such login or session
--   stale  the session's login, or its last proof of a factor, is too old; or the user of a
--          link has a factor and has not proven it (flow_prove)
--   link   a link to the verified address is needed first
-- Locks the user's row.
create function doorward.setup_by(p_flow bytea, p_user uuid, p_sid uuid, p_fresh integer,
	p_mail boolean, out outcome text, out about uuid, out session uuid)
language plpgsql volatile
as $$
declare
	v_flow flows;
	v_session sessions;
	v_since timestamptz := doorward.now() - make_interval(secs => p_fresh);
begin
	outcome := 'over';
	if p_flow is not null then
		v_flow := flow_lock(p_flow);
		about := v_flow.user_id;
		if about is null then
			return;
		elsif v_flow.linked then
			outcome := case when factors_of(about) = '{}' or v_flow.proven <> '{}' then 'ok'
				else 'stale' end;
		elsif v_flow.setup and factors_of(about) = '{}' then
			outcome := case when p_mail and address_verified(about) is not null then 'link'
				else 'ok' end;
		end if;
		return;
	end if;
	v_session := session_lock(session_of(p_sid));
	if v_session.user_id is distinct from p_user or v_session.sid is distinct from p_sid
			or not session_live(v_session)
			or not exists (select 1 from users u where u.id = p_user and not u.disabled) then
		return;
	end if;
	about := p_user;
	session := v_session.id;
	outcome := case when v_session.auth_time < v_since
			or factors_of(p_user) <> '{}' and coalesce(v_session.factor_at < v_since, true)
		then 'stale' else 'ok' end;
end
$$;

-- The secret of an app that shows one-time codes, until its first code confirms it. Another one
-- takes its place.
create function doorward.totp_begin(p_flow bytea, p_user uuid, p_sid uuid, p_fresh integer,
	p_mail boolean, p_key_id text, p_sealed bytea) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_by record;
begin
	select * into v_by from setup_by(p_flow, p_user, p_sid, p_fresh, p_mail);
	if v_by.outcome = 'ok' and p_flow is not null then
		update flows f set key_id = p_key_id, sealed = p_sealed where f.hash = p_flow;
	elsif v_by.outcome = 'ok' then
		insert into setups values (v_by.session, p_key_id, p_sealed, doorward.now())
			on conflict (session_id) do update set key_id = excluded.key_id,
				sealed = excluded.sealed, created_at = excluded.created_at;
	end if;
	return v_by.outcome;
end
$$;

-- Ten new recovery codes, by their hashes, in place of the old ones.
create function doorward.recovery_put(p_user uuid, p_codes bytea[]) returns void
language plpgsql volatile
as $$
begin
	delete from recovery_codes c where c.user_id = p_user;
	insert into recovery_codes (user_id, hash) select p_user, unnest(p_codes);
end
$$;

-- What follows from a factor that was set up: recovery codes with the first one, the audit, the
-- notice (p_mail: the site sends mail), and who set it up has proven it. p_what: totp or passkey,
-- and p_name that of the passkey. True: p_codes were stored.
create function doorward.setup_done(p_flow bytea, p_user uuid, p_session uuid, p_what text,
	p_name text, p_amr text[], p_codes bytea[], p_mail boolean, p_address inet)
returns boolean
language plpgsql volatile
as $$
declare
	v_codes boolean := not exists (select 1 from recovery_codes c where c.user_id = p_user);
begin
	if v_codes then
		perform recovery_put(p_user, p_codes);
	end if;
	if p_flow is not null then
		update flows f set key_id = null, sealed = null, setup = false,
				proven = amr_join(f.proven, p_amr)
			where f.hash = p_flow;
		delete from flows f where f.hash = p_flow and f.linked;
	else
		delete from setups s where s.session_id = p_session;
		perform session_proven(p_session, p_amr, p_address);
	end if;
	perform audit_add('factor_added', p_user, (select u.name from users u where u.id = p_user),
		'user', p_address, p_session, p_what || coalesce(': ' || p_name, ''));
	if p_mail then
		perform factor_notice(p_user, 'factor-added',
			jsonb_strip_nulls(jsonb_build_object('what', p_what, 'passkey', p_name)));
	end if;
	return v_codes;
end
$$;

-- The first code of the app was right. It takes the place of an app that was there.
-- outcome: as setup_by, and none: no app is being set up, or another one (p_sealed is what the
-- code was compared with). codes as in setup_done.
create function doorward.totp_confirm(p_flow bytea, p_user uuid, p_sid uuid, p_fresh integer,
	p_mail boolean, p_sealed bytea, p_step bigint, p_codes bytea[], p_address inet)
returns table (outcome text, codes boolean)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_variable
declare
	v_by record;
	v_key text;
begin
	select * into v_by from setup_by(p_flow, p_user, p_sid, p_fresh, p_mail);
	outcome := v_by.outcome;
	codes := false;
	if outcome = 'ok' then
		if p_flow is not null then
			select f.key_id into v_key from flows f
				where f.hash = p_flow and f.sealed = p_sealed;
		else
			select s.key_id into v_key from setups s
				where s.session_id = v_by.session and s.sealed = p_sealed;
		end if;
		if v_key is null then
			outcome := 'none';
		else
			insert into totp values (v_by.about, v_key, p_sealed, p_step, doorward.now(), null)
				on conflict (user_id) do update set key_id = excluded.key_id,
					sealed = excluded.sealed, last_step = excluded.last_step,
					created_at = excluded.created_at, used_at = null;
			codes := setup_done(p_flow, v_by.about, v_by.session, 'totp', null,
				array['otp'], p_codes, p_mail, p_address);
		end if;
	end if;
	return next;
end
$$;

-- New recovery codes for a session. outcome as setup_by; none: there is no factor to recover.
create function doorward.recovery_renew(p_user uuid, p_sid uuid, p_fresh integer,
	p_mail boolean, p_codes bytea[], p_address inet) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_by record;
begin
	select * into v_by from setup_by(null, p_user, p_sid, p_fresh, false);
	if v_by.outcome = 'ok' and not factors_of(p_user) && array['totp', 'passkey'] then
		return 'none';
	elsif v_by.outcome = 'ok' then
		perform recovery_put(p_user, p_codes);
		perform audit_add('recovery_made', p_user,
			(select u.name from users u where u.id = p_user), 'user', p_address,
			v_by.session, null);
		if p_mail then
			perform factor_notice(p_user, 'factor-added',
				jsonb_build_object('what', 'recovery'));
		end if;
	end if;
	return v_by.outcome;
end
$$;

-- ---- one's own factors ----

-- All factors of a user, without secrets. kind totp, passkey, or recovery with `remaining`.
create function doorward.factor_list(p_user uuid)
returns table (kind text, id uuid, name text, created_at bigint, used_at bigint,
	synced boolean, rp_id text, key_id text, remaining integer)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select 'totp', null::uuid, null, floor(extract(epoch from t.created_at))::bigint,
		floor(extract(epoch from t.used_at))::bigint, null::boolean, null, t.key_id, null::integer
		from totp t where t.user_id = p_user
	union all
	(select 'passkey', p.id, p.name, floor(extract(epoch from p.created_at))::bigint,
		floor(extract(epoch from p.used_at))::bigint, p.backup_eligible, p.rp_id, null, null
		from passkeys p where p.user_id = p_user order by p.created_at, p.id)
	union all
	select 'recovery', null, null, null, floor(extract(epoch from max(c.used_at)))::bigint, null,
		null, null, count(*) filter (where c.used_at is null)::integer
		from recovery_codes c where c.user_id = p_user having count(*) > 0
$$;

-- outcome as setup_by; unknown: no such passkey of that user; name: not a name.
create function doorward.passkey_rename(p_user uuid, p_sid uuid, p_fresh integer, p_id uuid,
	p_name text, p_address inet) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_by record;
begin
	select * into v_by from setup_by(null, p_user, p_sid, p_fresh, false);
	if v_by.outcome <> 'ok' then
		return v_by.outcome;
	elsif not coalesce(display_name_valid(p_name), false) then
		return 'name';
	end if;
	update passkeys p set name = p_name where p.id = p_id and p.user_id = p_user;
	if not found then
		return 'unknown';
	end if;
	perform audit_add('factor_renamed', p_user, (select u.name from users u where u.id = p_user),
		'user', p_address, v_by.session, 'passkey: ' || p_name);
	return 'ok';
end
$$;

-- What is left over when a user has no factor any more.
create function doorward.factors_tidy(p_user uuid) returns void
language plpgsql volatile
as $$
begin
	if not factors_of(p_user) && array['totp', 'passkey'] then
		delete from recovery_codes c where c.user_id = p_user;
		delete from trusted t where t.user_id = p_user;
		delete from flows f where f.user_id = p_user; -- they wait for a factor
	end if;
end
$$;

-- Take one factor away: totp, or the passkey p_id. p_need: see factor_needed. outcome:
--   ok, over, stale
--   unknown   it is not there
--   last      without it nobody could get into the account: it has no password
--   required  a factor is required of this user, and it is the only one
create function doorward.factor_remove(p_user uuid, p_sid uuid, p_fresh integer,
	p_mail boolean, p_kind text, p_id uuid, p_need text[], p_address inet) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_by record;
	v_user users;
	v_name text;
	v_others integer;
begin
	select * into v_by from setup_by(null, p_user, p_sid, p_fresh, false);
	if v_by.outcome <> 'ok' then
		return v_by.outcome;
	end if;
	select * into v_user from users u where u.id = p_user;
	select case when p_kind = 'totp' then 'totp' else 'passkey: ' || p.name end into v_name
		from users u
		left join totp t on t.user_id = u.id and p_kind = 'totp'
		left join passkeys p on p.user_id = u.id and p_kind = 'passkey' and p.id = p_id
		where u.id = p_user and num_nonnulls(t.user_id, p.id) = 1;
	if not found then
		return 'unknown';
	end if;
	v_others := (select count(*) from passkeys p
			where p.user_id = p_user and not (p_kind = 'passkey' and p.id = p_id));
	if v_user.password_hash is null and v_others = 0 then
		return 'last';
	end if;
	v_others := v_others + (select count(*) from totp t
			where t.user_id = p_user and p_kind <> 'totp');
	if v_others = 0 and factor_needed(v_user.roles, p_need) then
		return 'required';
	end if;
	delete from totp t where t.user_id = p_user and p_kind = 'totp';
	delete from passkeys p where p.user_id = p_user and p_kind = 'passkey' and p.id = p_id;
	perform factors_tidy(p_user);
	perform audit_add('factor_removed', p_user, v_user.name, 'user', p_address, v_by.session,
		v_name);
	if p_mail then
		perform factor_notice(p_user, 'factor-removed', jsonb_strip_nulls(jsonb_build_object(
			'what', p_kind, 'passkey', nullif(substr(v_name, 10), ''))));
	end if;
	return 'ok';
end
$$;

-- ---- the operator ----

-- No row: no such user, or no factor.
create function doorward.factor_list_any(p_name text)
returns table (kind text, id uuid, name text, created_at bigint, used_at bigint,
	synced boolean, rp_id text, key_id text, remaining integer)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select f.* from users u, factor_list(u.id) f where u.name_key = name_key(p_name)
$$;

-- Take all factors of a user away, with everything that was reached by them: sessions, what
-- clients hold, logins under way, remembered browsers. p_tell: mail a notice. Returns how many
-- sessions ended; NULL: no such user.
create function doorward.factor_reset(p_name text, p_tell boolean, p_actor text)
returns integer
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
	delete from totp t where t.user_id = v_user.id;
	delete from passkeys p where p.user_id = v_user.id;
	delete from links l where l.user_id = v_user.id and l.kind = 'factor';
	perform factors_tidy(v_user.id);
	v_count := sessions_stop(v_user.id, null, 'factor reset');
	perform oauth_grants_end(v_user.id, null, 'factor reset', p_actor, null);
	perform audit_add('factor_reset', v_user.id, v_user.name, p_actor, null, null, null);
	if p_tell then
		perform factor_notice(v_user.id, 'factor-reset', null);
	end if;
	return v_count;
end
$$;

-- How many secrets and passkeys there are of each key id and each relying party id: for `status`
-- and `config check`.
create function doorward.factor_count()
returns table (kind text, of text, rows bigint)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select 'totp', t.key_id, count(*) from totp t group by t.key_id
	union all
	select 'passkey', p.rp_id, count(*) from passkeys p group by p.rp_id
	order by 1, 2
$$;

insert into doorward.door (program, function) values
	('login', 'step_find'), ('login', 'step_try'), ('login', 'step_up'),
	('login', 'factor_failed'), ('login', 'factor_unjudged'),
	('login', 'totp_begin'), ('login', 'totp_confirm'), ('login', 'recovery_renew'),
	('account', 'factor_list'), ('account', 'passkey_rename'), ('account', 'factor_remove'),
	('admin', 'factor_list_any'), ('admin', 'factor_reset'), ('admin', 'factor_count');
