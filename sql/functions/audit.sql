-- The audit table: a row for each decision, and what the operator reads of it.

create function doorward.audit_add(p_event text, p_user uuid, p_name text, p_actor text,
	p_address inet, p_session uuid, p_detail text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
begin
	insert into audit (at, event, user_id, name, actor, address, session, detail)
	values (doorward.now(), p_event, p_user, p_name, p_actor, coalesce(p_address,
		nullif(current_setting('doorward.address', true), '')::inet), p_session, p_detail);
end
$$;

-- Until this transaction ends, p_address stands in the rows that name no address: an admin acts
-- from there by what the operator's command calls, too.
create function doorward.admin_from(p_address inet) returns void
language sql volatile
as $$
	select set_config('doorward.address', coalesce(host(p_address), ''), true)
$$;

-- Remove from every row what shows who a deleted user was. The id stays.
create function doorward.audit_blank(p_user uuid) returns void
language sql volatile
as $$
	update audit a set name = null, address = null, detail = null
	where a.user_id = p_user and num_nonnulls(a.name, a.address, a.detail) > 0
$$;

-- Something that the operator did outside of the database, with a key or a token.
create function doorward.audit_operator(p_event text, p_actor text, p_user uuid, p_sid uuid,
	p_detail text) returns void
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select audit_add(p_event, p_user, (select u.name from users u where u.id = p_user), p_actor,
		null, p_sid, p_detail)
$$;

-- The audit rows, newest first, from p_since on and before p_until (seconds since 1970).
-- NULL: any user, any event, any time.
create function doorward.audit_list(p_name text, p_events text[], p_since bigint,
	p_until bigint, p_limit integer)
returns table (at bigint, event text, user_id uuid, name text, actor text, address text,
	session uuid, detail text)
language sql stable security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select floor(extract(epoch from a.at))::bigint, a.event, a.user_id, a.name, a.actor,
		host(a.address), a.session, a.detail
	from audit a
	where (p_name is null or a.user_id = (select u.id from users u
			where u.name_key = name_key(p_name))
			or name_key(a.name) = name_key(p_name))
		and (p_events is null or a.event = any(p_events))
		and (p_since is null or a.at >= to_timestamp(p_since))
		and (p_until is null or a.at < to_timestamp(p_until))
	order by a.id desc
	limit p_limit
$$;

insert into doorward.door (program, function) values
	('admin', 'audit_add'), ('admin', 'audit_operator'), ('admin', 'audit_list');
