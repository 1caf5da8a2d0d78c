-- What people enter about themselves, and how an address finds them.

alter table doorward.users
	add column display_name text, -- what pages call them; NULL: their name
	add column language text;     -- of their mails and pages; NULL: as the browser asks

create function doorward.display_name_valid(display_name text) returns boolean
language sql immutable parallel safe
set search_path = pg_catalog, doorward, pg_temp
as 'select name_valid(display_name) and char_length(display_name) <= 100';

create trigger users_display_name_check after update of display_name on doorward.users
	for each row when (not doorward.display_name_valid(new.display_name))
	execute function doorward.users_refuse();
create trigger users_language_check after update of language on doorward.users
	for each row when (new.language !~ '^[a-z-]{1,16}$')
	execute function doorward.users_refuse();

-- An address belongs to the account that has verified it. An account that only claims the
-- address does not prevent another one from verifying it.
alter table doorward.addresses drop constraint addresses_address_key_key;
create unique index addresses_verified on doorward.addresses (address_key)
	where verified_at is not null;

-- Tries to log in as a user are counted by the user's id, whatever was typed: see buckets().
update doorward.attempts a set bucket = 'name:' || u.id
	from doorward.users u
	where a.bucket = 'name:' || encode(sha256(convert_to(u.name_key, 'UTF8')), 'hex');

-- Mails about logins from new browsers: three at once, then three a day.
insert into doorward.throttle values ('news', 3, 28800, 86400);

-- Rows of the audit do not change, with one exception: name, address and detail of a deleted
-- user may be removed (audit_blank).
create or replace function doorward.audit_keep() returns trigger
language plpgsql
set search_path = pg_catalog, doorward, pg_temp
as $$
begin
	if (new.id, new.at, new.event, new.user_id, new.actor, new.session)
			is not distinct from
			(old.id, old.at, old.event, old.user_id, old.actor, old.session)
			and num_nonnulls(new.name, new.address, new.detail) = 0
			and old.user_id is not null
			and not exists (select 1 from users u where u.id = old.user_id) then
		return new;
	end if;
	raise exception 'a row of the audit table does not change';
end
$$;
