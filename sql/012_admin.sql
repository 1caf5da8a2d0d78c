-- The admin pages: who may give which roles, how fresh a login they want, and what finds people
-- and events by key where there are many.

insert into doorward.program values ('webadmin'); -- admin.fcgi

-- Which roles an admin role may give (admin_may). Role `*`: every role. A row with allowed false
-- takes a role away from `*`.
create table doorward.admin_rights (
	admin_role text collate "C",
	role text collate "C",
	allowed boolean not null,
	primary key (admin_role, role),
	check (doorward.roles_valid(array[admin_role])
		and (doorward.roles_valid(array[role]) or role = '*' and allowed))
);
insert into doorward.admin_rights values ('doorward-admin', '*', true);

-- One row: how old the login of an admin may be, as the setting fresh_login says. The owner
-- writes it (`doorward db migrate`). Whoever might take the last admin away locks it
-- (admin_is_last).
create table doorward.admin_fresh (
	one boolean primary key default true check (one),
	seconds integer not null check (seconds between 60 and 86400)
);
insert into doorward.admin_fresh (seconds) values (900);

-- People in the orders in which they are listed, with what a list shows of them, so that a page
-- reads one row a person: a row for each role of each user, and one with role '' for everybody.
-- Triggers keep it. A login does not touch it.
create table doorward.people_index (
	role text collate "C",
	disabled boolean,
	name_key text collate "C",
	address_key text collate "C",
	user_id uuid not null,
	name text not null,
	display_name text,
	roles text[] not null,
	primary key (role, disabled, name_key)
);
-- Two may claim the same address, so the name is behind it. In this form no address is a name.
create index people_index_address on doorward.people_index
	(role, disabled, (address_key || ' ' || name_key)) where address_key is not null;

-- How many people_index has of each role and state: the sum over the slots. There are several, so
-- that those who add users at the same time seldom wait for each other.
create table doorward.people_counts (
	role text collate "C",
	disabled boolean,
	slot smallint,
	n bigint not null,
	primary key (role, disabled, slot)
);

create function doorward.people_counts_add(p_role text, p_disabled boolean, p_n bigint)
returns void
language sql volatile
set search_path = pg_catalog, doorward, pg_temp
as $$
	insert into people_counts as c (role, disabled, slot, n)
		values (p_role, p_disabled, pg_backend_pid() % 8, p_n)
		on conflict (role, disabled, slot) do update set n = c.n + excluded.n
$$;

-- PostgreSQL plans the statements of these functions once in a connection, which may be when the
-- tables are still empty. Without enable_seqscan = off, an import would then read all of them for
-- each user that it adds.
create function doorward.people_index_new() returns trigger
language plpgsql security definer
set search_path = pg_catalog, doorward, pg_temp
set enable_seqscan = off
as $$
begin
	insert into people_index (role, disabled, name_key, address_key, user_id, name,
			display_name, roles)
		select r, n.disabled, n.name_key, a.address_key, n.id, n.name, n.display_name, n.roles
		from new_users n
			cross join unnest(''::text || n.roles) r
			left join addresses a on a.user_id = n.id;
	perform people_counts_add(c.r, c.disabled, c.n)
		from (select r, n.disabled, count(*) as n
			from new_users n cross join unnest(''::text || n.roles) r
			group by 1, 2 order by 1, 2) c;
	return null;
end
$$;
create trigger users_people_new after insert on doorward.users
	referencing new table as new_users
	for each statement execute function doorward.people_index_new();

-- The key of a row finds it, so no index by user is needed. The triggers of an event fire in the
-- order of their names, so these come after those that refuse what is not valid.
create function doorward.people_index_change() returns trigger
language plpgsql security definer
set search_path = pg_catalog, doorward, pg_temp
set enable_seqscan = off
as $$
begin
	delete from people_index p
		where p.role = any(''::text || old.roles) and p.disabled = old.disabled
			and p.name_key = old.name_key;
	perform people_counts_add(r, old.disabled, -1) from unnest(''::text || old.roles) r order by r;
	if tg_op = 'UPDATE' then
		insert into people_index (role, disabled, name_key, address_key, user_id, name,
				display_name, roles)
			select r, new.disabled, new.name_key, (select a.address_key from addresses a
				where a.user_id = new.id), new.id, new.name, new.display_name, new.roles
			from unnest(''::text || new.roles) r;
		perform people_counts_add(r, new.disabled, 1) from unnest(''::text || new.roles) r order by r;
	end if;
	return null;
end
$$;
create trigger users_people_change after update of name, roles, disabled, display_name
	on doorward.users
	for each row when ((old.name, old.roles, old.disabled, old.display_name)
		is distinct from (new.name, new.roles, new.disabled, new.display_name))
	execute function doorward.people_index_change();
create trigger users_people_delete after delete on doorward.users
	for each row execute function doorward.people_index_change();

create function doorward.people_index_empty() returns trigger
language plpgsql security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
begin
	truncate people_index, people_counts;
	return null;
end
$$;
create trigger users_people_truncate after truncate on doorward.users
	for each statement execute function doorward.people_index_empty();

create function doorward.people_index_address() returns trigger
language plpgsql security definer
set search_path = pg_catalog, doorward, pg_temp
set enable_seqscan = off
as $$
declare
	v_key text := case when tg_op <> 'DELETE' then new.address_key end;
begin
	update people_index p set address_key = v_key
		from users u
		where u.id = case when tg_op = 'DELETE' then old.user_id else new.user_id end
			and p.role = any(''::text || u.roles) and p.disabled = u.disabled
			and p.name_key = u.name_key and p.address_key is distinct from v_key;
	return null;
end
$$;
create trigger addresses_people after insert or update of address or delete on doorward.addresses
	for each row execute function doorward.people_index_address();

insert into doorward.people_index (role, disabled, name_key, address_key, user_id, name,
		display_name, roles)
	select r, u.disabled, u.name_key, a.address_key, u.id, u.name, u.display_name, u.roles
	from doorward.users u
		cross join unnest(''::text || u.roles) r
		left join doorward.addresses a on a.user_id = u.id
	order by r, u.disabled, u.name_key;
insert into doorward.people_counts (role, disabled, slot, n)
	select p.role, p.disabled, 0, count(*) from doorward.people_index p group by p.role, p.disabled;

-- What happened, by time, by event and by person.
drop index doorward.audit_at;
create index audit_at on doorward.audit (at, id);
drop index doorward.audit_user;
create index audit_user on doorward.audit (user_id, at, id);
create index audit_event on doorward.audit (event, at, id);

-- The rows of the audit of each day (UTC) and event. They are counted in steps, in the order of
-- (at, id); the one row of figures_days_counted is the last that was counted.
create table doorward.figures_days (
	day date,
	event text collate "C",
	n bigint not null,
	primary key (day, event)
);
create table doorward.figures_days_counted (
	one boolean primary key default true check (one),
	at timestamptz not null,
	id bigint not null
);
insert into doorward.figures_days_counted (at, id) values ('-infinity', 0);

-- Who has to wait: those who were refused since a try was let through. A try that is let through
-- leaves `refused` at 0, so it writes no row of this index.
create index attempts_refused on doorward.attempts (bucket) where refused > 0;

create index links_invitations on doorward.links (created_at, id) where kind = 'invite';

insert into doorward.link_kind values
	-- for somebody without a verified address; shown once to the admin who made it. The database
	-- has only SHA-256 of its ticket, because admin.fcgi has no mail key
	('reset-shown', 1800, true, true, true),
	-- mailed to the address that an admin typed for somebody new, to choose a password
	('welcome', 604800, false, true, true);
