-- When each revocation was listed or changed, so that a writer of the revocation files need not
-- ask for all of them again. The time that it ends says nothing about that: a token for a program
-- ends when it would have expired.

alter table doorward.revocations add column listed_at timestamptz not null default now();
create index revocations_listed on doorward.revocations (listed_at);

create function doorward.revocation_is_listed() returns trigger
language plpgsql
as $$
begin
	new.listed_at := doorward.now();
	return new;
end
$$;

create trigger revocations_listed before insert or update on doorward.revocations
	for each row execute function doorward.revocation_is_listed();
