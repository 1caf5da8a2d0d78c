#include "bin/help_texts.h"

const char config_details[] =
	"check reads the settings and all files that they name as the programs\n"
	"would, so run it as the programs' user. It makes each page with sample\n"
	"values, and connects to the database as login, as account and as this\n"
	"command. It prints each problem with file and line, and which program\n"
	"cannot run because a setting is missing. If this user may not read\n"
	"something, check says so and prints the command for another user.\n\n"
	"Exit of check: 0 good, 1 there are problems, 2 there is no such file.\n";

const char db_details[] =
	"migrate makes the tables, or brings them to the version of this program. A\n"
	"second run changes nothing. Run it as the role that owns the database. It\n"
	"lets the role of each program execute that program's functions and nothing\n"
	"else. The role is the user= in database_login, database_account and\n"
	"database_mail, or the one in an option, which is remembered. If one role\n"
	"does everything, name none. Each role also gets the limits that it needs\n"
	"behind a pooler. If this user may not set them, migrate prints the\n"
	"statements for a superuser.\n\n"
	"  --login-role NAME    role of login.fcgi\n"
	"  --account-role NAME  role of account.fcgi\n"
	"  --admin-role NAME    a role for this command, other than the owner\n"
	"  --mail-role NAME     role of doorward mail send\n\n"
	"script prints SQL that makes the same tables in a new database, and a\n"
	"first user. Paste it where no program can connect (phpPgAdmin). It\n"
	"contains the hash of the password, not the password.\n\n"
	"tidy deletes what is no longer needed. Run it from cron once a day.\n\n"
	"  --audit-days N       keep the audit for so many days (365)\n"
	"  --session-days N     keep ended sessions for so many days (30)\n\n"
	"Exit of status: 0 the database has the version of this program, 1 it has\n"
	"not.\n";

const char user_details[] =
	"Names are unique; upper and lower case do not matter. add prints the\n"
	"user's id. An id never changes and is never given to somebody else, but a\n"
	"name may be.\n\n"
	"  --role ROLE        a role; may be repeated\n"
	"  --password-stdin   read the password as one line from standard input\n"
	"  --no-password      nobody can log in under this name until passwd\n\n"
	"passwd and disable end the user's sessions. role makes the user's tokens\n"
	"renew. unlock forgets the wrong tries that slow logins down.\n\n"
	"  --mail ADDRESS     an e-mail address; once it is verified, no other account\n"
	"                     can have it\n"
	"  --verified         the address is known to be theirs; otherwise they must\n"
	"                     verify it before they can use it to log in (login_by) or\n"
	"                     to reset a password\n"
	"  --no-mail          remove the address\n"
	"  --display-name TEXT, --language TAG   as on the account page; \"\" removes "
	"it\n\n"
	"A name with an @ must be the verified address of that account. If people\n"
	"change such an address, their name changes with it.\n\n"
	"rename keeps the id. Tokens with the old name are refused and renewed.\n"
	"delete ends all sessions and deletes everything about the user except the\n"
	"rows of the audit, which db tidy deletes later. With --blank-audit these\n"
	"rows lose name, address and detail at once, as when people delete their\n"
	"own account. A name that was given up cannot be used for 90 days, not even\n"
	"by you; its hash is kept for that time. Both commands ask first at a\n"
	"terminal, unless --yes is given.\n\n"
	"invite prints a link. The person who opens it chooses a name and a\n"
	"password. With --mail the link is mailed as well, and proves the address.\n"
	"The setting registration must not be closed, and mail_key must be set. An\n"
	"invitation with more than one use (--uses) gives the roles of\n"
	"registration_roles and no others. list shows invitations without their\n"
	"links. resend mails one again, with a new life. withdraw makes one\n"
	"invalid.\n\n"
	"  --uses N           good for so many people, 1 to 10000 (1)\n"
	"  --days N           good for so many days, 1 to 90 (7)\n\n"
	"import reads one user per line: NAME:HASH, as `htpasswd -B` writes it, or\n"
	"a JSON object with name, password_hash, roles, disabled, mail and\n"
	"verified. A hash may be Argon2, bcrypt, yescrypt, SHA-512-crypt or\n"
	"SHA-256-crypt. The user's next login replaces it by Argon2id. A hash that\n"
	"needs more than 256 MiB (or password_memory, if that is more) is refused,\n"
	"because the login programs could not compute it.\n";

const char mail_details[] =
	"send takes the mails that are due and gives them to mail_server, one after\n"
	"the other. If another send is running, it ends at once. A timer calls it,\n"
	"or a program (mail_worker). It uses the database as the role of\n"
	"database_mail, which can do nothing else.\n\n"
	"A mail that could not be sent is tried again after 1, 5 and 15 minutes,\n"
	"and then after 1, 2 and 4 hours. After two days it is given up, or at once\n"
	"if it was refused for good. It then stays in the list until drop or, after\n"
	"30 days, db tidy deletes it.\n\n"
	"list shows the mails that wait, are being sent or were given up, with\n"
	"their recipients. Sent mails are deleted. retry makes the given mails due\n"
	"now, also those that were given up; without an ID, all that wait. drop\n"
	"deletes mails. test sends a mail to ADDRESS at once, without the database,\n"
	"and prints the result.\n\n"
	"  --stay SECONDS     wait so long for more mails (at most 60)\n\n"
	"Exit of send: 0 all due mails were sent, 1 some could not be sent, 2 it\n"
	"could not do its work. Of test: 0 the mail was accepted, 1 it was not.\n";

const char session_details[] =
	"list prints the open sessions of one user or of all users. end ends one\n"
	"session, named by its id or by one of its sids, or all sessions of a user.\n"
	"Their tokens are refused at once on this host. It is no error if a session\n"
	"had ended before: verifiers that do not know it yet are told.\n";

const char audit_details[] =
	"The newest rows come first. A name that no user has is not recorded,\n"
	"because strangers sometimes type a password into that field.\n\n"
	"  --user NAME   only rows about this user\n"
	"  --since WHEN  not older than 30m, 12h or 7d, or than a day (UTC)\n"
	"  --limit N     at most so many rows (1000)\n"
	"  --json        one object per line\n";

const char status_details[] =
	"Run it as a user who may read what the settings name.\n\n"
	"Exit: 0 all is well, 1 something is wrong, 2 it could not be found out.\n";

const char revocations_details[] =
	"publish brings revocation_file up to date with the database. follow goes\n"
	"on doing this whenever a session ends on any host. Run it as a service on\n"
	"hosts without a login program. Each entry stays in the file until its\n"
	"tokens have expired, even if the database has forgotten it.\n\n"
	"add revokes a sid, and ends its session if there is one. Use it for a\n"
	"token whose session the database has lost (a backup was restored) or never\n"
	"had (token issue --sid). list prints what is revoked, and until when.\n\n"
	"  --every SECONDS  write the file at least this often (10); see\n"
	"                   revocation_max_age\n";

const char rules_details[] =
	"PATH is as in an address: /members/a%20b. Without --user and --roles,\n"
	"nobody is signed in. Exit: 0 the request is admitted, 1 it is refused.\n\n"
	"  --user NAME          with the roles that this user has in the database\n"
	"  --roles ROLE,...     signed in with these roles\n"
	"  --login-age SECONDS  time since the password was given (0)\n"
	"  --acr CLASS          how the login was proved: 1fa (default), 2fa or phr\n"
	"  --kind KIND          kind of token: login (default), program, client,\n"
	"                       foreign\n"
	"  --client CLIENT      with a token of this client\n"
	"  --scope SCOPES       with a client's token with these scopes, as one\n"
	"                       argument\n\n"
	"A rule in the settings is a path followed by words. `doorward rules words`\n"
	"lists the words. The rule with the longest path decides; only whole\n"
	"segments count. Among rules for the same path, the one that names the\n"
	"method decides. A path without a rule is for people who have signed in.\n";

const char doctor_details[] =
	"URL is the address of the site, as in public_url. doctor asks the site\n"
	"(with curl) what a visitor and an attacker would ask. It reads settings,\n"
	"keys and database as the user who runs it. If that is the operator, it\n"
	"issues itself a token for one minute to look behind the gate of\n"
	"public_url; the audit records this. It changes nothing else.\n\n"
	"Each line begins with ok, BAD, or -- for what was not checked, with the\n"
	"reason: nobody answers, this user may not, or a line above is the cause.\n"
	"With --json, good is true, false or null.\n\n"
	"  --gated PATH   a path that must be gated; paths with a rule are checked\n"
	"                 anyway\n\n"
	"Exit: 0 nothing is bad, 1 something must be done (see the line after each\n"
	"arrow).\n";

const char pages_details[] =
	"export writes all files of the built-in share/ to DIR, which is created if\n"
	"it is missing, and prints the path of each. If a file already exists with\n"
	"another content, nothing is written. Change the files that you want, and\n"
	"delete the others, so that updates reach them. Then name DIR in the\n"
	"settings: `share_dir = DIR`. list prints the names of the files.\n\n"
	"  --force            replace existing files\n\n"
	"Exit: 0 done, 1 a file exists and nothing was written, 2 it could not be\n"
	"done.\n";
