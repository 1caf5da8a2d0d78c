-- A test mail that an admin has sent to their own address. If nobody has verified that address,
-- the mail carries a link that does.

-- The last test mail of the last day, and the address. state: none; waiting, it will be sent;
-- late, it has waited for a minute, and nobody sends it; failing, it will be tried again;
-- given up; sent. failure: why it could not be sent, without a secret. since: when it was asked
-- for, or when it was sent.
create function doorward.admin_mail_find(p_sid uuid)
returns table (address text, verified boolean, state text, failure text, since bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_actor users := admin_actor(p_sid);
	v_mail outbox;
	v_sent timestamptz;
begin
	select o.* into v_mail from outbox o
		where o.user_id = v_actor.id and o.template = 'test'
		order by o.id desc limit 1;
	v_sent := (select max(a.at) from audit a
		where a.user_id = v_actor.id and a.event = 'mail_sent' and a.detail = 'test'
			and a.at > doorward.now() - interval '1 day');
	return query select a.address, a.verified_at is not null,
		case when v_mail.id is null and v_sent is null then 'none'
			when v_mail.id is null then 'sent'
			when v_mail.given_up_at is not null then 'given up'
			when v_mail.failure is not null then 'failing'
			when v_mail.claimed_until is null
				and v_mail.due_at < doorward.now() - interval '1 minute' then 'late'
			else 'waiting' end,
		v_mail.failure,
		floor(extract(epoch from coalesce(v_mail.created_at, v_sent)))::bigint
		from (select 1) one left join addresses a on a.user_id = v_actor.id;
end
$$;

-- Send one, instead of one that has not been sent yet. Returns ok; none, the admin has no
-- address; sending, somebody is sending one at this moment.
create function doorward.admin_mail_send(p_sid uuid, p_language text) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_actor users := admin_actor(p_sid);
	v_address addresses;
begin
	perform 1 from users u where u.id = v_actor.id for update; -- two tries at once
	select a.* into v_address from addresses a where a.user_id = v_actor.id;
	if v_address.address is null then
		return 'none';
	elsif exists (select 1 from outbox o where o.user_id = v_actor.id and o.template = 'test'
			and o.claimed_until > doorward.now()) then
		return 'sending';
	end if;
	delete from links l using outbox o
		where o.user_id = v_actor.id and o.template = 'test' and l.id = o.link_id;
	delete from outbox o where o.user_id = v_actor.id and o.template = 'test';
	if v_address.verified_at is null then
		perform link_make('verify', v_actor.id, null,
			jsonb_build_object('address', v_address.address), 1, null, 'test', p_language,
			admin_name(v_actor));
	else
		perform outbox_add('test', p_language, v_address.address, null, v_actor.id, null);
	end if;
	return 'ok';
end
$$;

insert into doorward.door (program, function) values
	('webadmin', 'admin_mail_find'), ('webadmin', 'admin_mail_send');
