-- Mails to be sent, with their recipients and links; and requests of visitors of whom nobody
-- knows yet whether they are users.

-- p_data: what the template says besides the link and the user's name. NULL: nothing.
create function doorward.outbox_add(p_template text, p_language text, p_recipient text,
	p_link uuid, p_user uuid, p_data jsonb) returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_id bigint;
begin
	insert into outbox (template, language, recipient, link_id, user_id, created_at, due_at, data)
	values (p_template, p_language, p_recipient, p_link, p_user, doorward.now(), doorward.now(),
		coalesce(p_data, '{}'))
	returning id into v_id;
	return v_id;
end
$$;

-- The mail that says that a password was changed, where there is an address that is theirs.
create function doorward.password_notice(p_user uuid) returns void
language sql volatile
as $$
	select outbox_add('password-changed', null, a.address, null, p_user, null)
		from addresses a where a.user_id = p_user and a.verified_at is not null
$$;

create function doorward.bucket_request(p_address inet) returns text
language sql immutable
as $$
	select 'request:' || doorward.bucket_address(p_address)
$$;

-- Store the request for the worker, and look nobody up. Returns 0, or the seconds to wait;
-- nothing is stored then. p_request: forgot or register.
create function doorward.request_add(p_request text, p_language text, p_sealed bytea,
	p_address inet) returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_wait integer;
begin
	select wait into v_wait from attempt_count(array[bucket_request(p_address)]);
	if v_wait = 0 then
		perform set_config('synchronous_commit', 'on', true); -- attempt_count turns it off
		insert into requests (request, language, sealed, address, created_at)
		values (p_request, p_language, p_sealed, p_address, doorward.now());
	end if;
	return v_wait;
end
$$;

-- ---- the worker: requests ----

-- The next request, taken for five minutes. No row: there is none. `sealed` is hexadecimal.
create function doorward.request_take()
returns table (id bigint, request text, language text, sealed text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_request requests;
begin
	select * into v_request from requests r
		where coalesce(r.claimed_until <= doorward.now(), true)
		order by r.id limit 1 for update skip locked;
	if found then
		update requests r set claimed_until = doorward.now() + interval '5 minutes'
			where r.id = v_request.id;
		return query select v_request.id, v_request.request, v_request.language,
			encode(v_request.sealed, 'hex');
	end if;
end
$$;

-- What the worker has unsealed, decided and done with, in one transaction (requests.sql).
-- p_typed NULL: it could not be unsealed, since the mail key is another one. p_open: may anybody
-- register? p_roles is what they get, p_domains those of addresses that may, empty for any.
create function doorward.request_decide(p_id bigint, p_typed text, p_open boolean,
	p_domains text[], p_roles text[]) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_request requests;
begin
	delete from requests r where r.id = p_id returning * into v_request;
	if v_request.request = 'forgot' and p_typed is not null then
		perform forgot_decide(p_typed, v_request.language);
	elsif v_request.request = 'register' and p_typed is not null and p_open then
		perform register_decide(p_typed, p_roles, p_domains, v_request.language);
	end if;
end
$$;

-- ---- the worker: mails ----

create function doorward.mail_is_due(p_mail doorward.outbox) returns boolean
language sql volatile
as $$
	select p_mail.given_up_at is null and p_mail.due_at <= doorward.now()
		and coalesce(p_mail.claimed_until <= doorward.now(), true)
$$;

-- Nobody has seen the secret of a link before its first mail is sent, because the secret is made
-- with the mail. So a link with a life of a day or less begins to live then. False: the link is
-- invalid, and a mail with it is useless.
create function doorward.mail_link(p_link doorward.links) returns boolean
language plpgsql volatile
as $$
declare
	v_link links := p_link;
	v_user users;
begin
	update links l set ends_at = greatest(l.ends_at,
			doorward.now() + make_interval(secs => k.life_seconds))
		from link_kind k
		where l.id = p_link.id and k.kind = l.kind and k.life_seconds <= 86400
		returning l.* into v_link;
	if not found then
		v_link := p_link;
	end if;
	select * into v_user from users u where u.id = v_link.user_id;
	return link_holds(v_link, v_user);
end
$$;

-- The next mail that is due, taken for five minutes, in which it must be sent and settled.
-- Nobody else gets it in that time. No row: none is due. `link` is NULL if it has none. A mail
-- whose link is invalid is deleted. Its language is the one that its user has chosen, or else that
-- of the page on which somebody asked for it; NULL: neither is known.
create function doorward.mail_take()
returns table (id bigint, template text, language text, recipient text, data text,
	created_at bigint, name text, kind text, link uuid, ends_at bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_mail outbox;
	v_link links;
begin
	loop
		select * into v_mail from outbox o where mail_is_due(o)
			order by o.due_at, o.id limit 1;
		if not found then
			return;
		end if;
		-- the order of locks, as wherever a link is ended: the link, then its mail
		select * into v_link from links l where l.id = v_mail.link_id for update;
		select * into v_mail from outbox o where o.id = v_mail.id and mail_is_due(o) for update;
		continue when not found;
		if v_mail.link_id is null or mail_link(v_link) then
			exit;
		end if;
		delete from outbox o where o.id = v_mail.id;
	end loop;
	update outbox o set claimed_until = doorward.now() + interval '5 minutes',
			tries = o.tries + 1
		where o.id = v_mail.id;
	return query select v_mail.id, v_mail.template, coalesce(u.language, v_mail.language),
		v_mail.recipient, v_mail.data::text, floor(extract(epoch from v_mail.created_at))::bigint, u.name, l.kind,
		l.id, floor(extract(epoch from l.ends_at))::bigint
		from (select 1) one
			left join users u on u.id = v_mail.user_id
			left join links l on l.id = v_mail.link_id;
end
$$;

-- Pauses between tries: 1, 5, 15 minutes, then 1, 2 and 4 hours.
create function doorward.mail_distance(p_tries integer) returns interval
language sql immutable
as $$
	select (array['1 minute', '5 minutes', '15 minutes', '1 hour', '2 hours', '4 hours'])
		[least(greatest(p_tries, 1), 6)]::interval
$$;

-- The result of a try. p_outcome: sent; later, it may succeed another time; never, it cannot
-- succeed. p_failure: the reason in words, without a secret. A mail is given up two days after
-- it was added, or after the operator's last retry. Returns sent, later or given up; NULL: it is
-- gone.
create function doorward.mail_settle(p_id bigint, p_outcome text, p_failure text) returns text
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_mail outbox;
	v_until timestamptz;
	v_name text;
begin
	select * into v_mail from outbox o where o.id = p_id for update;
	if not found then
		return null;
	end if;
	v_name := (select u.name from users u where u.id = v_mail.user_id);
	if p_outcome = 'sent' then
		delete from outbox o where o.id = p_id;
		perform audit_add('mail_sent', v_mail.user_id, v_name, 'mail', null, null,
			v_mail.template);
		return 'sent';
	end if;
	v_until := coalesce(v_mail.retried_at, v_mail.created_at) + interval '2 days';
	update outbox o set claimed_until = null, failure = case
				when octet_length(p_failure) <= 512 then p_failure else left(p_failure, 128) end,
			due_at = least(doorward.now() + mail_distance(o.tries), v_until),
			given_up_at = case when p_outcome = 'never' or doorward.now() >= v_until
				then doorward.now() end
		where o.id = p_id
		returning * into v_mail;
	if v_mail.given_up_at is null then
		return 'later';
	end if;
	perform audit_add('mail_given_up', v_mail.user_id, v_name, 'mail', null, null,
		v_mail.template || ': ' || v_mail.failure);
	return 'given up';
end
$$;

-- For a program that has answered: true, and start the worker, if something is due and no
-- program has started one within ten seconds.
create function doorward.mail_wanted() returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
begin
	if not exists (select 1 from outbox o where mail_is_due(o))
			and not exists (select 1 from requests r
				where coalesce(r.claimed_until <= doorward.now(), true)) then
		return false;
	end if;
	insert into mail_worker as w (started_at) values (doorward.now())
		on conflict (one) do update set started_at = excluded.started_at
			where w.started_at not between excluded.started_at - interval '10 seconds'
				and excluded.started_at;
	return found;
end
$$;

-- ---- the operator ----

-- All mails, the next one first. state: waiting; sending, a worker has it; given up.
create function doorward.mail_list()
returns table (id bigint, state text, template text, recipient text, created_at bigint,
	due_at bigint, tries integer, failure text)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select o.id,
		case when o.given_up_at is not null then 'given up'
			when o.claimed_until > doorward.now() then 'sending'
			else 'waiting' end,
		o.template, o.recipient, floor(extract(epoch from o.created_at))::bigint,
		case when o.given_up_at is null then floor(extract(epoch from o.due_at))::bigint end,
		o.tries, o.failure
	from outbox o
	order by o.given_up_at nulls first, o.due_at, o.id
$$;

-- Make mails due now, and for two more days if needed. p_id NULL: all that wait. Returns how
-- many.
create function doorward.mail_retry(p_id bigint, p_actor text) returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_count integer;
begin
	update outbox o set due_at = doorward.now(), given_up_at = null,
			retried_at = case when o.given_up_at is null then o.retried_at
				else doorward.now() end,
			tries = case when o.given_up_at is null then o.tries else 0 end
		where case when p_id is null then o.given_up_at is null else o.id = p_id end;
	get diagnostics v_count = row_count;
	if v_count > 0 then
		perform audit_add('mail_retried', null, null, p_actor, null, null,
			coalesce('mail=' || p_id, 'mails=' || v_count));
	end if;
	return v_count;
end
$$;

-- False: there is none. The link that it would have carried is unchanged.
create function doorward.mail_drop(p_id bigint, p_actor text) returns boolean
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_mail outbox;
begin
	delete from outbox o where o.id = p_id returning * into v_mail;
	if v_mail.id is null then
		return false;
	end if;
	perform audit_add('mail_dropped', v_mail.user_id, (select u.name from users u
		where u.id = v_mail.user_id), p_actor, null, null, v_mail.template);
	return true;
end
$$;

-- For `doorward status`. late_seconds: how long the first due mail has been waiting. 0: none is
-- due.
create function doorward.mail_status()
returns table (waiting bigint, failing bigint, given_up bigint, requests bigint,
	late_seconds bigint)
language sql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
	select count(*) filter (where o.given_up_at is null),
		count(*) filter (where o.given_up_at is null and o.failure is not null),
		count(*) filter (where o.given_up_at is not null),
		(select count(*) from requests),
		greatest(0, floor(extract(epoch from doorward.now() - least(
			min(o.due_at) filter (where mail_is_due(o)),
			(select min(r.created_at) from requests r)))))::bigint
	from outbox o
$$;

insert into doorward.door (program, function) values
	('account', 'outbox_add'), ('admin', 'outbox_add'), ('account', 'request_add'),
	('mail', 'mail_take'), ('mail', 'mail_settle'), ('mail', 'request_take'),
	('mail', 'request_decide'), ('admin', 'mail_list'), ('admin', 'mail_retry'),
	('admin', 'mail_drop'), ('admin', 'mail_status'),
	('account', 'mail_wanted'), ('login', 'mail_wanted'),
	('webadmin', 'mail_wanted');
