-- One-time links: made, looked at when they are opened, and used together with their effect.
--
-- The caller has verified the ticket (lib/ticket). It knows the id of a link, or the hash if the
-- kind is stored as a hash. The order of locks is the user's row, then the link's, then the
-- sessions.

-- Can the link still be used? p_user is its user's row, all NULL if it has none.
create function doorward.link_holds(p_link doorward.links, p_user doorward.users)
returns boolean
language sql volatile
as $$
	select coalesce(p_link.uses_left > 0 and p_link.ends_at > doorward.now()
		and (p_link.user_id is null or not p_user.disabled
			and (p_link.password_version is null
				or p_link.password_version = p_user.password_version)), false)
$$;

-- The state of a link as a word. good: it can be used. used: no use is left. expired: its time is
-- over. dead: the password of its user was changed. unknown: there is no such link, or it ended
-- because its user was disabled or got another address, or by link_withdraw.
create function doorward.link_state(p_link doorward.links, p_user doorward.users) returns text
language sql volatile
as $$
	select case
		when p_link.id is null then 'unknown'
		when p_link.uses_left = 0 then 'used'
		when p_link.kind = 'setup' and exists (select 1 from users) then 'used'
		when p_link.ends_at <= doorward.now() then 'expired'
		when link_holds(p_link, p_user) then 'good'
		else 'dead' end
$$;

create function doorward.link_roles(p_data jsonb) returns text[]
language sql volatile
as $$
	select array(select jsonb_array_elements_text(coalesce(p_data -> 'roles', '[]')))
$$;

-- The recipient of its mail. NULL: nobody.
create function doorward.link_recipient(p_kind text, p_user uuid, p_data jsonb) returns text
language sql volatile
as $$
	select case
		when p_kind in ('reset', 'factor') then (select a.address from addresses a
			where a.user_id = p_user and a.verified_at is not null)
		when p_kind = 'verify' then (select a.address from addresses a where a.user_id = p_user)
		when p_kind in ('setup', 'reset-shown') then null
		else p_data ->> 'address' end
$$;

-- Make one, and with p_template the mail that carries it. p_data, by kind:
--   setup, invite                 roles: an array; invite also address, of one who is invited
--                                 alone: it counts as verified when the link is used; and
--                                 self, true, where nobody but themselves has asked for it:
--                                 then not every name may be chosen
--   verify                        address: the user's own, as it is stored
--   change-address, undo-address  address: the one that the use puts in its place
--   welcome                       address: where the mail goes. It counts as verified when the
--                                 link is used, if it is still the user's
-- p_life and p_uses: NULL for the kind's life, and for one use. Returns the id; NULL, and
-- nothing was stored, when it could never be used or its mail has nowhere to go.
create function doorward.link_make(p_kind text, p_user uuid, p_hash bytea, p_data jsonb,
	p_uses integer, p_life integer, p_template text, p_language text, p_actor text)
returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_kind link_kind;
	v_user users;
	v_data jsonb := coalesce(p_data, '{}');
	v_uses integer := coalesce(p_uses, 1);
	v_to text;
	v_id uuid;
begin
	select * into v_kind from link_kind k where k.kind = p_kind;
	select * into v_user from users u where u.id = p_user and not u.disabled for update;
	v_to := link_recipient(p_kind, p_user, v_data);
	if v_kind.kind is null or v_kind.hashed <> (p_hash is not null)
			or v_kind.of_user <> (v_user.id is not null)
			or not v_kind.of_user and p_user is not null
			or v_uses < 1 or v_uses > 1 and (p_kind <> 'invite' or v_data ? 'address')
			or p_kind = 'setup' and exists (select 1 from users)
			or p_kind = 'reset' and v_user.password_hash is null
			or p_template is not null and v_to is null
			or not roles_valid(link_roles(v_data))
			or p_kind in ('verify', 'change-address', 'undo-address', 'welcome')
				and not coalesce(address_valid(v_data ->> 'address'), false) then
		return null;
	end if;
	insert into links (kind, hash, user_id, password_version, data, created_at, ends_at, uses_left)
	values (p_kind, p_hash, p_user,
		case when v_kind.with_password then v_user.password_version end, v_data, doorward.now(),
		doorward.now() + make_interval(secs => coalesce(p_life, v_kind.life_seconds)), v_uses)
	returning id into v_id;
	if p_template is not null then
		perform outbox_add(p_template, p_language, v_to, v_id, p_user, null);
	end if;
	perform audit_add('link_made', p_user, v_user.name, p_actor, null, null, p_kind);
	return v_id;
end
$$;

create function doorward.link_find(p_kind text, p_id uuid, p_hash bytea) returns doorward.links
language sql volatile
as $$
	select l from links l join link_kind k on k.kind = l.kind
	where l.kind = p_kind
		and case when k.hashed then l.hash = p_hash else l.id = p_id end
$$;

-- What a link is about, and in `state` whether it can be used (link_state). Changes nothing.
create function doorward.link_peek(p_kind text, p_id uuid, p_hash bytea)
returns table (state text, user_id uuid, name text, address text, self boolean, ends_at bigint,
	uses_left integer)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_link links := link_find(p_kind, p_id, p_hash);
	v_user users;
begin
	select * into v_user from users u where u.id = v_link.user_id;
	return query select link_state(v_link, v_user), v_link.user_id, v_user.name,
		v_link.data ->> 'address', v_link.data ? 'self',
		floor(extract(epoch from v_link.ends_at))::bigint, v_link.uses_left;
end
$$;

-- May people choose this name? They may not choose names of other users (user_add).
create function doorward.name_is_plain(p_name text) returns boolean
language sql immutable
as $$
	select p_name ~ '^[a-z0-9][a-z0-9._-]{0,63}$'
$$;

-- Make a link of kind setup for the first admin. Links of that kind that were made before become
-- invalid. NULL, and nothing was stored, if there is any user.
create function doorward.link_setup(p_hash bytea, p_actor text) returns uuid
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
begin
	if exists (select 1 from users) then
		return null;
	end if;
	delete from links l where l.kind = 'setup';
	return link_make('setup', null, p_hash, '{"roles": ["doorward-admin"]}', 1, null, null, null,
		p_actor);
end
$$;

-- Make a user. Otherwise returns the outcome of link_use that says why not. The address of an
-- invitation is the one that it was mailed to. p_mail is what somebody typed, so it is not
-- verified.
create function doorward.link_enter(p_link doorward.links, p_name text, p_hash text, p_mail text,
	out outcome text, out about uuid)
language sql volatile
as $$
	select case e.outcome when 'ok' then 'ok' when 'address taken' then 'address'
			when 'not own' then 'name' else 'taken' end, e.user_id
		from user_enter(p_name, link_roles(p_link.data), p_hash,
			case when p_link.kind = 'setup' then p_mail else p_link.data ->> 'address' end,
			p_link.kind <> 'setup', 'link:' || p_link.kind) e
$$;

-- The address of p_link becomes the user's. If the name was the old address, it changes, too,
-- and sessions get another sid. Links that were mailed to the old address become invalid, except
-- those that undo the change.
create function doorward.link_readdress(p_link doorward.links, p_user doorward.users)
returns void
language plpgsql volatile
as $$
declare
	v_new text := p_link.data ->> 'address';
	v_old addresses;
begin
	select * into v_old from addresses a where a.user_id = p_user.id;
	if not address_put(p_user.id, v_new, true) then
		raise unique_violation;
	end if;
	if v_old.verified_at is not null and v_old.address_key = p_user.name_key then
		perform user_name_put(p_user, v_new, 'user'); -- named after its address
	end if;
	delete from links l where l.user_id = p_user.id and l.id <> p_link.id
		and l.kind <> 'undo-address';
	if p_link.kind = 'change-address' and v_old.verified_at is not null
			and v_old.address_key <> address_key(v_new) then
		perform link_make('undo-address', p_user.id, null,
			jsonb_build_object('address', v_old.address), 1, null, 'address-changed', null,
			'user');
	end if;
end
$$;

-- The person who changed the address may be signed in, here and at clients, and may have made
-- tokens: end that. Later
-- links that undo a change were mailed to that person's addresses.
create function doorward.link_undo(p_link doorward.links, p_user doorward.users) returns void
language plpgsql volatile
as $$
begin
	perform link_readdress(p_link, p_user);
	delete from links l where l.user_id = p_user.id and l.id <> p_link.id
		and l.created_at >= p_link.created_at;
	update users u set device_version = u.device_version + 1 where u.id = p_user.id;
	perform sessions_stop(p_user.id, null, 'address');
	perform programs_end(p_user.id, null, 'address put back', 'user', null);
	perform oauth_grants_end(p_user.id, null, 'address', 'user', null);
end
$$;

-- The effect of a usable link whose rows are locked: the outcome of link_use, and the user. If
-- the effect fails, the caller undoes it.
create function doorward.link_effect(p_link doorward.links, p_user doorward.users, p_name text,
	p_hash text, p_mail text, p_alone boolean, out outcome text, out about uuid)
language plpgsql volatile
as $$
begin
	outcome := 'ok';
	about := p_user.id;
	if p_link.kind in ('setup', 'invite', 'reset', 'reset-shown', 'welcome') and p_hash is null
				and not (p_alone and p_link.kind = 'invite')
			or p_link.kind in ('setup', 'invite') and p_name is null
			or p_link.kind = 'setup' and p_mail is null then
		outcome := 'incomplete';
	elsif p_link.kind = 'setup' and not address_valid(p_mail) then
		outcome := 'mail';
	elsif p_link.kind = 'setup' then
		lock table users in share row exclusive mode; -- two links, one first user
		if exists (select 1 from users) then
			outcome := 'gone';
		else
			select * into outcome, about from link_enter(p_link, p_name, p_hash, p_mail);
		end if;
	elsif p_link.data ? 'self' and not name_is_plain(p_name) then
		outcome := 'name';
	elsif p_link.data ? 'self' and exists (select 1 from names_reserved r
			where r.name = p_name) then
		outcome := 'taken';
	elsif p_link.kind = 'invite' then
		select * into outcome, about from link_enter(p_link, p_name, p_hash, p_mail);
	elsif p_link.kind in ('reset', 'reset-shown') then
		perform user_password(p_user.name, p_hash, 'link:' || p_link.kind);
		perform password_notice(p_user.id);
	elsif p_link.kind = 'welcome' then
		perform user_password(p_user.name, p_hash, 'link:welcome');
		update addresses a set verified_at = coalesce(a.verified_at, doorward.now())
			where a.user_id = p_user.id
				and a.address_key = address_key(p_link.data ->> 'address')
				and not address_is_taken(p_user.id, a.address);
	elsif p_link.kind = 'verify' then
		update addresses a set verified_at = coalesce(a.verified_at, doorward.now())
			where a.user_id = p_user.id
				and a.address_key = address_key(p_link.data ->> 'address');
		outcome := case when found then 'ok' else 'gone' end;
	elsif p_link.kind = 'change-address' then
		perform link_readdress(p_link, p_user);
	elsif p_link.kind = 'undo-address' then
		perform link_undo(p_link, p_user);
	else
		outcome := 'gone'; -- flow_by_link uses those of kind factor
	end if;
end
$$;

-- Use a link: see link_use. p_alone: an invitation makes a user without a password.
create function doorward.link_spend(p_kind text, p_id uuid, p_hash bytea, p_name text,
	p_password_hash text, p_mail text, p_alone boolean, p_address inet)
returns table (outcome text, user_id uuid)
language plpgsql volatile
as $$
#variable_conflict use_variable
declare
	v_link links := link_find(p_kind, p_id, p_hash);
	v_user users;
begin
	select * into v_user from users u where u.id = v_link.user_id for update;
	select * into v_link from links l where l.id = v_link.id for update;
	outcome := 'gone';
	if link_holds(v_link, v_user) then
		begin
			select e.outcome, e.about into outcome, user_id
				from link_effect(v_link, v_user, p_name, p_password_hash, p_mail, p_alone) e;
		exception when unique_violation then
			outcome := 'address'; -- somebody else has proved it
		end;
	end if;
	if outcome = 'ok' then
		update links l set uses_left = l.uses_left - 1, used_at = doorward.now(),
				user_id = case when l.uses_left = 1 then link_spend.user_id else l.user_id end
			where l.id = v_link.id;
		perform audit_add('link_used', user_id, (select u.name from users u
			where u.id = link_spend.user_id), 'user', p_address, null, p_kind);
	else
		user_id := null;
	end if;
	return next;
end
$$;

-- Use it, with its effect, in one transaction. outcome:
--   ok
--   gone        it holds no more, or what it is about has gone
--   incomplete  p_name or p_hash (of a password) is wanted and missing
--   name        p_name is not one that people may give themselves (name_is_plain), or has an @
--               and is not the address
--   taken       the name is another's, or was given up, or is reserved
--   address     the address is another's
--   mail        p_mail, which a link of kind setup needs, is not an address
-- With all but ok nothing was stored and the link is as good as before. After ok of a reset, of
-- an undo and of a change of address, sessions have ended or have another sid, and the verifiers
-- must be told (revocation_list).
create function doorward.link_use(p_kind text, p_id uuid, p_hash bytea, p_name text,
	p_password_hash text, p_address inet, p_mail text default null)
returns table (outcome text, user_id uuid)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select * from link_spend(p_kind, p_id, p_hash, p_name, p_password_hash, p_mail, false,
		p_address)
$$;

-- Use an invitation for an account without a password. With the outcome ok, factor is the id of a
-- link of kind factor of the new user, by which the passkey is made.
create function doorward.link_use_alone(p_id uuid, p_name text, p_address inet)
returns table (outcome text, user_id uuid, factor uuid)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_variable
begin
	select u.outcome, u.user_id into outcome, user_id
		from link_spend('invite', p_id, null, p_name, null, null, true, p_address) u;
	if outcome = 'ok' then
		factor := link_make('factor', user_id, null, null, 1, null, null, null, 'link:invite');
	end if;
	return next;
end
$$;

-- ---- invitations, for the operator ----

-- All invitations except those that people have asked for themselves, newest first.
create function doorward.link_list()
returns table (id uuid, address text, roles text, uses_left integer, created_at bigint,
	ends_at bigint, state text)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select l.id, l.data ->> 'address', array_to_string(link_roles(l.data), ' '), l.uses_left,
		floor(extract(epoch from l.created_at))::bigint,
		floor(extract(epoch from l.ends_at))::bigint, link_state(l, null)
	from links l
	where l.kind = 'invite' and not l.data ? 'self'
	order by l.created_at desc
$$;

-- Mail an invitation again, instead of a mail that still waits. Its life starts anew. Returns
-- ok, or missing, used, no address: nothing was done then.
create function doorward.link_resend(p_id uuid, p_language text, p_actor text) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_link links;
begin
	select * into v_link from links l
		where l.id = p_id and l.kind = 'invite' and not l.data ? 'self' for update;
	if v_link.id is null then
		return 'missing';
	elsif v_link.uses_left = 0 then
		return 'used';
	elsif not v_link.data ? 'address' then
		return 'no address';
	end if;
	update links l set created_at = doorward.now(),
			ends_at = doorward.now() + (l.ends_at - l.created_at)
		where l.id = p_id;
	delete from outbox o where o.link_id = p_id;
	perform outbox_add('invite', p_language, v_link.data ->> 'address', p_id, null, null);
	perform audit_add('link_resent', null, null, p_actor, null, null, 'invite');
	return 'ok';
end
$$;

-- The link becomes invalid, and its mail is not sent. False: there is none, or it is used up.
create function doorward.link_withdraw(p_id uuid, p_actor text) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
begin
	delete from links l where l.id = p_id and l.kind = 'invite' and l.uses_left > 0;
	if not found then
		return false;
	end if;
	perform audit_add('link_withdrawn', null, null, p_actor, null, null, 'invite');
	return true;
end
$$;

insert into doorward.door (program, function) values
	('account', 'link_peek'), ('account', 'link_use'), ('account', 'link_use_alone'),
	('admin', 'link_make'), ('admin', 'link_setup'), ('admin', 'link_peek'), ('admin', 'link_use'),
	('admin', 'link_list'), ('admin', 'link_resend'), ('admin', 'link_withdraw');
