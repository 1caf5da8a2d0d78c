-- What people enter about themselves, what data they can take with them, and how they leave.
-- p_user and p_sid are sub and sid of a verified access token, as in accounts.sql.

-- The user, with the row locked, if that session is open. All NULL: it is over.
create function doorward.profile_lock(p_user uuid, p_sid uuid) returns doorward.users
language plpgsql volatile
as $$
declare
	v_user doorward.users;
begin
	select * into v_user from users u where u.id = p_user and not u.disabled for update;
	if exists (select 1 from sessions s where s.id = session_of(p_sid)
			and s.user_id = p_user and session_live(s)) then
		return v_user;
	end if;
	return null;
end
$$;

-- Convert a tag of the pages (pt-br) to the form of the outbox (pt-BR). NULL: there is no such
-- form.
create function doorward.mail_language(p_tag text) returns text
language sql immutable
as $$
	select case when p_tag ~ '^[a-z]{2}(-[a-z]{2})?$'
		then left(p_tag, 2) || upper(substr(p_tag, 3)) end
$$;

-- NULL: none. False, and nothing is stored: the session is over.
create function doorward.profile_set(p_user uuid, p_sid uuid, p_display_name text,
	p_language text, p_address inet) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_user users := profile_lock(p_user, p_sid);
begin
	if v_user.id is null then
		return false;
	end if;
	if (v_user.display_name, v_user.language) is distinct from (p_display_name, p_language) then
		update users u set display_name = p_display_name, language = p_language
			where u.id = p_user;
		perform audit_add('profile_changed', p_user, v_user.name, 'user', p_address,
			session_of(p_sid), null);
	end if;
	return true;
end
$$;

create function doorward.bucket_readdress(p_user uuid) returns text
language sql immutable
as $$
	select doorward.bucket_device(p_user, 'address')
$$;

-- Make the link that puts another address in place, and mail it there. If the address is taken,
-- its owner gets another mail, and nobody gets the link. The link is made all the same, and
-- neither mail is stored as the user's: nothing that the user can see tells whether the address
-- is taken.
create function doorward.profile_address_mail(p_user doorward.users, p_mail text) returns void
language plpgsql volatile
as $$
declare
	v_owner uuid := (select a.user_id from addresses a
		where a.address_key = address_key(p_mail) and a.verified_at is not null);
	v_link uuid;
begin
	delete from links l where l.user_id = p_user.id and l.kind in ('change-address', 'verify');
	v_link := link_make('change-address', p_user.id, null,
		jsonb_build_object('address', p_mail), 1, null, null, null, 'user');
	if v_owner is not null then
		perform outbox_add('address-taken', null, p_mail, null, v_owner, null);
	else
		perform outbox_add('change-address', mail_language(p_user.language), p_mail, v_link,
			null, jsonb_build_object('name', p_user.name));
	end if;
end
$$;

-- The user asks for another address: a mail with a link goes there, and its use puts it in
-- place. What was asked for before opens nothing any more. An address of somebody else gets a
-- mail that says so; who asks is told the same. outcome:
--   sent  or withheld in silence, because that mailbox has had too many (mailbox_admits)
--   same  they have it, proved
--   wait  asked too often: `wait` seconds, and nothing was stored
--   gone  the session is over, and nothing was stored
create function doorward.profile_address(p_user uuid, p_sid uuid, p_mail text, p_address inet)
returns table (outcome text, wait integer)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_user users := profile_lock(p_user, p_sid);
begin
	wait := 0;
	outcome := case when v_user.id is null then 'gone'
		when address_key(p_mail) = address_key(address_verified(p_user)) then 'same' end;
	if outcome is null then
		select t.wait into wait from attempt_count(array[bucket_readdress(p_user)]) t;
		perform set_config('synchronous_commit', 'on', true); -- attempt_count turns it off
		outcome := case when wait > 0 then 'wait' else 'sent' end;
	end if;
	if outcome = 'sent' then
		perform audit_add('address_asked', p_user, v_user.name, 'user', p_address,
			session_of(p_sid), null);
		if mailbox_admits('register', p_mail) then
			perform profile_address_mail(v_user, p_mail);
		else
			perform audit_add('mail_withheld', p_user, v_user.name, null, null, null,
				'change-address');
		end if;
	end if;
	return next;
end
$$;

-- Everything that is stored about a user, as JSON, without the hashes of secrets. NULL: the
-- session is over.
create function doorward.profile_data(p_user uuid, p_sid uuid) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_user users := profile_lock(p_user, p_sid);
begin
	if v_user.id is null then
		return null;
	end if;
	perform audit_add('data_taken', p_user, v_user.name, 'user', null, session_of(p_sid), null);
	return jsonb_pretty(jsonb_build_object(
		'at', doorward.now(),
		'user', to_jsonb(v_user) - '{password_hash,name_key}'::text[]
			|| jsonb_build_object('has_password', v_user.password_hash is not null),
		'address', (select to_jsonb(a) - '{user_id,address_key}'::text[]
			from addresses a where a.user_id = p_user),
		'sessions', (select coalesce(jsonb_agg(to_jsonb(s) - 'user_id'
				|| jsonb_build_object('renewals', (select count(t.used_at)
					from refresh_tokens t where t.session_id = s.id))
				order by s.opened_at), '[]')
			from sessions s where s.user_id = p_user),
		'factors', (select coalesce(jsonb_agg(to_jsonb(f)), '[]') from factor_list(p_user) f),
		'remembered', (select coalesce(jsonb_agg(to_jsonb(t) - '{user_id,device}'::text[]
				order by t.until), '[]')
			from trusted t where t.user_id = p_user),
		'logins', (select coalesce(jsonb_agg(to_jsonb(f)
				- '{user_id,hash,device,key_id,sealed}'::text[] order by f.created_at), '[]')
			from flows f where f.user_id = p_user),
		'tokens', (select coalesce(jsonb_agg(to_jsonb(p) - 'user_id' order by p.created_at), '[]')
			from programs p where p.user_id = p_user),
		'allowed', (select coalesce(jsonb_agg(to_jsonb(k) - 'user_id' order by k.client_id), '[]')
			from oauth_consents k where k.user_id = p_user),
		'grants', (select coalesce(jsonb_agg(to_jsonb(g) - '{user_id,nonce}'::text[]
				|| jsonb_build_object('renewals', (select count(t.used_at)
					from oauth_refresh_tokens t where t.grant_id = g.id))
				order by g.created_at, g.id), '[]')
			from oauth_grants g where g.user_id = p_user),
		'links', (select coalesce(jsonb_agg(to_jsonb(l) - '{user_id,hash}'::text[]
				order by l.created_at), '[]')
			from links l where l.user_id = p_user),
		'mails', (select coalesce(jsonb_agg(to_jsonb(o) - 'user_id' order by o.id), '[]')
			from outbox o where o.user_id = p_user),
		'guesses', (select coalesce(jsonb_agg(to_jsonb(t) order by t.bucket), '[]')
			from attempts t where t.bucket = any(attempts_of(p_user))),
		'audit', (select coalesce(jsonb_agg(to_jsonb(a) - 'user_id' order by a.id), '[]')
			from audit a where a.user_id = p_user)));
end
$$;

-- Delete the user and everything about them. The audit keeps which id did what, and no more.
-- p_tell: a mail to their address says so. Returns ok; gone, the session is over; last, nobody
-- else who is enabled has the role doorward-admin. Nothing is done unless it is ok. Then the
-- verifiers must be told of the ended sessions.
create function doorward.profile_delete(p_user uuid, p_sid uuid, p_tell boolean)
returns text
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_user users := profile_lock(p_user, p_sid);
	v_mail text := address_verified(v_user.id);
begin
	if v_user.id is null then
		return 'gone';
	elsif admin_is_last(v_user, true) then
		return 'last';
	end if;
	perform user_remove(v_user, 'user');
	perform audit_blank(p_user);
	perform audit_add('user_deleted', p_user, null, 'user', null, null, null);
	if p_tell and v_mail is not null then
		perform outbox_add('account-deleted', mail_language(v_user.language), v_mail, null,
			null, jsonb_build_object('name', v_user.name));
	end if;
	return 'ok';
end
$$;

insert into doorward.door (program, function) values
	('account', 'profile_set'), ('account', 'profile_address'), ('account', 'profile_data'),
	('account', 'profile_delete');
