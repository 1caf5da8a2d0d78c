-- Invitations and registration, and how much is mailed to one mailbox.

-- Names that people may not choose behind a link that they asked for themselves, because their
-- owner could be taken for somebody who runs the site (RFC 2142). The operator may give them to
-- somebody, and may add rows here.
create table doorward.names_reserved (
	name text primary key check (name = doorward.name_key(name))
);
insert into doorward.names_reserved values
	('abuse'), ('admin'), ('administrator'), ('help'), ('hostmaster'), ('info'), ('mailer-daemon'),
	('noc'), ('nobody'), ('noreply'), ('no-reply'), ('operator'), ('postmaster'), ('root'),
	('security'), ('support'), ('sysadmin'), ('system'), ('webmaster');

-- Mails of the last hour that went to a mailbox because somebody typed its address. Anybody may
-- do that, so there is a limit (mailbox_admits). Only SHA-256 of the address's key is stored.
create table doorward.mailboxes (
	purpose text check (purpose in ('forgot', 'register')),
	hash bytea check (octet_length(hash) = 32),
	sent timestamptz[] not null,
	primary key (purpose, hash)
);
