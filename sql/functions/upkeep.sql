-- Upkeep by the operator.

-- Delete what is no longer needed. Returns the number of rows deleted from each table, and
-- records it, because rows of the audit are deleted, too.
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
	what := 'programs'; -- tokens for programs that have ended or expired
	delete from programs p
		where coalesce(p.ended_at, p.expires_at)
			< doorward.now() - make_interval(days => p_session_days);
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
	what := 'links'; -- with the mails about them
	delete from links l where l.ends_at < doorward.now() - interval '30 days';
	get diagnostics rows = row_count;
	return next;
	what := 'outbox';
	delete from outbox o where o.created_at < doorward.now() - interval '30 days';
	get diagnostics rows = row_count;
	return next;
	what := 'requests'; -- that no worker has taken
	delete from requests r where r.created_at < doorward.now() - interval '2 days';
	get diagnostics rows = row_count;
	return next;
	what := 'mailboxes'; -- to which nothing was sent for an hour
	delete from mailboxes m where (m.purpose, m.hash) in (
		select b.purpose, b.hash from mailboxes b where not exists (select 1 from unnest(b.sent) t
			where t > doorward.now() - interval '1 hour')
		for update skip locked);
	get diagnostics rows = row_count;
	return next;
	what := 'flows'; -- logins that were not completed
	delete from flows f where f.ends_at < doorward.now();
	get diagnostics rows = row_count;
	return next;
	what := 'setups'; -- of apps for one-time codes that no code has confirmed
	delete from setups s where s.created_at < doorward.now() - interval '1 hour';
	get diagnostics rows = row_count;
	return next;
	what := 'trusted'; -- browsers that were remembered
	delete from trusted t where t.until < doorward.now();
	get diagnostics rows = row_count;
	return next;
	what := 'challenges_used';
	delete from challenges_used c where c.until < doorward.now();
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

insert into doorward.door (program, function) values
	('admin', 'tidy'), ('admin', 'status');
