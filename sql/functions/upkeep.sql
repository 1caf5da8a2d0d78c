-- Upkeep: deleting what is no longer needed, by the operator at once or by the programs in steps.

-- The tables with rows that end, in the order in which they are gone through, and the condition
-- for a row `t` to be over. Rows that refer to others come first, so that nothing is deleted by a
-- cascade. A condition looks into another table by a subquery that PostgreSQL cannot turn into a
-- join, because a join would read that table whole for a few rows. In the conditions $1 is the
-- time now; $2, $3 and $4 are the times before which rows of the audit, sessions and links must
-- have ended to be deleted.
create function doorward.upkeep_kinds() returns table (place integer, what name, is_over text)
language sql immutable
as $$
	values
	-- used for so long that nobody has a use for its copy, or of a session that goes, too
	(1, name 'refresh_tokens', $c$t.used_at < $4 or (
		select coalesce(s.ended_at, least(s.ends_at, s.used_at + s.idle)) < $3
			and s.used_at + sid_reach('login') < $1
		from sessions s where s.id = t.session_id)$c$),
	-- of apps for one-time codes that no code has confirmed
	(2, 'setups', $c$t.created_at < $1 - interval '1 hour'$c$),
	(3, 'sessions', $c$coalesce(t.ended_at, least(t.ends_at, t.used_at + t.idle)) < $3
		and t.used_at + sid_reach('login') < $1
		and (select count(*) from refresh_tokens r where r.session_id = t.id) = 0$c$),
	-- tokens for programs that have ended or expired
	(4, 'programs', $c$coalesce(t.ended_at, t.expires_at) < $3$c$),
	-- authorization requests that nobody has answered
	(5, 'oauth_requests', $c$t.ends_at < $1$c$),
	-- client secrets that were replaced
	(6, 'oauth_secrets', $c$t.ends_at < $1$c$),
	-- as refresh_tokens, of grants of clients
	(7, 'oauth_refresh_tokens', $c$t.used_at < $4 or (
		select coalesce(g.ended_at, g.ends_at) < $3 and g.used_at + sid_reach('login') < $1
		from oauth_grants g where g.id = t.grant_id)$c$),
	(8, 'oauth_codes', $c$t.ends_at < $4 or (
		select coalesce(g.ended_at, g.ends_at) < $3 and g.used_at + sid_reach('login') < $1
		from oauth_grants g where g.id = t.grant_id)$c$),
	(9, 'oauth_grants', $c$coalesce(t.ended_at, t.ends_at) < $3
		and t.used_at + sid_reach('login') < $1
		and (select count(*) from oauth_refresh_tokens r where r.grant_id = t.id) = 0
		and (select count(*) from oauth_codes k where k.grant_id = t.id) = 0$c$),
	(10, 'revocations', $c$t.until < $1$c$),
	(11, 'names_given_up', $c$t.until < $1$c$),
	(12, 'outbox', $c$t.created_at < $4$c$),
	(13, 'links', $c$t.ends_at < $4
		and (select count(*) from outbox o where o.link_id = t.id) = 0$c$),
	-- that no worker has taken
	(14, 'requests', $c$t.created_at < $1 - interval '2 days'$c$),
	-- to which nothing was sent for an hour
	(15, 'mailboxes', $c$not exists (select from unnest(t.sent) u
		where u > $1 - interval '1 hour')$c$),
	-- logins that were not completed
	(16, 'flows', $c$t.ends_at < $1$c$),
	-- browsers that were remembered
	(17, 'trusted', $c$t.until < $1$c$),
	(18, 'challenges_used', $c$t.until < $1$c$),
	-- of which nothing is left
	(19, 'attempts', $c$exists (select from throttle h where h.kind = split_part(t.bucket, ':', 1)
		and attempt_level(t.level, t.at, $1, h.leak_seconds) = 0)$c$),
	(20, 'audit', $c$t.at < $2$c$)
$$;

-- Delete rows of one table that are over, at most p_most (NULL: all), in the blocks from p_from on
-- and before p_to, and return how many. A row that somebody holds is left for the next pass. The
-- statement is put together from the words of this function and of upkeep_kinds() only.
create function doorward.upkeep_delete(p_what name, p_is_over text, p_keep doorward.retention,
	p_from bigint, p_to bigint, p_most bigint) returns bigint
language plpgsql volatile
as $$
declare
	v_now timestamptz := doorward.now();
	v_deleted bigint;
begin
	execute format('delete from %1$I d where d.ctid = any(array(select t.ctid from %1$I t'
			' where t.ctid >= $5 and t.ctid < $6 and (%2$s) limit $7 for update skip locked))',
			p_what, p_is_over)
		using v_now, v_now - make_interval(days => p_keep.audit_days),
			v_now - make_interval(days => p_keep.session_days),
			v_now - make_interval(days => p_keep.link_days),
			format('(%s,0)', p_from)::tid, format('(%s,0)', p_to)::tid, p_most;
	get diagnostics v_deleted = row_count;
	return v_deleted;
end
$$;

-- Delete what is no longer needed, all of it. Returns the number of rows deleted from each table,
-- and records it, because rows of the audit are deleted, too. The days are those of the retention
-- where they are NULL. Upkeep is never done by two transactions at once: this one waits.
create function doorward.tidy(p_audit_days integer, p_session_days integer, p_actor text)
returns table (what text, rows bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_keep retention := (select r from retention r);
	v_kind record;
begin
	perform pg_advisory_xact_lock(20047, 8);
	v_keep.audit_days := coalesce(p_audit_days, v_keep.audit_days);
	v_keep.session_days := coalesce(p_session_days, v_keep.session_days);
	for v_kind in select k.what, k.is_over from upkeep_kinds() k order by k.place loop
		what := v_kind.what;
		rows := upkeep_delete(v_kind.what, v_kind.is_over, v_keep, 0, 4294967295, null);
		return next;
	end loop;
	perform audit_add('tidied', null, null, p_actor, null, null,
		format('audit_days=%s session_days=%s audit=%s', v_keep.audit_days, v_keep.session_days,
			rows + (select u.audit_rows from upkeep u)));
	update upkeep set place = 0, block = 0, audit_rows = 0, tidied_at = doorward.now(),
		recorded_at = doorward.now();
end
$$;

-- The end of a pass in steps. If rows of the audit were deleted, that is recorded once a day.
create function doorward.upkeep_pass_end(p_at doorward.upkeep) returns doorward.upkeep
language plpgsql volatile
as $$
declare
	v_now timestamptz := doorward.now();
begin
	p_at.place := 0;
	p_at.tidied_at := v_now;
	if p_at.audit_rows > 0 and coalesce(p_at.recorded_at < v_now - interval '1 day', true) then
		perform audit_add('tidied', null, null, 'upkeep', null, null,
			(select format('audit_days=%s session_days=%s audit=%s', r.audit_days,
				r.session_days, p_at.audit_rows) from retention r));
		p_at.audit_rows := 0;
		p_at.recorded_at := v_now;
	end if;
	return p_at;
end
$$;

-- One step of the same, for a program that has just answered: the next part of the present pass,
-- at most 500 rows. No further part is begun after 20 milliseconds. Returns after how many seconds
-- the next step is wanted: 0 if there is more to do now, NULL if another transaction is at it. A
-- pass begins an hour after the end of the last one.
create function doorward.upkeep_step() returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	c_blocks constant integer := 16; -- what is looked through at once,
	c_rows constant integer := 100;  -- and deleted at once
	v_end timestamptz := clock_timestamp() + interval '20 milliseconds';
	v_now timestamptz := doorward.now();
	v_keep retention := (select r from retention r);
	v_at upkeep;
	v_kind record;
	v_left bigint := 500;
	v_deleted bigint;
	v_full boolean;
begin
	if not pg_try_advisory_xact_lock(20047, 8) then
		return null;
	end if;
	select * into v_at from upkeep;
	if v_at.place = 0 and v_at.tidied_at <= v_now
			and v_at.tidied_at > v_now - interval '1 hour' then
		return ceil(extract(epoch from v_at.tidied_at + interval '1 hour' - v_now));
	end if;
	v_at.place := greatest(v_at.place, 1);
	while v_left > 0 and v_at.place > 0 and clock_timestamp() < v_end loop
		select k.what, k.is_over into v_kind from upkeep_kinds() k where k.place = v_at.place;
		if not found then
			v_at := upkeep_pass_end(v_at);
			continue;
		end if;
		v_deleted := upkeep_delete(v_kind.what, v_kind.is_over, v_keep,
			v_at.block, v_at.block + c_blocks, least(v_left, c_rows));
		if v_kind.what = 'audit' then
			v_at.audit_rows := v_at.audit_rows + v_deleted;
		end if;
		v_full := v_deleted = least(v_left, c_rows); -- perhaps some are left in these blocks
		v_left := v_left - v_deleted;
		continue when v_full;
		v_at.block := v_at.block + c_blocks;
		if v_at.block * current_setting('block_size')::bigint
				>= pg_relation_size(format('doorward.%I', v_kind.what)::regclass) then
			v_at.place := v_at.place + 1;
			v_at.block := 0;
		end if;
	end loop;
	update upkeep set place = v_at.place, block = v_at.block, tidied_at = v_at.tidied_at,
		audit_rows = v_at.audit_rows, recorded_at = v_at.recorded_at;
	return case v_at.place when 0 then 3600 else 0 end;
end
$$;

-- The signing keys were looked after, unless p_complete is false. p_detail: what was done to them;
-- NULL if nothing was due.
create function doorward.upkeep_keys(p_detail text, p_complete boolean) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
begin
	if p_complete then
		update upkeep set keys_at = doorward.now();
	end if;
	if p_detail is not null then
		perform audit_add('keys_rotated', null, null, 'upkeep', null, null, p_detail);
	end if;
end
$$;

-- When upkeep was last done, in seconds since 1970. NULL: never, and it has been waited for
-- since `since`.
create function doorward.upkeep_last()
returns table (since bigint, tidied_at bigint, keys_at bigint)
language sql stable security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select floor(extract(epoch from u.since))::bigint,
		floor(extract(epoch from u.tidied_at))::bigint,
		floor(extract(epoch from u.keys_at))::bigint
	from upkeep u
$$;

-- How many days what is over is kept.
create function doorward.retention_show()
returns table (audit_days integer, session_days integer, link_days integer)
language sql stable security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select r.audit_days, r.session_days, r.link_days from retention r
$$;

-- Set them; what is NULL stays. No program may call this: only the owner of the tables can.
create function doorward.retention_set(p_audit_days integer, p_session_days integer,
	p_link_days integer, p_actor text) returns void
language plpgsql volatile
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_new retention;
begin
	update retention r set audit_days = coalesce(p_audit_days, r.audit_days),
			session_days = coalesce(p_session_days, r.session_days),
			link_days = coalesce(p_link_days, r.link_days)
		returning * into v_new;
	perform audit_add('retention_set', null, null, p_actor, null, null,
		format('audit_days=%s session_days=%s link_days=%s', v_new.audit_days,
			v_new.session_days, v_new.link_days));
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
	('admin', 'tidy'), ('admin', 'status'), ('admin', 'upkeep_last'), ('admin', 'upkeep_keys'),
	('admin', 'retention_show'),
	('login', 'upkeep_step'), ('login', 'upkeep_keys'), ('account', 'upkeep_step'),
	('webadmin', 'upkeep_step'), ('webadmin', 'upkeep_last');
