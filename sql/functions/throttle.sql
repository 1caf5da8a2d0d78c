-- Tries are counted before the password is looked at (004_attempts.sql).

create function doorward.bucket_name(p_name text) returns text
language plpgsql immutable
as $$
begin
	return 'name:' || encode(sha256(convert_to(coalesce(doorward.name_key(p_name), ''), 'UTF8')),
		'hex');
end
$$;

-- Tries for a user, whatever name or address was typed.
create function doorward.bucket_user(p_user uuid) returns text
language sql immutable
as $$
	select 'name:' || p_user
$$;

create function doorward.bucket_address(p_address inet) returns text
language sql immutable
as $$
	select 'address:' || case
		when p_address is null then 'unknown'
		when family(p_address) = 4 then host(p_address)
		else network(set_masklen(p_address, 64))::text
	end
$$;

-- Everything that is counted for one user only. These buckets begin with device:USER_ID: and
-- user_unlock deletes them. p_what is a device's SHA-256, or another thing with its own count.
create function doorward.bucket_device(p_user uuid, p_what text) returns text
language sql immutable
as $$
	select 'device:' || p_user || ':' || p_what
$$;

-- Password changes by a signed-in user are counted in a separate bucket, so that a stranger's
-- guesses do not prevent the owner from changing the password.
create function doorward.bucket_account(p_user uuid) returns text
language sql immutable
as $$
	select doorward.bucket_device(p_user, 'account')
$$;

-- The buckets of everything that is counted for one user.
create function doorward.attempts_of(p_user uuid) returns text[]
language sql volatile
as $$
	select array_agg(a.bucket) from attempts a
	where a.bucket in (bucket_user(p_user), bucket_news(p_user), bucket_program(p_user))
		or a.bucket >= bucket_device(p_user, '')
			and a.bucket < 'device:' || p_user || ';' -- the character after the colon
		or a.bucket >= 'factor:' || p_user || ':' and a.bucket < 'factor:' || p_user || ';'
$$;

-- Mails to the user about logins from new browsers.
create function doorward.bucket_news(p_user uuid) returns text
language sql immutable
as $$
	select 'news:' || p_user
$$;

-- The buckets of one try, in the order in which they are locked. A known device of the user (not
-- NULL) has its own and does not use the others. If no user was found (p_user is NULL), the
-- typed text is counted.
create function doorward.buckets(p_name text, p_address inet, p_user uuid, p_device bytea)
returns text[]
language plpgsql immutable
as $$
begin
	if p_device is not null then
		return array[doorward.bucket_device(p_user, encode(p_device, 'hex'))];
	end if;
	return array[doorward.bucket_address(p_address),
		coalesce(doorward.bucket_user(p_user), doorward.bucket_name(p_name))];
end
$$;

-- What is left of a level after some time.
create function doorward.attempt_level(p_level double precision, p_at timestamptz,
	p_now timestamptz, p_leak_seconds integer) returns double precision
language sql immutable
as $$
	select greatest(0, p_level
		- greatest(0, extract(epoch from p_now - p_at)::float8) / p_leak_seconds)
$$;

-- Count one try in every bucket and return 0, or count it in none and return the seconds to
-- wait. `first` is true for the first refusal since a try was admitted. p_buckets is in the
-- order of buckets(): all callers lock in the same order, and a missing bucket is made when it
-- is its turn.
create function doorward.attempt_count(p_buckets text[], out wait integer,
	out first boolean)
language plpgsql volatile
as $$
declare
	v_unused text;
	v_bucket text;
begin
	-- it is not worth waiting for the disk: a crash of the server loses only a count
	v_unused := set_config('synchronous_commit', 'off', true);
	foreach v_bucket in array p_buckets loop
		loop
			perform 1 from attempts a where a.bucket = v_bucket for update;
			exit when found;
			insert into attempts (bucket, level, at) values (v_bucket, 0, doorward.now())
				on conflict do nothing;
			exit when found;
		end loop;
	end loop;
	with leaked as materialized ( -- the clock after the locks: others may have counted meanwhile
		select a.bucket, a.at, a.refused, t.free, t.max_wait, n.now,
			attempt_level(a.level, a.at, n.now, t.leak_seconds) as now_level
		from attempts a join throttle t on t.kind = split_part(a.bucket, ':', 1),
			(select doorward.now() as now) n
		where a.bucket = any(p_buckets)
	), judged as materialized (
		select bool_and(l.refused = 0) as first, ceil(max(case
				when ceil(l.now_level) < l.free then 0
				else least(power(2, least(l.now_level - l.free, 30)), l.max_wait)
					- greatest(extract(epoch from l.now - l.at)::float8, 0)
			end))::integer as wait
		from leaked l
	), counted as (
		update attempts a
		set level = l.now_level + 1, at = l.now, refused = 0
		from leaked l, judged j
		where a.bucket = l.bucket and j.wait <= 0
	)
	select j.wait, j.first into wait, first from judged j;
	if wait > 0 then
		update attempts set refused = refused + 1 where bucket = any(p_buckets) and level > 0;
		delete from attempts where bucket = any(p_buckets) and level = 0;
		return;
	end if;
	wait := 0;
end
$$;

-- The try was right, or could not be checked: take its count back.
create function doorward.attempt_refund(p_buckets text[]) returns void
language plpgsql volatile
as $$
begin
	with locked as materialized (
		select a.bucket from attempts a
		where a.bucket = any(p_buckets)
		order by a.bucket
		for update
	)
	update attempts a set level = greatest(0, a.level - 1)
		from locked l where a.bucket = l.bucket;
end
$$;
