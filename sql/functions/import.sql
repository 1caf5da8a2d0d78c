-- Users from elsewhere, many in one statement.

-- What of a user that is there differs from one that is brought; '' : nothing. A password
-- that has been used or changed since is the user's own, and is no difference.
create function doorward.user_differs(p_user doorward.users, p_new jsonb) returns text
language sql volatile
as $$
	select concat_ws(', ',
		case when p_user.name <> p_new ->> 'name' then 'name' end,
		case when not (p_user.roles <@ w.roles and w.roles <@ p_user.roles) then 'roles' end,
		case when p_user.display_name is distinct from p_new ->> 'display_name'
			then 'display name' end,
		case when p_user.disabled <> (p_new ->> 'disabled')::boolean then 'disabled' end,
		case when address_key(a.address) is distinct from address_key(p_new ->> 'address')
			then 'address' end,
		case when (p_new ->> 'verified')::boolean and a.address is not null
			and a.verified_at is null then 'verified' end,
		case when p_user.password_hash is distinct from p_new ->> 'hash'
			and p_user.last_login_at is null and p_user.password_version = 1
			then 'password' end)
	from (select array(select jsonb_array_elements_text(p_new -> 'roles')) as roles) w
		left join addresses a on a.user_id = p_user.id
$$;

-- Is it a user that can be stored? The outcome as of users_import.
create function doorward.user_judge(p_new jsonb, p_roles text[]) returns text
language sql volatile
as $$
	select case
		when not name_valid(p_new ->> 'name') then 'name'
		when not roles_valid(p_roles) then 'roles'
		when not display_name_valid(p_new ->> 'display_name') then 'display name'
		when not address_valid(p_new ->> 'address') then 'address'
		when name_is_given_up(p_new ->> 'name') then 'given up'
		when not name_is_own(p_new ->> 'name', case when (p_new ->> 'verified')::boolean
			then p_new ->> 'address' end) then 'not own'
		when (p_new ->> 'verified')::boolean
			and address_is_taken(null, p_new ->> 'address') then 'address taken'
		else 'ok' end
$$;

-- What becomes of each user of an array, before one of them is stored: the outcome as of
-- users_import, or `later` if an earlier one has the same name or verified address. One
-- statement for all, because PostgreSQL plans the functions that it calls once a statement.
create function doorward.users_judge(p_users jsonb) returns table (n bigint, outcome text)
language sql volatile
as $$
	select e.n, case
		when e.nth > 1 or e.nth_address > 1 then 'later'
		when u.id is not null then coalesce(nullif('differs: ' || user_differs(u, e.value),
			'differs: '), 'same')
		else user_judge(e.value,
			array(select jsonb_array_elements_text(e.value -> 'roles'))) end
	from (select k.n, k.value, k.name,
			row_number() over (partition by k.name order by k.n) as nth,
			case when k.address is not null then row_number() over (
				partition by k.address order by k.n) end as nth_address
		from (select v.ordinality as n, v.value, name_key(v.value ->> 'name') as name,
				case when (v.value ->> 'verified')::boolean
					then address_key(v.value ->> 'address') end as address
			from jsonb_array_elements(p_users) with ordinality v) k) e
		left join users u on u.name_key = e.name
$$;

-- Store those whose outcome is ok.
create function doorward.users_store(p_users jsonb, p_outcomes text[], p_actor text)
returns void
language plpgsql volatile
as $$
declare
	v_ids uuid[] := array(select gen_random_uuid() from jsonb_array_elements(p_users));
begin
	insert into users (id, name, roles, disabled, display_name, password_hash, password_at,
			created_at)
		select v_ids[e.ordinality], e.value ->> 'name',
			array(select jsonb_array_elements_text(e.value -> 'roles')),
			(e.value ->> 'disabled')::boolean, e.value ->> 'display_name',
			e.value ->> 'hash', doorward.now(), doorward.now()
		from jsonb_array_elements(p_users) with ordinality e
		where p_outcomes[e.ordinality] = 'ok';
	insert into addresses (user_id, address, verified_at)
		select v_ids[e.ordinality], e.value ->> 'address',
			case when (e.value ->> 'verified')::boolean then doorward.now() end
		from jsonb_array_elements(p_users) with ordinality e
		where p_outcomes[e.ordinality] = 'ok' and e.value ? 'address';
	insert into audit (at, event, user_id, name, actor, detail)
		select doorward.now(), k.event, v_ids[e.ordinality], e.value ->> 'name', p_actor,
			case k.event when 'user_added' then array_to_string(
				array(select jsonb_array_elements_text(e.value -> 'roles')), ' ') end
		from jsonb_array_elements(p_users) with ordinality e
			cross join unnest(array['user_added', 'user_disabled']) with ordinality k(event, i)
		where p_outcomes[e.ordinality] = 'ok'
			and (k.event = 'user_added' or (e.value ->> 'disabled')::boolean)
		order by e.ordinality, k.i;
end
$$;

-- p_users: an array of objects of name, roles, disabled, verified, and if there are any,
-- address, display_name and hash. All are stored that can be. A row for each, in order:
-- outcome, and the forms of name and of verified address that belong to one user only.
--   ok                it was stored
--   same              it is there already, as it is in p_users
--   differs: WHAT     there is a user of that name, and WHAT is not the same
--   name, roles, display name, address: it is not valid
--   given up, not own, address taken: as of user_enter
-- p_dry: nothing is stored. unique_violation, and nothing is stored: somebody else has
-- stored such a user or address at the same moment.
create function doorward.users_import(p_users jsonb, p_dry boolean, p_actor text)
returns table (outcome text, name_key text, address_key text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_outcomes text[];
	v_one jsonb;
begin
	begin
		v_outcomes := array(select j.outcome from users_judge(p_users) j order by j.n);
		perform users_store(p_users, v_outcomes, p_actor);
		for i in 1 .. cardinality(v_outcomes) loop
			if v_outcomes[i] = 'later' then
				v_one := jsonb_build_array(p_users -> (i - 1));
				v_outcomes[i] := (select j.outcome from users_judge(v_one) j);
				perform users_store(v_one, array[v_outcomes[i]], p_actor);
			end if;
		end loop;
		if p_dry then
			raise exception using errcode = 'DW000'; -- undoes what was stored
		end if;
	exception when sqlstate 'DW000' then
		null;
	end;
	return query select v_outcomes[e.ordinality], name_key(e.value ->> 'name'),
		case when (e.value ->> 'verified')::boolean
			then address_key(e.value ->> 'address') end
		from jsonb_array_elements(p_users) with ordinality e order by e.ordinality;
end
$$;

-- All users by name, for `doorward user export`.
create function doorward.users_export(p_after text, p_limit integer)
returns table (id uuid, name text, address text, verified boolean, display_name text,
	roles text, disabled boolean, created_at bigint, last_login_at bigint, name_key text)
language sql stable security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select u.id, u.name, a.address, a.verified_at is not null, u.display_name,
		array_to_string(u.roles, ' '), u.disabled,
		floor(extract(epoch from u.created_at))::bigint,
		floor(extract(epoch from u.last_login_at))::bigint, u.name_key
	from users u left join addresses a on a.user_id = u.id
	where u.name_key > p_after
	order by u.name_key
	limit p_limit
$$;

-- The hashes of the same users. No role may execute it: only the owner of the tables.
create function doorward.users_export_hashes(p_after text, p_limit integer)
returns table (id uuid, password_hash text)
language sql stable security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select u.id, u.password_hash from users u
	where u.name_key > p_after
	order by u.name_key
	limit p_limit
$$;

insert into doorward.door (program, function) values
	('admin', 'users_import'), ('admin', 'users_export');
