-- Guessing does not pay: tries are counted before the password is looked at.
--
-- A bucket is an account name (its SHA-256: what strangers type into that field may be a
-- password), an address (IPv6: its /64), or a known device of one user. Each try adds 1
-- to its level, and time drains it. Up to `free` a try is free; past that the next one
-- waits 2^(level - free) seconds. A success takes its own try back and no other, so that
-- nobody clears the way for a guesser. In any 24 hours a name gets at most
-- free + log2(leak) + 86400/leak tries: with the numbers below, fewer than 100.

create table doorward.throttle (
	kind text primary key check (kind in ('name', 'address', 'device')),
	free integer not null check (free > 0),
	leak_seconds integer not null check (leak_seconds > 0),
	max_wait integer not null check (max_wait > 0)
);
insert into doorward.throttle values
	('name', 10, 1200, 3600), ('device', 10, 1200, 3600), ('address', 60, 20, 300);

create table doorward.attempts (
	bucket text collate "C" primary key, -- KIND:WHAT
	level double precision not null,
	at timestamptz not null,             -- of the last try that was let through
	refused bigint not null default 0    -- since then
);

-- The devices from which a user has logged in: a stranger's guesses do not use up the
-- tries of these. The cookie holds the token, this table its SHA-256.
create table doorward.devices (
	hash bytea primary key check (octet_length(hash) = 32),
	user_id uuid not null references doorward.users on delete cascade,
	created_at timestamptz not null,
	used_at timestamptz not null
);
create index devices_user on doorward.devices (user_id);

create function doorward.bucket_name(p_name text) returns text
language plpgsql immutable
as $$
begin
	return 'name:' || encode(sha256(convert_to(coalesce(doorward.name_key(p_name), ''), 'UTF8')),
		'hex');
end
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

-- Who is signed in and changes the password has tries of their own, as a known device has:
-- a stranger's guesses must not keep the owner from it.
create function doorward.bucket_account(p_user uuid) returns text
language sql immutable
as $$
	select 'device:' || encode(sha256(convert_to('account ' || p_user, 'UTF8')), 'hex')
$$;

-- The buckets of one try, in the order in which they are locked. A known device has its own
-- and leaves the others alone.
create function doorward.buckets(p_name text, p_address inet, p_device bytea,
	p_known boolean) returns text[]
language plpgsql immutable
as $$
begin
	if p_known then
		return array['device:' || encode(p_device, 'hex')];
	end if;
	return array[doorward.bucket_address(p_address), doorward.bucket_name(p_name)];
end
$$;

-- What time has left of a level.
create function doorward.attempt_level(p_level double precision, p_at timestamptz,
	p_now timestamptz, p_leak_seconds integer) returns double precision
language sql immutable
as $$
	select greatest(0, p_level
		- greatest(0, extract(epoch from p_now - p_at)::float8) / p_leak_seconds)
$$;

-- Count one try in every bucket and return 0, or count it in none and return the seconds
-- to wait. `first` is true for the first refusal since a try was let through.
create function doorward.attempt_count(p_buckets text[], out wait integer,
	out first boolean)
language plpgsql volatile
as $$
declare
	v_unused text;
	v_found integer;
begin
	-- a count that a crash of the server loses is not worth waiting for the disk
	v_unused := set_config('synchronous_commit', 'off', true);
	for v_round in 1 .. 3 loop
		with locked as materialized (
			select a.bucket, a.level, a.at, a.refused, t.free, t.leak_seconds, t.max_wait
			from attempts a join throttle t on t.kind = split_part(a.bucket, ':', 1)
			where a.bucket = any(p_buckets)
			order by a.bucket
			for update of a
		), timed as materialized ( -- the clock after the lock: others may have counted meanwhile
			select l.*, doorward.now() as now from locked l
		), leaked as materialized (
			select t.*, attempt_level(t.level, t.at, t.now, t.leak_seconds) as now_level
			from timed t
		), judged as materialized (
			select count(*)::integer as found, bool_and(l.refused = 0) as first,
				ceil(max(case
					when ceil(l.now_level) < l.free then 0
					else least(power(2, least(l.now_level - l.free, 30)), l.max_wait)
						- greatest(extract(epoch from l.now - l.at)::float8, 0)
				end))::integer as wait
			from leaked l
		), counted as (
			update attempts a
			set level = l.now_level + 1, at = l.now, refused = 0
			from leaked l, judged j
			where a.bucket = l.bucket and j.found = cardinality(p_buckets) and j.wait <= 0
		)
		select j.found, j.wait, j.first into v_found, wait, first from judged j;
		exit when v_found = cardinality(p_buckets);
		insert into attempts (bucket, level, at)
			select b, 0, doorward.now() from unnest(p_buckets) b order by b
			on conflict do nothing;
	end loop;
	if v_found is distinct from cardinality(p_buckets) then
		raise exception using errcode = 'serialization_failure',
			message = 'the attempts could not be counted';
	end if;
	if wait > 0 then
		update attempts set refused = refused + 1 where bucket = any(p_buckets) and level > 0;
		delete from attempts where bucket = any(p_buckets) and level = 0;
		return;
	end if;
	wait := 0;
end
$$;

-- The try turned out to be right: it does not count.
create function doorward.attempt_refund(p_buckets text[]) returns void
language plpgsql volatile
as $$
begin
	perform 1 from attempts where bucket = any(p_buckets) order by bucket for update;
	update attempts set level = greatest(0, level - 1) where bucket = any(p_buckets);
end
$$;

-- For the operator: let this account be tried again at once, from anywhere that is not
-- itself throttled. False: no such user.
create function doorward.user_unlock(p_name text, p_actor text) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_user users;
begin
	delete from attempts where bucket = bucket_name(p_name);
	select * into v_user from users u where u.name_key = name_key(p_name);
	if not found then
		return false;
	end if;
	delete from attempts where bucket = bucket_account(v_user.id);
	delete from attempts a using devices d
		where d.user_id = v_user.id and a.bucket = 'device:' || encode(d.hash, 'hex');
	perform audit_add('user_unlocked', v_user.id, v_user.name, p_actor, null, null, null);
	return true;
end
$$;

insert into doorward.door values ('admin', 'user_unlock');
