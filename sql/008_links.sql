-- Who comes in by a link, and how much is mailed to one mailbox.

-- Names that nobody may choose behind a link that they asked for themselves: whoever has one
-- could be taken for who looks after the site (RFC 2142). The operator may give them to
-- somebody, and may add rows here.
create table doorward.names_reserved (
	name text primary key check (name = doorward.name_key(name))
);
insert into doorward.names_reserved values
	('abuse'), ('admin'), ('administrator'), ('help'), ('hostmaster'), ('info'), ('mailer-daemon'),
	('noc'), ('nobody'), ('noreply'), ('no-reply'), ('operator'), ('postmaster'), ('root'),
	('security'), ('support'), ('sysadmin'), ('system'), ('webmaster');

-- What was mailed to a mailbox in the last hour because somebody typed it in. Anybody may do
-- that, so there is a limit (mailbox_admits). Only SHA-256 of the address's key is kept.
create table doorward.mailboxes (
	purpose text check (purpose in ('forgot', 'register')),
	hash bytea check (octet_length(hash) = 32),
	sent timestamptz[] not null,
	primary key (purpose, hash)
);
