-- Passkeys: added by a set-up (factors.sql), and a login by nothing but one.

-- The passkey with this credential id, for one of p_user's factors; p_user NULL: for a login by
-- the passkey alone. No row: there is none, or it is of another relying party.
create function doorward.passkey_find(p_credential bytea, p_rp_id text, p_user uuid)
returns table (id uuid, user_id uuid, name text, disabled boolean, password_version integer,
	device_version integer, jwk text, counter bigint, backup_eligible boolean)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select p.id, u.id, u.name, u.disabled, u.password_version, u.device_version, p.jwk::text,
		p.counter, p.backup_eligible
	from passkeys p join users u on u.id = p.user_id
	where p.credential_id = p_credential and p.rp_id = p_rp_id
		and (p_user is null or p.user_id = p_user)
$$;

-- The credentials of a user, for the options of a browser. `credential` is hexadecimal.
create function doorward.passkey_list(p_user uuid, p_rp_id text)
returns table (credential text, transports text)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select encode(p.credential_id, 'hex'), array_to_string(p.transports, ' ')
	from passkeys p
	where p.user_id = p_user and p.rp_id = p_rp_id
	order by p.used_at desc nulls last, p.id
$$;

-- A login by a passkey alone: the device has verified the person. p_user and p_version as
-- passkey_find gave them. The other arguments are those of login_open, the columns those of
-- flow_open. outcome: ok; wait; replayed, counter: see factor_use; over: the user was disabled,
-- deleted or given another password since.
create function doorward.passkey_open(p_user uuid, p_version integer, p_proof doorward.proof,
	p_address inet, p_device bytea, p_refresh bytea, p_replaces bytea, p_remember boolean,
	p_idle_seconds integer, p_life_seconds integer, p_browser boolean,
	p_sessions_max integer, p_agent text, p_news jsonb)
returns table (outcome text, wait integer, user_id uuid, name text, roles text,
	session_id uuid, sid uuid, opened_at bigint, ends_at bigint, remember boolean,
	auth_time bigint, amr text, displaced boolean, language text, recovery_left integer)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
begin
	perform login_lock(p_user, p_replaces);
	perform 1 from users u where u.id = p_user and u.password_version = p_version
		and not u.disabled;
	wait := 0;
	outcome := case when not found or not coalesce(p_proof.verified, false)
		or p_proof.way is distinct from 'passkey' then 'over' end;
	if outcome is null then
		wait := login_wait_of(p_user, p_address);
		outcome := case when wait > 0 then 'wait'
			else factor_use(p_user, p_proof, p_address) end;
	end if;
	if outcome <> 'ok' then
		return next;
		return;
	end if;
	select o.wait, o.user_id, o.name, o.roles, o.session_id, o.sid, o.opened_at, o.ends_at,
			o.remember, o.auth_time, o.amr, o.displaced, o.language
		into wait, user_id, name, roles, session_id, sid, opened_at, ends_at, remember,
			auth_time, amr, displaced, language
		from login_open(p_user, p_version, null, p_address, p_device, null, null, p_refresh,
			p_replaces, p_remember, p_idle_seconds, p_life_seconds, p_browser,
			p_sessions_max, p_agent, amr_join(proof_amr(p_proof), '{}'), null, p_news) o;
	return next;
end
$$;

-- Store a new passkey. p_flow to p_mail: see setup_by. p_verified: the device has verified the
-- person. outcome as setup_by, and
--   known     it is somebody's already
--   full      there are 20
--   replayed  its challenge was used
--   name      not a name
-- codes as in setup_done.
create function doorward.passkey_add(p_flow bytea, p_user uuid, p_sid uuid, p_fresh integer,
	p_mail boolean, p_credential bytea, p_rp_id text, p_jwk jsonb, p_counter bigint,
	p_backup_eligible boolean, p_backed_up boolean, p_verified boolean, p_transports text[],
	p_name text, p_nonce bytea, p_codes bytea[], p_address inet)
returns table (outcome text, codes boolean)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_variable
declare
	v_by record;
begin
	select * into v_by from setup_by(p_flow, p_user, p_sid, p_fresh, p_mail);
	codes := false;
	outcome := case when v_by.outcome <> 'ok' then v_by.outcome
		when not coalesce(display_name_valid(p_name), false) then 'name'
		when exists (select 1 from passkeys p where p.credential_id = p_credential) then 'known'
		when (select count(*) from passkeys p where p.user_id = v_by.about) >= 20 then 'full'
		when not challenge_use(p_nonce) then 'replayed'
		else 'ok' end;
	if outcome = 'ok' then
		insert into passkeys (user_id, credential_id, rp_id, jwk, counter, backup_eligible,
				backed_up, transports, name, created_at)
			values (v_by.about, p_credential, p_rp_id, p_jwk, p_counter, p_backup_eligible,
				p_backed_up, p_transports, p_name, doorward.now())
			on conflict (credential_id) do nothing;
		if found then
			codes := setup_done(p_flow, v_by.about, v_by.session, 'passkey', p_name,
				passkey_amr(p_backup_eligible, p_verified), p_codes, p_mail, p_address);
		else
			outcome := 'known';
		end if;
	end if;
	return next;
end
$$;

insert into doorward.door (program, function) values
	('login', 'passkey_find'), ('login', 'passkey_list'), ('login', 'passkey_open'),
	('login', 'passkey_add');
