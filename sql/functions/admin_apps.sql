-- The clients that a person has let in (oauth_apps), on the admin pages.

create function doorward.admin_person_apps(p_sid uuid, p_user uuid)
returns table (client_id text, name text, scopes text, given_at bigint, used_at bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
begin
	perform admin_actor(p_sid);
	return query select a.client_id, a.name, a.scopes, a.given_at, a.used_at
		from oauth_apps(p_user) a;
end
$$;

-- End all that clients hold of a person, and forget what the person has allowed them. ended: how
-- many grants lived until now. More outcomes: none, there is nothing.
create function doorward.admin_apps_end(p_sid uuid, p_user uuid, p_seen text, p_address inet)
returns table (outcome text, name text, ended integer)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v record;
	v_client text;
begin
	v := admin_take(p_sid, p_user, p_seen, p_address);
	outcome := v.outcome;
	name := (v.person).name;
	if outcome = 'ok' then
		if oauth_apps_count(p_user) = 0 then
			outcome := 'none';
		end if;
		ended := oauth_grants_end(p_user, null, 'operator', v.actor, p_address);
		for v_client in
			delete from oauth_consents k where k.user_id = p_user returning k.client_id
		loop
			perform audit_add('oauth_withdrawn', p_user, name, v.actor, p_address, null,
				v_client);
		end loop;
	end if;
	return next;
end
$$;

insert into doorward.door (program, function) values
	('webadmin', 'admin_person_apps'), ('webadmin', 'admin_apps_end');
