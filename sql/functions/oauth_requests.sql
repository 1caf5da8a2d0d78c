-- Authorization requests that wait in the database while a person logs in or is asked.

-- The network whose requests are counted together: the address, or the /64 of IPv6. Requests
-- without an address are counted as those of 0.0.0.0.
create function doorward.oauth_network(p_address inet) returns cidr
language sql immutable
as $$
	select coalesce(network(set_masklen(p_address,
		case family(p_address) when 4 then 32 else 64 end)), '0.0.0.0/32')
$$;

-- Does it wait still? Also for ten seconds after the answer: of a button that was pressed twice,
-- browsers show the second answer.
create function doorward.oauth_request_waits(p_request doorward.oauth_requests) returns boolean
language sql volatile
as $$
	select p_request.ends_at > doorward.now() and (p_request.answered_at is null
		or p_request.answered_at > doorward.now() - interval '10 seconds')
$$;

-- Delete all requests of the networks from p_from to p_to but the newest p_most.
create function doorward.oauth_requests_trim(p_from cidr, p_to cidr, p_most integer) returns void
language plpgsql volatile
as $$
begin
	delete from oauth_requests r where r.id = any(array(select o.id from oauth_requests o
		where o.network between p_from and p_to
		order by o.created_at desc, o.id offset p_most));
end
$$;

-- Are there so many that no more are kept? Those that are over are deleted before it comes to
-- that. Where several come at once, there can be a few more.
create function doorward.oauth_requests_full() returns boolean
language plpgsql volatile
as $$
declare
	c_most constant integer := 20000;
begin
	if (select count(*) from oauth_requests) < c_most then
		return false;
	end if;
	delete from oauth_requests r where r.ends_at <= doorward.now();
	return not found;
end
$$;

-- Keep one for ten minutes. The newest stay: five of one browser, 200 of one network, and 1,000 of
-- a /48 of IPv6, which is what one customer of a provider may get. outcome:
--   ok
--   full     20,000 wait already
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
	v_site cidr := network(set_masklen(v_network::inet, least(masklen(v_network), 48)));
begin
	if octet_length(p_query) > 8192 or octet_length(p_leads_to) > 2000
			or octet_length(p_login_hint) > 255 then
		return 'big';
	elsif not exists (select 1 from oauth_clients c where c.id = p_client) then
		return 'gone';
	end if;
	-- several at once from one network are counted one after the other
	perform pg_advisory_xact_lock(20048, hashtext(v_site::text));
	if oauth_requests_full() then
		return 'full';
	end if;
	insert into oauth_requests (id, browser, client_id, query, leads_to, login_hint, network,
			created_at, ends_at)
		values (p_id, p_browser, p_client, p_query, p_leads_to, p_login_hint, v_network,
			v_now, v_now + interval '10 minutes');
	delete from oauth_requests r where r.id in (select o.id from oauth_requests o
		where o.browser = p_browser order by o.created_at desc, o.id offset 5);
	perform oauth_requests_trim(v_network, v_network, 200);
	if family(v_site) = 6 then
		perform oauth_requests_trim(v_site, set_masklen(broadcast(v_site), 128)::cidr, 1000);
	end if;
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
