-- How people come in by an admin: added, or invited. An admin may give them only the roles within
-- the admin's rights (admin_may).

-- Add somebody, without a password. With an address and p_by_mail, a link to choose one is mailed
-- there. Otherwise p_hash becomes a link that the admin is shown once. outcome, and nothing was
-- stored but with ok and mailed:
--   ok, mailed     link: an id, which a mail carries, or that of the link with p_hash
--   name, address, display_name, roles   this is not a valid one
--   rights         one of the roles is not within the admin's rights
--   taken, given up, not own, address taken   as of user_enter
create function doorward.admin_add(p_sid uuid, p_name text, p_mail text, p_display_name text,
	p_roles text[], p_by_mail boolean, p_hash bytea, p_address inet)
returns table (outcome text, user_id uuid)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_variable
declare
	v_actor users := admin_actor(p_sid);
	v_by_mail boolean := p_by_mail and p_mail is not null;
begin
	perform admin_from(p_address);
	outcome := case
		when not coalesce(name_valid(p_name), false) then 'name'
		when not address_valid(p_mail) then 'address'
		when not display_name_valid(p_display_name) then 'display_name'
		when not roles_valid(p_roles) then 'roles'
		when not admin_may_all(v_actor.roles, p_roles) then 'rights' end;
	if outcome is null then
		select e.outcome, e.user_id into outcome, user_id
			from user_enter(p_name, p_roles, null, p_mail, false, admin_name(v_actor)) e;
	end if;
	if outcome = 'ok' then
		update users u set display_name = p_display_name where u.id = user_id;
		if v_by_mail then
			outcome := 'mailed';
			perform link_make('welcome', user_id, null, jsonb_build_object('address', p_mail),
				1, null, 'welcome', null, admin_name(v_actor));
		else
			perform link_make('reset-shown', user_id, p_hash, null, 1, null, null, null,
				admin_name(v_actor));
		end if;
	end if;
	return next;
end
$$;

-- Mail an invitation. outcome: ok; address or roles, this is not a valid one; rights, one of the
-- roles is not within the admin's rights; address taken, another account has verified it.
create function doorward.admin_invite(p_sid uuid, p_mail text, p_roles text[], p_address inet)
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_actor users := admin_actor(p_sid);
begin
	perform admin_from(p_address);
	if not coalesce(address_valid(p_mail), false) then
		return 'address';
	elsif not roles_valid(p_roles) then
		return 'roles';
	elsif not admin_may_all(v_actor.roles, p_roles) then
		return 'rights';
	elsif address_is_taken(null, p_mail) then
		return 'address taken';
	end if;
	perform link_make('invite', null, null,
		jsonb_build_object('address', p_mail, 'roles', p_roles), 1, null, 'invite', null,
		admin_name(v_actor));
	return 'ok';
end
$$;

-- Can the admin still do something about this invitation? Not if it is used up, or if whoever
-- opens it has asked for it.
create function doorward.invitation_is_open(p_link doorward.links) returns boolean
language sql immutable
as $$
	select p_link.kind = 'invite' and p_link.uses_left > 0 and not p_link.data ? 'self'
$$;

-- What admin_may says, for many roles without asking for each: `gives` may be given, and with
-- gives_all every role that is not in `refused`.
create function doorward.admin_limits(p_roles text[], out gives_all boolean, out gives text[],
	out refused text[])
language plpgsql volatile
as $$
begin
	gives_all := exists (select 1 from admin_rights a
		where a.admin_role = any(p_roles) and a.role = '*');
	gives := array(select a.role from admin_rights a
		where a.admin_role = any(p_roles) and a.allowed and a.role <> '*');
	refused := array(select a.role from admin_rights a
		where a.admin_role = any(p_roles) and not a.allowed
			and not admin_may(p_roles, a.role));
end
$$;

-- Invitations, newest first, from the one after the key (made, id) on; NULL: from the newest on.
-- Those that are not open are rows of which only the key is set, so that the number of rows that
-- are read has a limit. made is in microseconds. `may`: the roles are within the admin's rights.
create function doorward.admin_invitations(p_sid uuid, p_made bigint, p_id uuid, p_limit integer)
returns table (id uuid, made bigint, is_open boolean, address text, roles text, uses_left integer,
	created_at bigint, ends_at bigint, state text, may boolean)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_actor users := admin_actor(p_sid);
	v_limits record := admin_limits(v_actor.roles);
	v_roles text[];
	v_link links;
begin
	for v_link in
		select l.* from links l
			where l.kind = 'invite' and (p_made is null or (l.created_at, l.id)
				< ('epoch'::timestamptz + p_made * interval '1 us', p_id))
			order by l.created_at desc, l.id desc
			limit least(p_limit, 200)
	loop
		id := v_link.id;
		made := extract(epoch from v_link.created_at) * 1000000;
		is_open := invitation_is_open(v_link);
		if is_open then
			address := v_link.data ->> 'address';
			v_roles := link_roles(v_link.data);
			roles := array_to_string(v_roles, ' ');
			uses_left := v_link.uses_left;
			created_at := floor(extract(epoch from v_link.created_at));
			ends_at := floor(extract(epoch from v_link.ends_at));
			state := link_state(v_link, null);
			may := v_roles <@ v_limits.gives
				or v_limits.gives_all and not v_roles && v_limits.refused;
		else
			address := null;
			roles := null;
			uses_left := null;
			created_at := null;
			ends_at := null;
			state := null;
			may := null;
		end if;
		return next;
	end loop;
end
$$;

-- What an admin may do to an open invitation (NULL: there is none). The row is locked.
create function doorward.admin_invitation_find(p_actor doorward.users, p_id uuid,
	out outcome text, out link doorward.links)
language plpgsql volatile
as $$
begin
	select l.* into link from links l where l.id = p_id for update;
	outcome := case
		when link.id is null or not invitation_is_open(link) then 'missing'
		when not admin_may_all(p_actor.roles, link_roles(link.data)) then 'rights'
		else 'ok' end;
end
$$;

-- Mail it again; its life starts anew. Returns ok; missing, there is no such open invitation;
-- rights, its roles are not within the admin's rights; no address, it was shown and not mailed.
create function doorward.admin_invitation_resend(p_sid uuid, p_id uuid, p_address inet)
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_actor users := admin_actor(p_sid);
	v_outcome text;
begin
	perform admin_from(p_address);
	v_outcome := (admin_invitation_find(v_actor, p_id)).outcome;
	if v_outcome = 'ok' then
		v_outcome := link_resend(p_id, null, admin_name(v_actor));
	end if;
	return v_outcome;
end
$$;

-- Nobody can use it any more. Returns ok, missing or rights.
create function doorward.admin_invitation_withdraw(p_sid uuid, p_id uuid, p_address inet)
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_actor users := admin_actor(p_sid);
	v_outcome text;
begin
	perform admin_from(p_address);
	v_outcome := (admin_invitation_find(v_actor, p_id)).outcome;
	if v_outcome = 'ok' then
		perform link_withdraw(p_id, admin_name(v_actor));
	end if;
	return v_outcome;
end
$$;

insert into doorward.door (program, function) values
	('webadmin', 'admin_add'), ('webadmin', 'admin_invite'), ('webadmin', 'admin_invitations'),
	('webadmin', 'admin_invitation_resend'), ('webadmin', 'admin_invitation_withdraw');
