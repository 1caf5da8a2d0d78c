-- Who may use the admin pages, and what each admin may do. Each function that admin.fcgi calls
-- begins with the sid of the admin's verified token, and looks up the rest itself: what the
-- program says of itself counts for nothing.

-- May somebody with these roles give p_role?
create function doorward.admin_may(p_roles text[], p_role text) returns boolean
language sql volatile
as $$
	select exists (select 1 from admin_rights a
		where a.admin_role = any(p_roles) and a.allowed and (a.role = p_role
			or a.role = '*' and not exists (select 1 from admin_rights f
				where f.admin_role = a.admin_role and f.role = p_role and not f.allowed)))
$$;

create function doorward.admin_may_all(p_roles text[], p_wanted text[]) returns boolean
language sql volatile
as $$
	select not exists (select 1 from unnest(p_wanted) r where not admin_may(p_roles, r))
$$;

-- Is it an admin role? doorward-admin is one in any case.
create function doorward.admin_role_is(p_role text) returns boolean
language sql volatile
as $$
	select p_role = 'doorward-admin' or exists (select 1 from admin_rights a
		where a.admin_role = p_role and a.allowed)
$$;

-- The admin whose open session has p_sid. Otherwise an error: DW401, it is no open session of an
-- enabled user; DW403, the user has no admin role; DW419, the login is older than admin_fresh.
create function doorward.admin_actor(p_sid uuid) returns doorward.users
language plpgsql volatile
as $$
declare
	v_session sessions;
	v_user users;
begin
	select s.* into v_session from sessions s where s.sid = p_sid;
	select u.* into v_user from users u where u.id = v_session.user_id and not u.disabled;
	if v_user.id is null or not session_live(v_session) then
		raise exception using errcode = 'DW401', message = 'no open session has this sid';
	elsif not exists (select 1 from unnest(v_user.roles) r where admin_role_is(r)) then
		raise exception using errcode = 'DW403', message = 'the user has no admin role';
	elsif v_session.auth_time <= doorward.now() - make_interval(
			secs => (select f.seconds from admin_fresh f)) then
		raise exception using errcode = 'DW419', message = 'the login is not fresh';
	end if;
	return v_user;
end
$$;

-- The admin as the audit calls them.
create function doorward.admin_name(p_actor doorward.users) returns text
language sql immutable
as $$
	select 'admin:' || p_actor.name
$$;

-- Who asks. gives_all: the admin may give every role but those in `refused`. Otherwise `gives`
-- are the roles that may be given. Lists are words.
create function doorward.admin_find(p_sid uuid)
returns table (id uuid, name text, roles text, display_name text, language text, address text,
	address_verified boolean, auth_time bigint, gives_all boolean, gives text, refused text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_actor users := admin_actor(p_sid);
begin
	return query select v_actor.id, v_actor.name, array_to_string(v_actor.roles, ' '),
		v_actor.display_name, v_actor.language, a.address, a.verified_at is not null,
		(select floor(extract(epoch from s.auth_time))::bigint from sessions s
			where s.sid = p_sid),
		exists (select 1 from admin_rights r
			where r.admin_role = any(v_actor.roles) and r.role = '*'),
		(select string_agg(distinct r.role, ' ' order by r.role) from admin_rights r
			where r.admin_role = any(v_actor.roles) and r.allowed and r.role <> '*'),
		(select string_agg(distinct r.role, ' ' order by r.role) from admin_rights r
			where r.admin_role = any(v_actor.roles) and not r.allowed
				and not admin_may(v_actor.roles, r.role))
		from (select 1) one left join addresses a on a.user_id = v_actor.id;
end
$$;

-- ---- the operator ----

-- The rights, by admin role. An admin role that may give nothing has a row with role NULL.
create function doorward.admin_rights_list()
returns table (admin_role text, role text, allowed boolean)
language sql stable security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select a.admin_role, a.role, a.allowed from admin_rights a
	union all
	select 'doorward-admin', null, null where not exists (select 1 from admin_rights a
		where a.admin_role = 'doorward-admin')
	order by 1, 2
$$;

-- The admin role p_admin may give p_role from now on. Role `*`: every role, whatever was
-- forbidden before.
create function doorward.admin_allow(p_admin text, p_role text) returns void
language plpgsql volatile
as $$
begin
	delete from admin_rights a where a.admin_role = p_admin
		and (a.role = p_role or p_role = '*' and not a.allowed);
	if not exists (select 1 from admin_rights a
			where a.admin_role = p_admin and a.role = '*') then
		insert into admin_rights values (p_admin, p_role, true);
	end if;
end
$$;

-- It may not give p_role any more. Role `*`: it may give those that were allowed by name.
create function doorward.admin_forbid(p_admin text, p_role text) returns void
language plpgsql volatile
as $$
begin
	delete from admin_rights a where a.admin_role = p_admin
		and (a.role = p_role or p_role = '*' and not a.allowed);
	if exists (select 1 from admin_rights a
			where a.admin_role = p_admin and a.role = '*') then
		insert into admin_rights values (p_admin, p_role, false);
	end if;
end
$$;

-- Allow or forbid p_admin to give each of these roles. True: something changed. check_violation:
-- one of the words is no role.
create function doorward.admin_rights_set(p_admin text, p_roles text[], p_allowed boolean,
	p_actor text) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_before text;
	v_role text;
begin
	if not roles_valid(array[p_admin])
			or not roles_valid(array_remove(p_roles, '*')) then
		raise check_violation using message = 'one of the roles is not valid';
	end if;
	lock table admin_rights in share row exclusive mode; -- two operators at once
	v_before := (select string_agg(a::text, ' ' order by a.role) from admin_rights a
		where a.admin_role = p_admin);
	foreach v_role in array p_roles loop
		if p_allowed then
			perform admin_allow(p_admin, v_role);
		else
			perform admin_forbid(p_admin, v_role);
		end if;
	end loop;
	if v_before is not distinct from (select string_agg(a::text, ' ' order by a.role)
			from admin_rights a where a.admin_role = p_admin) then
		return false;
	end if;
	perform audit_add('rights_changed', null, null, p_actor, null, null, p_admin
		|| case when p_allowed then ' may give ' else ' may not give ' end
		|| array_to_string(p_roles, ' '));
	return true;
end
$$;

insert into doorward.door (program, function) values
	('webadmin', 'admin_find'), ('admin', 'admin_rights_list'), ('admin', 'admin_rights_set');
