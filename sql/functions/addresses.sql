-- Addresses of users. An account has at most one. Only one account can have a verified address.

-- The verified address. NULL: none.
create function doorward.address_verified(p_user uuid) returns text
language sql volatile
as $$
	select a.address from addresses a where a.user_id = p_user and a.verified_at is not null
$$;

-- The address that the user asked for and has not verified yet. NULL: none.
create function doorward.address_wanted(p_user uuid) returns text
language sql volatile
as $$
	select l.data ->> 'address' from links l
	where l.user_id = p_user and l.kind = 'change-address' and l.uses_left > 0
		and l.ends_at > doorward.now()
		and l.password_version = (select u.password_version from users u
			where u.id = p_user)
	order by l.created_at desc
	limit 1
$$;

-- Has an account other than p_user (NULL: any) verified this address?
create function doorward.address_is_taken(p_user uuid, p_mail text) returns boolean
language sql volatile
as $$
	select exists (select 1 from addresses a
		where a.address_key = address_key(p_mail) and a.verified_at is not null
			and a.user_id is distinct from p_user)
$$;

-- Set the address of a user whose row is locked. False, and nothing is stored: it is taken. A
-- unique_violation of addresses_verified means the same, if somebody else is verifying it now.
create function doorward.address_put(p_user uuid, p_mail text, p_verified boolean)
returns boolean
language plpgsql volatile
as $$
begin
	if address_is_taken(p_user, p_mail) then
		return false;
	end if;
	insert into addresses as a (user_id, address, verified_at)
		values (p_user, p_mail, case when p_verified then doorward.now() end)
		on conflict (user_id) do update set address = excluded.address,
			verified_at = excluded.verified_at;
	return true;
end
$$;

-- The operator sets another address for a user whose row is locked, or removes it ('' ). Links
-- that were mailed to the old address become invalid. The outcome is as in user_set.
create function doorward.address_set(p_user doorward.users, p_mail text, p_verified boolean,
	p_actor text) returns text
language plpgsql volatile
as $$
begin
	if not name_is_own(p_user.name, case when p_verified then p_mail end)
			and name_is_own(p_user.name, address_verified(p_user.id)) then
		return 'named';
	elsif p_mail = '' then
		delete from addresses a where a.user_id = p_user.id;
	elsif not address_put(p_user.id, p_mail, p_verified) then
		return 'address taken';
	end if;
	delete from links l where l.user_id = p_user.id and l.used_at is null;
	perform audit_add('address_set', p_user.id, p_user.name, p_actor, null, null,
		case when p_mail = '' then 'none' when p_verified then 'verified'
			else 'not verified' end);
	return 'ok';
end
$$;

-- What the operator sets for a user. NULL leaves a value unchanged, '' removes it. outcome
-- (nothing is stored unless it is ok):
--   ok
--   missing        there is no such user
--   named          the user's name is the present address, which would no longer be theirs
--   address taken  another account has verified it
create function doorward.user_set(p_name text, p_mail text, p_verified boolean,
	p_display_name text, p_language text, p_actor text) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_user users;
	v_outcome text := 'ok';
begin
	select * into v_user from users u where u.name_key = name_key(p_name) for update;
	if not found then
		return 'missing';
	end if;
	if p_mail is not null then
		v_outcome := address_set(v_user, p_mail, p_verified, p_actor);
	end if;
	if v_outcome = 'ok' and (p_display_name is not null or p_language is not null) then
		update users u set
			display_name = nullif(coalesce(p_display_name, u.display_name), ''),
			language = nullif(coalesce(p_language, u.language), '')
			where u.id = v_user.id;
		perform audit_add('profile_changed', v_user.id, v_user.name, p_actor, null, null,
			null);
	end if;
	return v_outcome;
exception when unique_violation then
	return 'address taken';
end
$$;

insert into doorward.door (program, function) values ('admin', 'user_set');
