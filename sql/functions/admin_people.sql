-- People as an admin sees them: lists by key, and everything about one person. Everybody is seen
-- by every admin. Who may change whom is in admin_take (admin_actions.sql).

-- The terms by which people are found: their names, and with p_q their addresses, too. Each
-- stream is in the order of its index.
create function doorward.people_terms(p_q text, p_role text, p_state text, p_after text)
returns table (term text, user_id uuid, address text)
language sql volatile
as $$
	select p.name_key, p.user_id, p.address_key from people_index p
		where p.role = p_role and not p.disabled and p_state <> 'disabled'
			and p.name_key > p_after and p.name_key >= p_q
			and p.name_key < p_q || U&'\+10FFFF'
	union all
	select p.name_key, p.user_id, p.address_key from people_index p
		where p.role = p_role and p.disabled and p_state <> 'enabled'
			and p.name_key > p_after and p.name_key >= p_q
			and p.name_key < p_q || U&'\+10FFFF'
	union all
	select p.address_key || ' ' || p.name_key, p.user_id, p.address_key from people_index p
		where p.role = p_role and not p.disabled and p_state <> 'disabled' and p_q <> ''
			and p.address_key is not null
			and p.address_key || ' ' || p.name_key > p_after
			and p.address_key || ' ' || p.name_key >= p_q
			and p.address_key || ' ' || p.name_key < p_q || U&'\+10FFFF'
	union all
	select p.address_key || ' ' || p.name_key, p.user_id, p.address_key from people_index p
		where p.role = p_role and p.disabled and p_state <> 'enabled' and p_q <> ''
			and p.address_key is not null
			and p.address_key || ' ' || p.name_key > p_after
			and p.address_key || ' ' || p.name_key >= p_q
			and p.address_key || ' ' || p.name_key < p_q || U&'\+10FFFF'
$$;

-- The people whose name or address begins with p_q, who have p_role ('': all), in p_state ('',
-- enabled or disabled; other words: ''), after the place p_after ('': from the first on). Any
-- text is a place. `next` is the place for the next page, the same in each row; NULL: there is
-- none. A page reads p_limit terms. Who is found by name and by address has one row on it, so it
-- may have fewer rows.
create function doorward.admin_people(p_sid uuid, p_q text, p_role text, p_state text,
	p_after text, p_limit integer)
returns table (id uuid, name text, display_name text, address text, roles text,
	disabled boolean, last_login_at bigint, next text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
	v_q text := coalesce(name_key(p_q), '') collate "C";
	v_after text := coalesce(p_after, '') collate "C";
	v_state text := case when p_state in ('enabled', 'disabled') then p_state else '' end;
begin
	perform admin_actor(p_sid);
	if octet_length(v_q) > 255 then
		return; -- longer than any name or address
	end if;
	return query
	with found as materialized (
		select t.term, t.user_id, t.address
			from people_terms(v_q, coalesce(p_role, ''), v_state, v_after) t
			order by t.term collate "C" limit p_limit
	), place as (
		select max(f.term collate "C") as last, count(*) as n from found f
	)
	select u.id, u.name, u.display_name, f.address, array_to_string(u.roles, ' '), u.disabled,
		floor(extract(epoch from u.last_login_at))::bigint,
		case when p.n = p_limit then p.last end
	from (select distinct on (d.user_id) d.user_id, d.term, d.address from found d
			order by d.user_id, d.term collate "C") f
		join users u on u.id = f.user_id
		cross join place p
	order by f.term collate "C";
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
