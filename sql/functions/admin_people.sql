-- People as an admin sees them: lists by key, and everything about one person. Everybody is seen
-- by every admin. Who may change whom is in admin_take (admin_actions.sql).

-- The people who are found by name, or with p_by_address by address, as an open cursor, in the
-- order of an index. Rows are read when they are fetched.
create function doorward.people_stream(p_by_address boolean, p_disabled boolean, p_q text,
	p_role text, p_after text, p_limit integer) returns refcursor
language plpgsql volatile
set plan_cache_mode = force_custom_plan
as $$
declare
	v_end text := p_q || U&'\+10FFFF' collate "C";
	v_stream refcursor;
begin
	if p_by_address then
		open v_stream for select * from people_index p
			where p.role = p_role and p.disabled = p_disabled and p.address_key is not null
				and p.address_key || ' ' || p.name_key > p_after
				and p.address_key || ' ' || p.name_key >= p_q
				and p.address_key || ' ' || p.name_key < v_end
			order by p.address_key || ' ' || p.name_key limit p_limit;
	else
		open v_stream for select * from people_index p
			where p.role = p_role and p.disabled = p_disabled and p.name_key > p_after
				and p.name_key >= p_q and p.name_key < v_end
			order by p.name_key limit p_limit;
	end if;
	return v_stream;
end
$$;

-- The streams of a search: of one state or both, and with p_q by name and by address. The first
-- two are by name.
create function doorward.people_streams(p_q text, p_role text, p_state text, p_after text,
	p_limit integer) returns refcursor[]
language plpgsql volatile
as $$
begin
	return array(select case when (not d and p_state <> 'disabled' or d and p_state <> 'enabled')
				and (not a or p_q <> '')
			then people_stream(a, d, p_q, p_role, p_after, p_limit) end
		from unnest(array[false, true]) a, unnest(array[false, true]) d order by a, d);
end
$$;

-- The people whose name or address begins with p_q, who have p_role ('': all), in p_state ('',
-- enabled or disabled; other words: ''), after the place p_after ('': from the first on). Any
-- text is a place. `next` is the place for the next page, the same in each row; NULL: there is
-- none. A page finds p_limit times. Who is found by name and by address has one row on it, so it
-- may have fewer rows. address: as address_key has it.
create function doorward.admin_people(p_sid uuid, p_q text, p_role text, p_state text,
	p_after text, p_limit integer)
returns table (id uuid, name text, display_name text, address text, roles text,
	disabled boolean, next text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_q text := coalesce(name_key(p_q), '');
	v_state text := case when p_state in ('enabled', 'disabled') then p_state else '' end;
	v_streams refcursor[];
	v_stream refcursor;
	v_row people_index;
	v_heads people_index[] := array_fill(null::people_index, array[4]);
	v_terms text[] := array_fill(null::text, array[4]);
	v_found people_index[] := '{}';
	v_seen uuid[] := '{}';
	v_place text;
	v_first integer;
	v_n integer := 0;
begin
	perform admin_actor(p_sid);
	if octet_length(v_q) > 255 then
		return; -- longer than any name or address
	end if;
	v_streams := people_streams(v_q, coalesce(p_role, ''), v_state, coalesce(p_after, ''),
		p_limit);
	v_first := 1;
	loop
		-- the next row of the stream whose row was taken, at first of each
		for i in 1 .. 4 loop
			v_stream := v_streams[i];
			if v_stream is not null and (v_place is null or i = v_first) then
				fetch v_stream into v_row;
				v_heads[i] := v_row;
				v_terms[i] := case when i <= 2 then v_row.name_key
					else v_row.address_key || ' ' || v_row.name_key end;
			end if;
		end loop;
		exit when v_n = p_limit;
		v_first := (select t.i from unnest(v_terms) with ordinality t(term, i)
			where t.term is not null order by t.term collate "C" limit 1);
		exit when v_first is null;
		v_n := v_n + 1;
		v_place := v_terms[v_first];
		if (v_heads[v_first]).user_id <> all(v_seen) then
			v_seen := v_seen || (v_heads[v_first]).user_id;
			v_found := v_found || v_heads[v_first];
		end if;
	end loop;
	return query select f.user_id, f.name, f.display_name, f.address_key,
		array_to_string(f.roles, ' '), f.disabled, case when v_n = p_limit then v_place end
		from unnest(v_found) with ordinality f order by f.ordinality;
end
$$;

-- What an admin may change about a person, and what decides about it, as one value: a page shows
-- it, and an action wants it back. A login does not change it.
create function doorward.person_seen(p_user doorward.users) returns text
language sql volatile
as $$
	select md5(jsonb_build_array(p_user.name, p_user.roles, p_user.disabled,
		p_user.display_name, p_user.language, p_user.password_version, p_user.device_version,
		p_user.password_hash is not null, a.address, a.verified_at is not null,
		factors_of(p_user.id))::text)
	from (select 1) one left join addresses a on a.user_id = p_user.id
$$;

-- Everything about one person, by p_user, or if that is NULL, by name. No row: there is none.
-- may: the admin may change them. last: the last enabled one with the role doorward-admin.
create function doorward.admin_person(p_sid uuid, p_user uuid, p_name text)
returns table (id uuid, name text, display_name text, language text, address text,
	address_verified_at bigint, address_wanted text, roles text, disabled boolean,
	has_password boolean, created_at bigint, password_at bigint, last_login_at bigint,
	sessions bigint, throttled boolean, factors text, seen text, may boolean, last boolean)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_actor users := admin_actor(p_sid);
	v_user users;
begin
	if p_user is not null then
		select * into v_user from users u where u.id = p_user;
	elsif octet_length(p_name) <= 1024 then
		select * into v_user from users u where u.name_key = name_key(p_name);
	end if;
	if v_user.id is null then
		return;
	end if;
	return query select v_user.id, v_user.name, v_user.display_name, v_user.language,
		a.address, floor(extract(epoch from a.verified_at))::bigint, address_wanted(v_user.id),
		array_to_string(v_user.roles, ' '), v_user.disabled, v_user.password_hash is not null,
		floor(extract(epoch from v_user.created_at))::bigint,
		case when v_user.password_hash is not null
			then floor(extract(epoch from v_user.password_at))::bigint end,
		floor(extract(epoch from v_user.last_login_at))::bigint,
		(select count(*) from sessions s where s.user_id = v_user.id and s.ended_at is null
			and session_live(s)),
		user_throttled(v_user.id), array_to_string(factors_of(v_user.id), ' '),
		person_seen(v_user), admin_may_all(v_actor.roles, v_user.roles),
		admin_is_last(v_user, false)
		from (select 1) one left join addresses a on a.user_id = v_user.id;
end
$$;

-- The open sessions of a person, last used first, at most 50.
create function doorward.admin_person_sessions(p_sid uuid, p_user uuid)
returns table (id uuid, opened_at bigint, used_at bigint, address text, agent text,
	remember boolean, amr text, factor_at bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
begin
	perform admin_actor(p_sid);
	return query select s.id, floor(extract(epoch from s.opened_at))::bigint,
		floor(extract(epoch from s.used_at))::bigint, host(s.address), s.agent, s.remember,
		array_to_string(s.amr, ' '), floor(extract(epoch from s.factor_at))::bigint
		from sessions s
		where s.user_id = p_user and s.ended_at is null and session_live(s)
		order by s.used_at desc limit 50;
end
$$;

-- kind: totp, passkey (with its name), recovery (with `remaining`).
create function doorward.admin_person_factors(p_sid uuid, p_user uuid)
returns table (kind text, name text, created_at bigint, used_at bigint, synced boolean,
	remaining integer)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
begin
	perform admin_actor(p_sid);
	return query select f.kind, f.name, f.created_at, f.used_at, f.synced, f.remaining
		from factor_list(p_user) f;
end
$$;

-- The tokens for programs of a person that are still good.
create function doorward.admin_person_programs(p_sid uuid, p_user uuid)
returns table (id uuid, label text, roles text, prefix text, created_at bigint,
	expires_at bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
begin
	perform admin_actor(p_sid);
	return query select p.id, p.label, p.roles, p.prefix, p.created_at, p.expires_at
		from program_list(p_user) p;
end
$$;

-- The newest 20 links of a person, without what opens them. state: see link_state.
create function doorward.admin_person_links(p_sid uuid, p_user uuid)
returns table (kind text, address text, created_at bigint, ends_at bigint, state text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
begin
	perform admin_actor(p_sid);
	return query select l.kind, l.data ->> 'address',
		floor(extract(epoch from l.created_at))::bigint,
		floor(extract(epoch from l.ends_at))::bigint, link_state(l, u)
		from links l join users u on u.id = l.user_id
		where l.user_id = p_user
		order by l.created_at desc limit 20;
end
$$;

-- The newest 20 events about a person.
create function doorward.admin_person_events(p_sid uuid, p_user uuid)
returns table (id bigint, at bigint, event text, actor text, address text, detail text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
begin
	perform admin_actor(p_sid);
	return query select a.id, floor(extract(epoch from a.at))::bigint, a.event, a.actor,
		host(a.address), a.detail
		from audit a where a.user_id = p_user
		order by a.at desc, a.id desc limit 20;
end
$$;

insert into doorward.door (program, function) values
	('webadmin', 'admin_people'), ('webadmin', 'admin_person'),
	('webadmin', 'admin_person_sessions'), ('webadmin', 'admin_person_factors'),
	('webadmin', 'admin_person_programs'), ('webadmin', 'admin_person_links'), ('webadmin', 'admin_person_events');
