-- What a person has allowed clients, which pages call apps.

-- The apps that a person has allowed for good or that hold a grant of theirs, by name. given_at:
-- since when. used_at: when one last got tokens; NULL: no grant lives. offline: one of them needs
-- no session. grants: how many live.
create function doorward.oauth_apps(p_user uuid)
returns table (client_id text, name text, scopes text, given_at bigint, used_at bigint,
	offline boolean, grants bigint)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select c.id, c.name,
		(select string_agg(distinct s, ' ' order by s)
			from unnest(v.scopes || coalesce(k.scopes, '{}')) s),
		floor(extract(epoch from least(k.given_at, v.since)))::bigint,
		floor(extract(epoch from v.used_at))::bigint, coalesce(v.offline, false), v.n
	from oauth_clients c
	cross join lateral (
		select count(*) as n, min(g.created_at) as since, max(g.used_at) as used_at,
			bool_or(g.offline) as offline,
			array(select unnest(h.scopes) from oauth_grants h
				where h.user_id = p_user and h.client_id = c.id
					and oauth_grant_holds(h)) as scopes
		from oauth_grants g
		where g.user_id = p_user and g.client_id = c.id and oauth_grant_holds(g)) v
	left join oauth_consents k on k.user_id = p_user and k.client_id = c.id
	where v.n > 0 or k.client_id is not null
	order by name_key(c.name), c.id
$$;

-- How many such apps there are.
create function doorward.oauth_apps_count(p_user uuid) returns bigint
language sql volatile
as $$
	select count(*) from (
		select k.client_id from oauth_consents k where k.user_id = p_user
		union
		select g.client_id from oauth_grants g
			where g.user_id = p_user and oauth_grant_holds(g)) a
$$;

-- The person takes back what they have allowed: all grants end, and the app has to ask again.
-- known: there was something. ended: how many grants lived until now. revoked: what the
-- verifiers must be told; of a second try, too.
create function doorward.oauth_withdraw(p_user uuid, p_client text, p_address inet)
returns table (known boolean, ended integer, revoked text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_user users;
begin
	select * into v_user from users u where u.id = p_user for no key update;
	delete from oauth_consents k where k.user_id = p_user and k.client_id = p_client;
	known := found;
	ended := oauth_grants_end(p_user, p_client, 'withdrawn', 'user', p_address);
	known := known or ended > 0;
	if known then
		perform audit_add('oauth_withdrawn', p_user, v_user.name, 'user', p_address, null,
			p_client);
	end if;
	revoked := (select string_agg(r.sid::text, ' ') from revocations r
		where r.until > doorward.now() and r.session_id = any(array(select g.id
			from oauth_grants g where g.user_id = p_user and g.client_id = p_client)));
	return next;
end
$$;

-- For the operator: the apps of the user with that name.
create function doorward.client_people(p_name text)
returns table (client_id text, name text, scopes text, given_at bigint, used_at bigint,
	offline boolean, grants bigint)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select a.* from users u, oauth_apps(u.id) a where u.name_key = name_key(p_name)
$$;

insert into doorward.door (program, function) values
	('account', 'oauth_apps'), ('account', 'oauth_withdraw'), ('admin', 'client_people');
