-- Which program may call which function, and the version of this schema.

-- Take every right from everybody but the owner, then give each program's role its own
-- functions. Called at the end of each migration run.
create function doorward.open_doors() returns void
language plpgsql
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_role text;
	v_row record;
begin
	revoke all on all functions in schema doorward from public;
	revoke all on all tables in schema doorward from public;
	for v_role in
		select distinct a.grantee::regrole::text
		from pg_proc p, aclexplode(p.proacl) a
		where p.pronamespace = 'doorward'::regnamespace
			and a.grantee not in (0, p.proowner)
	loop
		execute format('revoke all on all functions in schema doorward from %s', v_role);
	end loop;
	for v_row in
		select distinct quote_ident(r.role) as role, p.oid::regprocedure as function
		from program_role r
		join pg_roles g on g.rolname = r.role
		join door d on d.program = r.program
		join pg_proc p on p.proname = d.function
			and p.pronamespace = 'doorward'::regnamespace
	loop
		execute format('grant usage on schema doorward to %s', v_row.role);
		execute format('grant execute on function %s to %s', v_row.function, v_row.role);
	end loop;
end
$$;

-- The number of the newest file of tables, and the SHA-256 of the files in sql/functions.
-- Programs compare both with their own.
create function doorward.schema_number() returns integer
language sql stable security definer
set search_path = pg_catalog, doorward, pg_temp
as 'select coalesce(max(number), 0) from schema_migrations';

create function doorward.schema_functions() returns text
language sql stable security definer
set search_path = pg_catalog, doorward, pg_temp
as 'select sha256 from schema_functions';

insert into doorward.door (program, function)
	select p.name, f from doorward.program p, unnest(array['schema_number', 'schema_functions']) f;
