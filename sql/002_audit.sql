-- What was decided, by whom, about whom. The programs add rows through the functions
-- of later files; none of them may change or delete one. `doorward db tidy` drops old ones.

create table doorward.audit (
	id bigint generated always as identity primary key,
	at timestamptz not null,
	event text not null,
	user_id uuid,        -- not a foreign key: the row outlives the user
	name text,           -- of a known user; what a stranger typed may be a password
	actor text,          -- 'user', 'operator:NAME' or NULL: nobody known
	address inet,
	session uuid,
	detail text
);
create index audit_at on doorward.audit (at);
create index audit_user on doorward.audit (user_id, at);

create function doorward.audit_keep() returns trigger
language plpgsql
set search_path = pg_catalog, doorward, pg_temp
as $$
begin
	raise exception 'a row of the audit table does not change';
end
$$;
create trigger audit_keep before update on doorward.audit
	for each row execute function doorward.audit_keep();
