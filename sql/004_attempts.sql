-- Guessing does not pay: tries are counted before the password is looked at.
--
-- A bucket is an account name (its SHA-256: what strangers type into that field may be a
-- password), an address (IPv6: its /64), or a known device of one user. Each try adds 1
-- to its level, and time drains it. Up to `free` a try is free; past that the next one
-- waits 2^(level - free) seconds. A success takes its own try back and no other, so that
-- nobody clears the way for a guesser. In any 24 hours a name gets at most
-- free + log2(leak) + 86400/leak tries: with the numbers below, fewer than 100.
--
-- Successful logins are counted as well (login_open), in the user's row: `free` at once, then
-- one in `leak_seconds`, whatever max_wait says.

create table doorward.throttle (
	kind text primary key,
	free integer not null check (free > 0),
	leak_seconds integer not null check (leak_seconds > 0),
	max_wait integer not null check (max_wait > 0)
);
insert into doorward.throttle values
	('name', 10, 1200, 3600), ('device', 10, 1200, 3600), ('address', 60, 20, 300),
	('success', 60, 30, 30);

create table doorward.attempts (
	bucket text collate "C" primary key, -- KIND:WHAT
	level double precision not null,
	at timestamptz not null,             -- of the last try that was let through
	refused bigint not null default 0    -- since then
);
