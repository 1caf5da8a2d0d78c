-- Upkeep by the operator.

-- Something that the operator did outside of the database, with a key or a token.
create function doorward.audit_operator(p_event text, p_actor text, p_user uuid, p_sid uuid,
	p_detail text) returns void
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select audit_add(p_event, p_user, (select u.name from users u where u.id = p_user), p_actor,
		null, p_sid, p_detail)
$$;

-- Drop what is over and done with. Returns the rows dropped from each table, and writes
-- them down: rows of the audit go, too.
create function doorward.tidy(p_audit_days integer, p_session_days integer, p_actor text)
returns table (what text, rows bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
begin
	what := 'sessions';
	delete from sessions s
		where coalesce(s.ended_at, least(s.ends_at, s.used_at + s.idle))
				< doorward.now() - make_interval(days => p_session_days)
			and s.used_at + sid_reach('login') < doorward.now();
	get diagnostics rows = row_count;
	return next;
	what := 'refresh_tokens'; -- used for so long that nobody has a use for its copy
	delete from refresh_tokens t where t.used_at < doorward.now() - interval '30 days';
	get diagnostics rows = row_count;
	return next;
	what := 'revocations';
	delete from revocations r where r.until < doorward.now();
	get diagnostics rows = row_count;
	return next;
	what := 'names_given_up';
	delete from names_given_up n where n.until < doorward.now();
	get diagnostics rows = row_count;
	return next;
	what := 'attempts';
	delete from attempts d where d.bucket in ( -- whoever is being counted is no hurry
		select a.bucket from attempts a join throttle t on t.kind = split_part(a.bucket, ':', 1)
		where attempt_level(a.level, a.at, doorward.now(), t.leak_seconds) = 0
		for update of a skip locked);
	get diagnostics rows = row_count;
	return next;
	what := 'audit';
	delete from audit a where a.at < doorward.now() - make_interval(days => p_audit_days);
	get diagnostics rows = row_count;
	perform audit_add('tidied', null, null, p_actor, null, null,
		format('audit_days=%s session_days=%s audit=%s', p_audit_days, p_session_days, rows));
	return next;
end
$$;

-- For `doorward status`.
create function doorward.status()
returns table (users bigint, disabled bigint, sessions bigint, throttled bigint,
	revocations bigint)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select (select count(*) from users), (select count(*) from users u where u.disabled),
		(select count(*) from sessions s where session_live(s)),
		(select count(*) from attempts a join throttle t on t.kind = split_part(a.bucket, ':', 1)
			where a.bucket like 'name:%'
				and ceil(attempt_level(a.level, a.at, doorward.now(), t.leak_seconds))
					>= t.free),
		(select count(*) from revocations r where r.until > doorward.now())
$$;

-- The open sessions of one user, or with NULL of all, last used first.
create function doorward.session_list(p_name text, p_limit integer)
returns table (id uuid, name text, opened_at bigint, used_at bigint, ends_at bigint,
	address text, agent text, remember boolean)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select s.id, u.name, floor(extract(epoch from s.opened_at))::bigint,
		floor(extract(epoch from s.used_at))::bigint,
		floor(extract(epoch from s.ends_at))::bigint, host(s.address), s.agent, s.remember
	from sessions s join users u on u.id = s.user_id
	where (p_name is null or u.name_key = name_key(p_name)) and session_live(s)
	order by s.used_at desc
	limit p_limit
$$;

-- End one by its id or by a sid that it has or had. NULL: there is no such session; false:
-- it was over already.
create function doorward.session_end_any(p_id uuid, p_actor text) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_session sessions := session_lock(
		coalesce((select s.id from sessions s where s.id = p_id), session_of(p_id)));
begin
	if v_session.id is null then
		return null;
	end if;
	if not session_stop(v_session.id, 'operator') then
		return false;
	end if;
	perform audit_add('session_ended', v_session.user_id,
		(select name from users where id = v_session.user_id), p_actor, null,
		v_session.id, null);
	return true;
end
$$;

-- The audit rows, newest first. NULL: any user, any time.
create function doorward.audit_list(p_name text, p_since timestamptz, p_limit integer)
returns table (at bigint, event text, user_id uuid, name text, actor text, address text,
	session uuid, detail text)
language sql stable security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select floor(extract(epoch from a.at))::bigint, a.event, a.user_id, a.name, a.actor,
		host(a.address), a.session, a.detail
	from audit a
	where (p_name is null or a.user_id = (select u.id from users u
			where u.name_key = name_key(p_name))
			or name_key(a.name) = name_key(p_name))
		and (p_since is null or a.at >= p_since)
	order by a.id desc
	limit p_limit
$$;

insert into doorward.door values
	('admin', 'audit_operator'), ('admin', 'session_list'), ('admin', 'session_end_any'), ('admin', 'audit_list'), ('admin', 'tidy'), ('admin', 'status');
