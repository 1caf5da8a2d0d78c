-- Upkeep: how long what is over is kept, and how far the deleting has come.

-- One row. Only the owner of the tables writes it (`doorward db retention`).
create table doorward.retention (
	one boolean primary key default true check (one),
	audit_days integer not null default 365 check (audit_days between 1 and 36500),
	session_days integer not null default 30 check (session_days between 1 and 36500),
	-- links, with the mails about them, and refresh tokens that were replaced
	link_days integer not null default 30 check (link_days between 1 and 36500)
);
insert into doorward.retention default values;

-- One row. A pass goes through all tables, in small steps (upkeep_step) or at once (tidy).
create table doorward.upkeep (
	one boolean primary key default true check (one),
	since timestamptz not null,       -- when the first pass was waited for
	tidied_at timestamptz,            -- the end of the last pass
	place integer not null default 0, -- the table at which the present pass is; 0: no pass
	block bigint not null default 0,  -- the next part of that table
	audit_rows bigint not null default 0, -- rows of the audit deleted by steps, not recorded yet
	recorded_at timestamptz,          -- when that was last recorded
	keys_at timestamptz               -- when the signing keys were last looked after
);
insert into doorward.upkeep (since) values (doorward.now());
