-- Figures for `doorward metrics`.

-- Count the rows of the audit that are not counted yet, and return how many there have been of
-- each event. A row gets its time before its transaction ends, so the last ten seconds are left
-- for the next call: a statement of a program takes 2.5 seconds at most. Two calls at once wait
-- for each other.
create function doorward.figures_count() returns table (event text, n bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
#variable_conflict use_column
declare
	v_from timestamptz;
	v_to timestamptz := doorward.now() - interval '10 seconds';
begin
	select c.until into v_from from figures_counted c for update;
	if v_to > v_from then
		insert into figures as f (event, n)
			select a.event, count(*) from audit a
			where a.at > v_from and a.at <= v_to
			group by a.event
			on conflict (event) do update set n = f.n + excluded.n;
		update figures_counted set until = v_to;
	end if;
	return query select f.event, f.n from figures f order by f.event;
end
$$;

insert into doorward.door (program, function) values ('admin', 'figures_count');
