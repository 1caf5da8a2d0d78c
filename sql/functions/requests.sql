-- The decisions about what a visitor typed into /account/forgot or /account/register. The worker
-- makes them (functions/mail.sql), never the page: the visitor learns nothing.

-- May one more mail for this purpose go to that mailbox? At most 3 in any hour; this one is
-- counted. p_purpose: forgot; or register, which is also for a change of address, because
-- strangers get that mail, too.
create function doorward.mailbox_admits(p_purpose text, p_address text) returns boolean
language plpgsql volatile
as $$
declare
	v_hash bytea := sha256(convert_to(address_key(p_address), 'UTF8'));
	v_sent timestamptz[];
begin
	insert into mailboxes values (p_purpose, v_hash, '{}') on conflict do nothing;
	select array(select t from unnest(m.sent) t
			where t > doorward.now() - interval '1 hour') into v_sent
		from mailboxes m where m.purpose = p_purpose and m.hash = v_hash
		for update of m;
	if cardinality(v_sent) >= 3 then
		return false;
	end if;
	update mailboxes m set sent = v_sent || doorward.now()
		where m.purpose = p_purpose and m.hash = v_hash;
	return true;
end
$$;

-- The user whose verified address or name was typed. Addresses come first: a name that looks
-- like an address is its owner's own.
create function doorward.forgot_user(p_typed text) returns doorward.addresses
language plpgsql volatile
as $$
declare
	v_found addresses;
begin
	select a.* into v_found from addresses a
		where a.address_key = address_key(p_typed) and a.verified_at is not null;
	if not found then
		select a.* into v_found from users u join addresses a on a.user_id = u.id
			where u.name_key = name_key(p_typed) and a.verified_at is not null;
	end if;
	return v_found;
end
$$;

-- Mail a link to choose a new password, or for an account without a password one to make a
-- passkey, if that is allowed. Nothing is mailed for an unknown name or address, for an account
-- that is disabled, or if the mailbox has had too many.
create function doorward.forgot_decide(p_typed text, p_language text) returns void
language plpgsql volatile
as $$
declare
	v_address addresses := forgot_user(p_typed);
	v_user users;
begin
	select * into v_user from users u
		where u.id = v_address.user_id and not u.disabled;
	if not found then
		return;
	elsif mailbox_admits('forgot', v_address.address) then
		if v_user.password_hash is not null then
			perform link_make('reset', v_user.id, null, null, 1, null, 'reset', p_language,
				null);
		else
			perform link_make('factor', v_user.id, null, null, 1, null, 'passkey-link',
				p_language, null);
		end if;
	else
		perform audit_add('mail_withheld', v_user.id, v_user.name, null, null, null, 'forgot');
	end if;
end
$$;

-- p_domains empty: any.
create function doorward.address_is_of(p_address text, p_domains text[]) returns boolean
language sql volatile
as $$
	select cardinality(p_domains) = 0 or address_key(split_part(p_address, '@', 2)) = any(
		array(select address_key(d) from unnest(p_domains) d))
$$;

-- Mail a link behind which name and password are chosen. If the address is taken, its owner is
-- told so instead. There is no account until the link is used.
create function doorward.register_decide(p_address text, p_roles text[], p_domains text[],
	p_language text) returns void
language plpgsql volatile
as $$
declare
	v_taken addresses;
begin
	if not coalesce(address_valid(p_address) and address_is_of(p_address, p_domains), false)
			or not mailbox_admits('register', p_address) then
		return;
	end if;
	select * into v_taken from addresses a
		where a.address_key = address_key(p_address) and a.verified_at is not null;
	if found then
		perform outbox_add('address-taken', null, v_taken.address, null, v_taken.user_id,
			null);
	else
		perform link_make('invite', null, null, jsonb_build_object('address', p_address,
			'roles', to_jsonb(p_roles), 'self', true), 1, null, 'register', p_language, null);
	end if;
end
$$;
