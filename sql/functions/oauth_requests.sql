-- Authorization requests that wait in the database while a person logs in or is asked.

-- The network whose requests are counted together.
create function doorward.oauth_network(p_address inet) returns cidr
language sql immutable
as $$
	select network(set_masklen(p_address, case family(p_address) when 4 then 24 else 64 end))
$$;

-- Does it wait still? Also for ten seconds after the answer: of a button that was pressed twice,
-- browsers show the second answer.
create function doorward.oauth_request_waits(p_request doorward.oauth_requests) returns boolean
language sql volatile
as $$
	select p_request.ends_at > doorward.now() and (p_request.answered_at is null
		or p_request.answered_at > doorward.now() - interval '10 seconds')
$$;

-- Keep one for ten minutes. Of those of one browser the newest five stay. outcome:
--   ok
--   full     200 of that network wait already
--   big      its query is longer than 8 kB
--   gone     there is no such client
create function doorward.oauth_request_put(p_id uuid, p_browser bytea, p_client text,
	p_query text, p_leads_to text, p_login_hint text, p_address inet) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_now timestamptz := doorward.now();
	v_network cidr := oauth_network(p_address);
begin
	if octet_length(p_query) > 8192 or octet_length(p_leads_to) > 2000
			or octet_length(p_login_hint) > 255 then
		return 'big';
	elsif not exists (select 1 from oauth_clients c where c.id = p_client) then
		return 'gone';
	end if;
	-- several at once from one network are counted one after the other
	perform pg_advisory_xact_lock(20048, hashtext(v_network::text));
	if (select count(*) from oauth_requests r
			where r.network is not distinct from v_network
				and oauth_request_waits(r)) >= 200 then
		return 'full';
	end if;
	insert into oauth_requests (id, browser, client_id, query, leads_to, login_hint, network,
			created_at, ends_at)
		values (p_id, p_browser, p_client, p_query, p_leads_to, p_login_hint, v_network,
			v_now, v_now + interval '10 minutes');
	delete from oauth_requests r where r.id in (select o.id from oauth_requests o
		where o.browser = p_browser order by o.created_at desc, o.id offset 5);
	return 'ok';
exception when foreign_key_violation then -- removed at the same moment
	return 'gone';
end
$$;

-- One that this browser has, for as long as it would wait without an answer. fresh: the session
-- with p_sid has logged in since the request came. answered: it does not wait any more.
create function doorward.oauth_request_look(p_id uuid, p_browser bytea, p_user uuid, p_sid uuid)
returns table (client_id text, query text, created_at bigint, stepped boolean, fresh boolean,
	answered boolean, leads_to text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
begin
	return query
		select r.client_id, r.query, floor(extract(epoch from r.created_at))::bigint, r.stepped,
			exists (select 1 from sessions s where s.sid = p_sid and s.user_id = p_user
				and s.auth_time >= r.created_at),
			not oauth_request_waits(r), r.leads_to
		from oauth_requests r
		where r.id = p_id and r.browser = p_browser and r.ends_at > doorward.now();
end
$$;

-- A stronger login was asked for: it is not asked for again. False: there is none.
create function doorward.oauth_request_step(p_id uuid, p_browser bytea) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
begin
	update oauth_requests r set stepped = true
		where r.id = p_id and r.browser = p_browser and oauth_request_waits(r);
	return found;
end
$$;

-- It was answered without a code, and does not wait any more. False: it did not.
create function doorward.oauth_request_end(p_id uuid, p_browser bytea) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
begin
	update oauth_requests r set answered_at = doorward.now() - interval '10 seconds'
		where r.id = p_id and r.browser = p_browser and oauth_request_waits(r);
	return found;
end
$$;

-- For the login that a request waits for: where the form of the page may lead in the end, and whom
-- the client expects.
create function doorward.oauth_request_origin(p_id uuid, p_browser bytea)
returns table (leads_to text, login_hint text, client_name text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
begin
	return query
		select r.leads_to, r.login_hint, c.name
		from oauth_requests r join oauth_clients c on c.id = r.client_id
		where r.id = p_id and r.browser = p_browser and oauth_request_waits(r);
end
$$;

insert into doorward.door (program, function) values
	('oauth', 'oauth_request_put'), ('oauth', 'oauth_request_look'),
	('oauth', 'oauth_request_step'), ('oauth', 'oauth_request_end'),
	('login', 'oauth_request_origin');
