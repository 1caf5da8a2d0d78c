-- Access tokens that must be refused although they have not expired.

-- For how long a sid must stay revoked. The longest life that a token of its kind can have:
--   login   what the settings allow at most for token_life and browser_token_life
--   issued  what `doorward token issue` allows at most
-- and more than the highest clock_leeway, with which verifiers stretch that life. Nobody
-- hands in a time: a setting that changes later, or differs on another host, must not bring
-- a revoked token back. The constants are compared with the settings by `make lint`.
-- One of the table programs names its own end, which is in the token, too (program_stop).
-- An issued one stays for a login's reach longer, so that what is left for less than that
-- covers no living token but a login's: the revocation file counts on it.
create function doorward.sid_reach(p_kind text) returns interval
language sql immutable
as $$
	select case p_kind when 'login' then interval '1 day' else interval '401 days' end
		+ interval '6 minutes'
$$;

-- Put different sids on the list, each with whose it is or was. Of two times the later one stays.
-- `doorward revocations follow` is told 'SID SECONDS', but not again if it knows this.
create function doorward.sids_revoke_until(p_sids uuid[], p_sessions uuid[], p_until timestamptz)
returns void
language plpgsql volatile
as $$
declare
	v_known uuid[] := array(select r.sid from revocations r
		where r.sid = any(p_sids) and r.until > doorward.now());
begin
	insert into revocations as r (sid, until, session_id)
		select s.sid, p_until, s.session_id from unnest(p_sids, p_sessions) s (sid, session_id)
		on conflict (sid) do update set until = greatest(r.until, excluded.until),
			session_id = coalesce(r.session_id, excluded.session_id);
	perform pg_notify('doorward_revocations',
			s || ' ' || ceil(extract(epoch from p_until))::bigint)
		from unnest(p_sids) s where s <> all(v_known);
end
$$;

create function doorward.sid_revoke_until(p_sid uuid, p_session uuid, p_until timestamptz)
returns void
language plpgsql volatile
as $$
begin
	perform sids_revoke_until(array[p_sid], array[p_session], p_until);
end
$$;

create function doorward.sid_revoke(p_sid uuid, p_session uuid, p_kind text) returns void
language plpgsql volatile
as $$
begin
	perform sid_revoke_until(p_sid, p_session, doorward.now() + sid_reach(p_kind));
end
$$;

create function doorward.revocation_list() returns table (sid uuid, until bigint)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select r.sid, ceil(extract(epoch from r.until))::bigint
	from revocations r
	where r.until > doorward.now()
	order by r.sid
$$;

-- For a writer that has everything up to p_since (seconds since 1970): what was listed or changed
-- since then, or everything if the clock was set back behind that. An hour more is told, for
-- transactions that took long. p_since 0: everything. `listed` is what the next call may name; it
-- is never in the future.
create function doorward.revocations_since(p_since bigint)
returns table (sid uuid, until bigint, listed bigint)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select r.sid, ceil(extract(epoch from r.until))::bigint,
		floor(extract(epoch from least(r.listed_at, c.now)))::bigint
	from (select doorward.now()) c (now), revocations r
	where r.until > c.now
		and r.listed_at >= (select case when doorward.now() < to_timestamp(p_since)
			then '-infinity' else to_timestamp(p_since) - interval '1 hour' end)
$$;

-- The sids that verifiers must refuse: those of a session and of the grants that clients have by
-- it, or those of one grant; and p_sid. As words.
create function doorward.revoked_sids(p_session uuid, p_sid uuid) returns text
language plpgsql volatile
as $$
begin
	if p_session is null and p_sid is null then
		return null;
	end if;
	-- by arrays, so that both indexes are used: a subquery in an OR reads the whole table
	return (select string_agg(r.sid::text, ' ') from revocations r
		where (r.sid = p_sid or r.session_id = any(p_session || array(
				select g.id from oauth_grants g where g.session_id = p_session)))
			and r.until > doorward.now());
end
$$;

-- For the operator: revoke a sid, even if nobody knows any more whose it was. A session that has
-- or had it ends, and so does a token for a program or the grant of a client. It is treated as the
-- kind with the longest life.
create function doorward.revocation_add(p_sid uuid, p_actor text) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_session sessions := session_lock(session_of(p_sid));
	v_program programs := program_lock(p_sid);
	v_grant oauth_grants := oauth_grant_lock(coalesce(
		(select g.id from oauth_grants g where g.sid = p_sid), session_of(p_sid)));
	v_user uuid := coalesce(v_session.user_id, v_program.user_id, v_grant.user_id);
begin
	perform session_stop(v_session.id, 'operator', p_actor, null, false); -- told below
	perform program_stop(p_sid, 'by the operator', p_actor, null);
	perform oauth_grant_stop(v_grant.id, 'operator', p_actor, null);
	perform sid_revoke(p_sid, coalesce(v_session.id, v_grant.id), 'issued');
	perform audit_add('sid_revoked', v_user,
		(select name from users where id = v_user), p_actor, null,
		v_session.id, p_sid::text);
end
$$;

insert into doorward.door (program, function) values
	('login', 'revocations_since'),
	('account', 'revocations_since'),
	('webadmin', 'revocations_since'),
	('admin', 'revocations_since'), ('admin', 'revocation_list'), ('admin', 'revocation_add');
