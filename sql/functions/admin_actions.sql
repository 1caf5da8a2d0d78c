-- What an admin does to a person. Each function takes p_seen, the version of the person that the
-- admin's page showed (person_seen), and does what the operator's command does. Outcomes, of all:
--   ok       done
--   gone     there is no such person
--   changed  the person is not as p_seen any more: nothing was done
--   rights   the admin may not give one of the person's roles, or one that is asked for
--   last     nobody else who is enabled has the role doorward-admin
-- `name` is the person's name afterwards, and `ended` how many sessions ended or renew.

-- Is p_user the last enabled one with the role doorward-admin? p_lock: and stay so until this
-- transaction ends. Whoever takes away what makes one locks the row of admin_fresh first, after
-- the user's row: of two who do it at once, the second sees what the first did.
create function doorward.admin_is_last(p_user doorward.users, p_lock boolean) returns boolean
language plpgsql volatile
as $$
begin
	if p_user.disabled or 'doorward-admin' <> all(p_user.roles) then
		return false;
	end if;
	if p_lock then
		perform 1 from admin_fresh for update;
	end if;
	return not exists (select 1 from people_index p
		where p.role = 'doorward-admin' and not p.disabled and p.user_id <> p_user.id);
end
$$;

-- For the operator, who may take the last one away.
create function doorward.admin_last_is(p_name text) returns boolean
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select coalesce((select admin_is_last(u, false) from users u
		where u.name_key = name_key(p_name)), false)
$$;

-- The beginning of each action: lock the admin's row and the person's, in one order, and see
-- whether the admin may do it. outcome ok: go on.
create function doorward.admin_take(p_sid uuid, p_user uuid, p_seen text, p_address inet,
	out actor text, out actor_roles text[], out person doorward.users, out outcome text)
language plpgsql volatile
as $$
declare
	v_actor users;
begin
	perform 1 from users u
		where u.id = p_user or u.id = (select s.user_id from sessions s where s.sid = p_sid)
		order by u.id for update;
	v_actor := admin_actor(p_sid);
	perform admin_from(p_address);
	actor := admin_name(v_actor);
	actor_roles := v_actor.roles;
	select * into person from users u where u.id = p_user;
	outcome := case
		when person.id is null then 'gone'
		when person_seen(person) is distinct from p_seen then 'changed'
		when not admin_may_all(actor_roles, person.roles) then 'rights'
		else 'ok' end;
end
$$;

create function doorward.admin_disable(p_sid uuid, p_user uuid, p_seen text, p_address inet)
returns table (outcome text, name text, ended integer)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
begin
	v := admin_take(p_sid, p_user, p_seen, p_address);
	outcome := v.outcome;
	name := (v.person).name;
	if outcome = 'ok' and admin_is_last(v.person, true) then
		outcome := 'last';
	elsif outcome = 'ok' and not (v.person).disabled then
		ended := user_disable(name, true, v.actor);
	end if;
	return next;
end
$$;

create function doorward.admin_enable(p_sid uuid, p_user uuid, p_seen text, p_address inet)
returns table (outcome text, name text, ended integer)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
begin
	v := admin_take(p_sid, p_user, p_seen, p_address);
	outcome := v.outcome;
	name := (v.person).name;
	if outcome = 'ok' and (v.person).disabled then
		ended := user_disable(name, false, v.actor);
	end if;
	return next;
end
$$;

-- End all sessions, and forget all devices.
create function doorward.admin_end(p_sid uuid, p_user uuid, p_seen text, p_address inet)
returns table (outcome text, name text, ended integer)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
begin
	v := admin_take(p_sid, p_user, p_seen, p_address);
	outcome := v.outcome;
	name := (v.person).name;
	if outcome = 'ok' then
		ended := user_sessions_end(name, v.actor);
	end if;
	return next;
end
$$;

-- p_roles: all that the person has afterwards. More outcomes: invalid, one of them is no role, or
-- they are too many.
create function doorward.admin_roles(p_sid uuid, p_user uuid, p_seen text, p_roles text[],
	p_address inet)
returns table (outcome text, name text, ended integer)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
	v_roles text[] := array(select distinct r from unnest(p_roles) r);
begin
	v := admin_take(p_sid, p_user, p_seen, p_address);
	name := (v.person).name;
	outcome := case
		when v.outcome <> 'ok' then v.outcome
		when not roles_valid(v_roles) then 'invalid'
		when not admin_may_all(v.actor_roles, v_roles) then 'rights'
		when 'doorward-admin' <> all(v_roles) and admin_is_last(v.person, true) then 'last'
		else 'ok' end;
	if outcome = 'ok' then
		ended := user_roles(name, v_roles, array(select r from unnest((v.person).roles) r
			where r <> all(v_roles)), v.actor);
	end if;
	return next;
end
$$;

-- More outcomes: invalid, it is no name; taken, given up, not own: as of user_enter.
create function doorward.admin_rename(p_sid uuid, p_user uuid, p_seen text, p_name text,
	p_address inet)
returns table (outcome text, name text, ended integer)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
begin
	v := admin_take(p_sid, p_user, p_seen, p_address);
	outcome := v.outcome;
	name := (v.person).name;
	if outcome = 'ok' and not coalesce(name_valid(p_name), false) then
		outcome := 'invalid';
	elsif outcome = 'ok' then
		select r.outcome, r.sessions into outcome, ended
			from user_rename(name, p_name, v.actor) r;
		if outcome = 'ok' then
			name := p_name;
		end if;
	end if;
	return next;
exception when unique_violation then
	outcome := 'taken'; -- by somebody else at the same moment
	return next;
end
$$;

-- Give a person whose row is locked another address, which they have not verified, and mail a
-- link there that does. The mail to an address that was verified has a link that undoes it.
create function doorward.admin_readdress(p_user doorward.users, p_mail text, p_actor text)
returns text
language plpgsql volatile
as $$
declare
	v_old text := address_verified(p_user.id);
	v_outcome text := address_set(p_user, p_mail, false, p_actor);
begin
	if v_outcome <> 'ok' then
		return v_outcome;
	end if;
	if p_mail <> '' then
		perform link_make('verify', p_user.id, null, jsonb_build_object('address', p_mail), 1,
			null, 'verify', mail_language(p_user.language), p_actor);
	end if;
	if v_old is not null then
		perform link_make('undo-address', p_user.id, null,
			jsonb_build_object('address', v_old), 1, null, 'address-changed',
			mail_language(p_user.language), p_actor);
	end if;
	return 'ok';
end
$$;

-- '' removes one, NULL leaves it. More outcomes: invalid, it is no display name; address, it is no
-- address; named, the person's name is the present address; address taken, somebody else has
-- verified it. ended: NULL.
create function doorward.admin_profile(p_sid uuid, p_user uuid, p_seen text,
	p_display_name text, p_mail text, p_address inet)
returns table (outcome text, name text, ended integer)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
	v_mail text := p_mail;
begin
	v := admin_take(p_sid, p_user, p_seen, p_address);
	outcome := v.outcome;
	name := (v.person).name;
	if v_mail = coalesce((select a.address from addresses a where a.user_id = p_user), '') then
		v_mail := null; -- it is not another one
	end if;
	if outcome = 'ok' and p_display_name <> '' and not display_name_valid(p_display_name) then
		outcome := 'invalid';
	elsif outcome = 'ok' and v_mail <> '' and not address_valid(v_mail) then
		outcome := 'address';
	elsif outcome = 'ok' and v_mail is not null then
		outcome := admin_readdress(v.person, v_mail, v.actor);
	end if;
	if outcome = 'ok' and nullif(p_display_name, '') is distinct from (v.person).display_name
			and p_display_name is not null then
		perform user_set(name, null, false, p_display_name, null, v.actor);
	end if;
	return next;
exception when unique_violation then
	outcome := 'address taken'; -- by somebody else at the same moment
	return next;
end
$$;

-- Allow tries for this account again at once.
create function doorward.admin_unlock(p_sid uuid, p_user uuid, p_seen text, p_address inet)
returns table (outcome text, name text, ended integer)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
begin
	v := admin_take(p_sid, p_user, p_seen, p_address);
	outcome := v.outcome;
	name := (v.person).name;
	if outcome = 'ok' then
		perform user_unlock(name, v.actor);
	end if;
	return next;
end
$$;

-- End all tokens for programs. More outcomes: none, there are none.
create function doorward.admin_programs_end(p_sid uuid, p_user uuid, p_seen text,
	p_address inet)
returns table (outcome text, name text, ended integer)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
begin
	v := admin_take(p_sid, p_user, p_seen, p_address);
	outcome := v.outcome;
	name := (v.person).name;
	if outcome = 'ok' then
		ended := programs_end(p_user, null, 'operator', v.actor, p_address);
		if ended = 0 then
			outcome := 'none';
		end if;
	end if;
	return next;
end
$$;

-- Help somebody who cannot log in. More outcomes, none of them `ok`:
--   sent      a link was mailed to their verified address
--   shown     they have no verified address and no factor: the link whose ticket has SHA-256
--             p_hash is good now, and the admin hands it over
--   factor    they have no verified address, but a factor: nothing was done
--   disabled  they are: nothing was done
create function doorward.admin_reset(p_sid uuid, p_user uuid, p_seen text, p_hash bytea,
	p_address inet)
returns table (outcome text, name text, ended integer)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
	v_kind text;
	v_mail text := address_verified(p_user);
	v_factors text[] := factors_of(p_user);
begin
	v := admin_take(p_sid, p_user, p_seen, p_address);
	name := (v.person).name;
	outcome := case
		when v.outcome <> 'ok' then v.outcome
		when (v.person).disabled then 'disabled'
		when v_mail is not null then 'sent'
		when cardinality(v_factors) > 0 then 'factor'
		else 'shown' end;
	if outcome = 'sent' then
		v_kind := case when (v.person).password_hash is not null then 'reset'
			when cardinality(v_factors) > 0 then 'factor' else 'welcome' end;
		perform link_make(v_kind, p_user, null, case when v_kind = 'welcome'
				then jsonb_build_object('address', v_mail) end, 1, null,
			case v_kind when 'factor' then 'passkey-link' else v_kind end,
			mail_language((v.person).language), v.actor);
	elsif outcome = 'shown' then
		delete from links l where l.user_id = p_user and l.kind = 'reset-shown';
		perform link_make('reset-shown', p_user, p_hash, null, 1, null, null, null, v.actor);
	end if;
	return next;
end
$$;

-- Take all factors away, and tell the person by mail. More outcomes: none, there are none.
create function doorward.admin_factor_reset(p_sid uuid, p_user uuid, p_seen text,
	p_address inet)
returns table (outcome text, name text, ended integer)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
begin
	v := admin_take(p_sid, p_user, p_seen, p_address);
	outcome := v.outcome;
	name := (v.person).name;
	if outcome = 'ok' and cardinality(factors_of(p_user)) = 0 then
		outcome := 'none';
	elsif outcome = 'ok' then
		ended := factor_reset(name, true, v.actor);
	end if;
	return next;
end
$$;

-- p_blank: the audit forgets the person's name, too. name: as it was.
create function doorward.admin_delete(p_sid uuid, p_user uuid, p_seen text, p_blank boolean,
	p_address inet)
returns table (outcome text, name text, ended integer)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
begin
	v := admin_take(p_sid, p_user, p_seen, p_address);
	outcome := v.outcome;
	name := (v.person).name;
	if outcome = 'ok' and admin_is_last(v.person, true) then
		outcome := 'last';
	elsif outcome = 'ok' then
		ended := user_delete(name, p_blank, v.actor);
	end if;
	return next;
end
$$;

insert into doorward.door (program, function) values
	('webadmin', 'admin_disable'), ('webadmin', 'admin_enable'), ('webadmin', 'admin_end'),
	('webadmin', 'admin_roles'), ('webadmin', 'admin_rename'), ('webadmin', 'admin_profile'),
	('webadmin', 'admin_unlock'), ('webadmin', 'admin_programs_end'), ('webadmin', 'admin_reset'),
	('webadmin', 'admin_factor_reset'), ('webadmin', 'admin_delete'),
	('admin', 'admin_last_is');
