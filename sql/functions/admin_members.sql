-- Many people at once by an admin: a file of new ones, and the list as a file.

-- Add each of an array of objects (name, roles, disabled, and if there are any, address and
-- display_name), as admin_add does: who gets a mail is as p_by_mail says, and who is disabled
-- gets none. A row for each, in order; all that can be are stored. outcome as of admin_add; ok:
-- added, and no link was made. p_dry: nothing is stored.
create function doorward.admin_import(p_sid uuid, p_people jsonb, p_by_mail boolean,
	p_dry boolean, p_address inet)
returns table (n integer, outcome text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_variable
declare
	v_actor users := admin_actor(p_sid);
	v_outcomes text[] := '{}';
	v_one jsonb;
begin
	begin
		for v_one in select e from jsonb_array_elements(p_people) e loop
			select a.outcome into outcome from admin_add(p_sid, v_one ->> 'name',
				v_one ->> 'address', v_one ->> 'display_name',
				array(select jsonb_array_elements_text(v_one -> 'roles')),
				p_by_mail and not (v_one ->> 'disabled')::boolean, null, p_address) a;
			if outcome in ('ok', 'mailed') and (v_one ->> 'disabled')::boolean then
				perform user_disable(v_one ->> 'name', true, admin_name(v_actor));
			end if;
			v_outcomes := v_outcomes || outcome;
		end loop;
		if p_dry then
			raise exception using errcode = 'DW000'; -- undoes what was stored
		end if;
	exception when sqlstate 'DW000' then
		null;
	end;
	for i in 1 .. cardinality(v_outcomes) loop
		n := i;
		outcome := v_outcomes[i];
		return next;
	end loop;
end
$$;

-- The people of admin_people, for a file: each with the address as it was typed. Who is found by
-- name and by address may come twice, on pages that follow each other.
create function doorward.admin_people_file(p_sid uuid, p_q text, p_role text, p_state text,
	p_after text, p_limit integer)
returns table (name text, address text, display_name text, roles text, disabled boolean,
	id uuid, next text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
begin
	return query select p.name, a.address, p.display_name, p.roles, p.disabled, p.id, p.next
		from admin_people(p_sid, p_q, p_role, p_state, p_after, p_limit)
			with ordinality p(id, name, display_name, folded, roles, disabled, next,
				nth)
			left join addresses a on a.user_id = p.id
		order by p.nth;
end
$$;

insert into doorward.door (program, function) values
	('webadmin', 'admin_import'), ('webadmin', 'admin_people_file');
