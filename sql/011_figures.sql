-- Figures that only grow, for `doorward metrics`. They are counted from the audit and outlive
-- its rows, which `doorward db tidy` deletes.

create table doorward.figures (
	event text primary key, -- of the audit
	n bigint not null
);

-- The rows of the audit up to this time are counted.
create table doorward.figures_counted (
	one boolean primary key default true check (one),
	until timestamptz not null
);
insert into doorward.figures_counted (until) values ('-infinity');
