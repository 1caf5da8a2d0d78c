-- What admins see of the whole site: roles, what happened, logins by day, who has to wait, how it
-- is. As in admin.sql, each function begins with the sid of the admin's token. Lists come in
-- pages: `after` or `before` is the key of the last row of the page before. A made-up key is only
-- a place in the order.

-- The roles that somebody holds, in their order: how many people, how many of them are disabled,
-- whether it opens these pages, and whether this admin may give it.
create function doorward.admin_roles_list(p_sid uuid, p_after text, p_limit integer)
returns table (role text, people bigint, disabled bigint, opens boolean, gives boolean)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_actor users := admin_actor(p_sid);
begin
	return query
		select c.role, sum(c.n)::bigint, coalesce(sum(c.n) filter (where c.disabled), 0)::bigint,
			admin_role_is(c.role), admin_may(v_actor.roles, c.role)
		from people_counts c
		where c.role > coalesce(p_after, '')
		group by c.role
		having sum(c.n) > 0
		order by c.role
		limit p_limit;
end
$$;

-- Of these roles, those that nobody holds. In rules, they may be mistyped.
create function doorward.admin_roles_free(p_sid uuid, p_roles text[])
returns table (role text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
begin
	perform admin_actor(p_sid);
	return query
		select distinct r.role collate "C"
		from unnest(p_roles) as r(role)
		where not exists (select 1 from people_counts c where c.role = r.role
			group by c.role having sum(c.n) > 0)
		order by 1;
end
$$;

-- The roles of a person, to explain what rules say about them.
create function doorward.admin_roles_of(p_sid uuid, p_name text)
returns table (name text, roles text, disabled boolean)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
begin
	perform admin_actor(p_sid);
	return query select u.name, array_to_string(u.roles, ' '), u.disabled from users u
		where u.name_key = name_key(p_name);
end
$$;

-- The rows of the audit, newest first. p_person is a name or an id; others NULL: any. The key of a
-- row is its time in microseconds since 1970, and its id. Of one person at most p_limit rows are
-- looked at, and those that are not p_event come with event NULL, only for their key.
create function doorward.admin_audit(p_sid uuid, p_person text, p_event text, p_since bigint,
	p_until bigint, p_before_at bigint, p_before_id bigint, p_limit integer)
returns table (key_at bigint, key_id bigint, at bigint, event text, user_id uuid, name text,
	actor text, address text, session uuid, detail text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_id uuid;
	v_from timestamptz := coalesce(to_timestamp(p_since), '-infinity');
	v_to timestamptz := coalesce(to_timestamp(p_until), 'infinity');
	v_at timestamptz := timestamptz 'epoch' + p_before_at * interval '1 microsecond';
	v_row bigint := p_before_id;
	r audit;
begin
	perform admin_actor(p_sid);
	if p_person is not null then
		select u.id into v_id from users u where u.name_key = name_key(p_person);
		if v_id is null and p_person ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
			v_id := p_person::uuid; -- perhaps of somebody who was deleted
		end if;
		if v_id is null then
			return;
		end if;
	end if;
	if v_at is null or v_row is null or v_at >= v_to then
		v_at := v_to; -- one bound, from which the index is read
		v_row := 0;
	end if;
	for r in execute 'select a.* from audit a where a.at >= $1 and (a.at, a.id) < ($2, $3)'
		|| case when v_id is not null then ' and a.user_id = $4'
			when p_event is not null then ' and a.event = $5' else '' end
		|| ' order by a.at desc, a.id desc limit $6'
		using v_from, v_at, v_row, v_id, p_event, p_limit
	loop
		key_at := (extract(epoch from r.at) * 1000000)::bigint;
		key_id := r.id;
		at := floor(extract(epoch from r.at))::bigint;
		event := case when p_event is null or r.event = p_event then r.event end;
		user_id := r.user_id;
		name := r.name;
		actor := r.actor;
		address := host(r.address);
		session := r.session;
		detail := r.detail;
		return next;
	end loop;
end
$$;

-- Count up to 2,000 more rows of the audit into figures_days. True: there are more. The first call
-- begins 35 days ago. The last ten seconds are left for later, as in figures_count.
create function doorward.admin_count_days(p_sid uuid) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_from figures_days_counted;
	v_to timestamptz := doorward.now() - interval '10 seconds';
	v_last record;
begin
	perform admin_actor(p_sid);
	select c.* into v_from from figures_days_counted c for update skip locked;
	if not found then
		return false; -- somebody else is counting
	end if;
	if v_from.at = '-infinity' then
		v_from.at := date_trunc('day', v_to at time zone 'UTC') at time zone 'UTC'
			- interval '35 days';
	end if;
	with taken as materialized (
		select a.at, a.id, a.event from audit a
		where a.at >= v_from.at and (a.at, a.id) > (v_from.at, v_from.id) and a.at <= v_to
		order by a.at, a.id
		limit 2000
	), counted as (
		insert into figures_days as d (day, event, n)
			select (t.at at time zone 'UTC')::date, t.event, count(*) from taken t group by 1, 2
			on conflict (day, event) do update set n = d.n + excluded.n
	)
	select count(*) as n, (array_agg(t.at order by t.at desc, t.id desc))[1] as at,
		(array_agg(t.id order by t.at desc, t.id desc))[1] as id
		into v_last from taken t;
	update figures_days_counted set at = coalesce(v_last.at, v_from.at),
		id = coalesce(v_last.id, v_from.id);
	delete from figures_days d where d.day < (v_to at time zone 'UTC')::date - 400;
	return v_last.n = 2000;
end
$$;

-- How often each of these events happened on each of the last days (UTC), the newest first.
create function doorward.admin_days(p_sid uuid, p_events text[], p_days integer)
returns table (day text, event text, n bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_today date := (doorward.now() at time zone 'UTC')::date;
begin
	perform admin_actor(p_sid);
	return query
		select to_char(v_today - i.i, 'YYYY-MM-DD'), e.event, coalesce(d.n, 0)
		from generate_series(0, least(p_days, 366) - 1) as i(i)
			cross join unnest(p_events) with ordinality as e(event, place)
			left join figures_days d on d.day = v_today - i.i and d.event = e.event
		order by i.i, e.place;
end
$$;

-- The seconds until another try of this bucket is let through, as in attempt_count. 0: now.
create function doorward.attempt_wait(p_level double precision, p_at timestamptz,
	p_now timestamptz, p_kind doorward.throttle) returns double precision
language sql immutable
as $$
	select case when ceil(l.level) < p_kind.free then 0
		else least(power(2, least(l.level - p_kind.free, 30)), p_kind.max_wait)
			- greatest(extract(epoch from p_now - p_at)::float8, 0) end
	from (select attempt_level(p_level, p_at, p_now, p_kind.leak_seconds) as level) l
$$;

-- Who was refused and has to wait. At most p_limit rows are looked at; those whose wait is over,
-- and names that nobody has, come with kind NULL, only for their key. (The key of such a name is
-- cut off, because it is a hash of what somebody typed, perhaps of a password.) Columns: key, kind
-- (name, device, factor, address), bucket, user id, name, address, how often they were refused
-- since the last try, seconds to wait, and whether this admin may unlock it.
create function doorward.admin_throttled(p_sid uuid, p_after text, p_limit integer)
returns table (key text, kind text, bucket text, user_id uuid, name text, address text,
	refused bigint, wait integer, unlocks boolean)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_actor users := admin_actor(p_sid);
	v_now timestamptz := doorward.now();
begin
	return query
		select case when u.id is null and a.kind = 'name' then left(a.bucket, 13) || '~'
				else a.bucket end,
			case when a.wait > 0 and (u.id is not null or a.kind = 'address') then a.kind end,
			case when u.id is not null or a.kind = 'address' then a.bucket end, u.id, u.name,
			case when a.kind = 'address' then substr(a.bucket, 9) end, a.refused,
			greatest(ceil(a.wait), 0)::integer,
			u.id is null or admin_may_all(v_actor.roles, u.roles)
		from (select w.bucket, w.refused, split_part(w.bucket, ':', 1) as kind,
				split_part(w.bucket, ':', 2) as whose, coalesce((select
					attempt_wait(w.level, w.at, v_now, t) from throttle t
					where t.kind = split_part(w.bucket, ':', 1)), 0) as wait
			from attempts w
			where w.refused > 0 and w.bucket > coalesce(p_after, '')
			order by w.bucket
			limit p_limit) a
		left join users u on u.id = case when a.kind <> 'address'
			and a.whose ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then a.whose::uuid end
		order by a.bucket;
end
$$;

-- Let the next try from this bucket through at once. Of a person: everything that is counted for
-- them (user_unlock). ok; gone: nobody has to wait there any more; rights: the person has a role
-- that this admin may not give.
create function doorward.admin_unlock_bucket(p_sid uuid, p_bucket text, p_address inet)
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_actor users := admin_actor(p_sid);
	v_whose text := split_part(p_bucket, ':', 2);
	v_user users;
begin
	perform admin_from(p_address);
	if p_bucket like 'address:%' then
		delete from attempts a where a.bucket = p_bucket and a.refused > 0;
		if not found then
			return 'gone';
		end if;
		perform audit_add('address_unlocked', null, null, admin_name(v_actor), p_address, null,
			substr(p_bucket, 9));
		return 'ok';
	end if;
	if v_whose ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
		select u.* into v_user from users u where u.id = v_whose::uuid for update;
	end if;
	if v_user.id is null
			or not exists (select 1 from attempts a where a.bucket = p_bucket and a.refused > 0) then
		return 'gone';
	elsif not admin_may_all(v_actor.roles, v_user.roles) then
		return 'rights';
	end if;
	perform user_unlock(v_user.name, admin_name(v_actor));
	return 'ok';
end
$$;

-- Figures for the front page and for "how it is": one row. Mails are counted up to 2,000; `late`
-- is for how many seconds the oldest has been due.
create function doorward.admin_status(p_sid uuid)
returns table (people bigint, disabled bigint, roles bigint, mail_waiting bigint,
	mail_failing bigint, mail_given_up bigint, mail_late bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
begin
	perform admin_actor(p_sid);
	select coalesce(sum(c.n), 0), coalesce(sum(c.n) filter (where c.disabled), 0)
		into people, disabled from people_counts c where c.role = '';
	select count(*) into roles from (select c.role from people_counts c where c.role > ''
		group by c.role having sum(c.n) > 0 limit 1001) r;
	select count(*) filter (where o.given_up_at is null),
			count(*) filter (where o.given_up_at is null and o.failure is not null),
			count(*) filter (where o.given_up_at is not null),
			greatest(0, floor(extract(epoch from doorward.now() - least(
				min(o.due_at) filter (where mail_is_due(o)),
				(select min(r.created_at) from (select q.created_at from requests q
					limit 2000) r)))))::bigint
		into mail_waiting, mail_failing, mail_given_up, mail_late
		from (select * from outbox limit 2000) o;
	return next;
end
$$;

insert into doorward.door (program, function) values
	('webadmin', 'admin_roles_list'), ('webadmin', 'admin_roles_free'),
	('webadmin', 'admin_roles_of'),
	('webadmin', 'admin_audit'), ('webadmin', 'admin_count_days'), ('webadmin', 'admin_days'),
	('webadmin', 'admin_throttled'), ('webadmin', 'admin_unlock_bucket'),
	('webadmin', 'admin_status');
