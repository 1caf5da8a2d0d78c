#include "bin/help_texts.h"

const char config_details[] =
	"check reads the settings and everything that they name as the programs would,\n"
	"so run it as their user. It makes each page with sample values, and asks the\n"
	"database as login, account and this command do. It prints each problem with\n"
	"file and line, and which program cannot run for want of a setting. What this\n"
	"user may not see, it says, with the command that another one has to type.\n\n"
	"list says what can be set. sample writes the same as a settings file in which\n"
	"every setting is a comment, those first that every site sets:\n"
	"`doorward config sample >/etc/doorward/doorward.conf`.\n\n"
	"Exit of check: 0 good, 1 there are problems, 2 there is no such file.\n";

const char db_details[] =
	"migrate makes the tables, or brings them to what this program knows; a second\n"
	"run changes nothing. Run it as the role that owns the database. Then each\n"
	"program's role may execute its own functions and nothing else. Which role that\n"
	"is says user= in database_login, database_account and database_mail, or an\n"
	"option, which is remembered. Where one role does everything nothing needs to be "
	"said.\n"
	"Such a role also gets the limits that it needs behind a pooler; where this "
	"user\n"
	"may not change it, the statements for a superuser are printed.\n\n"
	"  --login-role NAME    role of login.fcgi\n"
	"  --account-role NAME  role of account.fcgi\n"
	"  --admin-role NAME    a role, other than the owner, for this command\n"
	"  --mail-role NAME     role of doorward mail send\n\n"
	"script writes the same for a new database as one SQL text, and a first user, to "
	"be\n"
	"pasted where no program can connect (phpPgAdmin). It holds the password's hash "
	"only.\n\n"
	"tidy drops what is over: put it into a crontab, once a day.\n\n"
	"  --audit-days N       keep the audit that long (365)\n"
	"  --session-days N     keep ended sessions that long (30)\n\n"
	"Exit of status: 0 the database is what this program knows, 1 it is not.\n";

const char user_details[] =
	"A name is unique, whatever the case of its letters. The id that add prints is\n"
	"the lasting one: it is never given to another, as a name may be.\n\n"
	"  --role ROLE        a role; may be repeated\n"
	"  --password-stdin   read the password as one line from standard input\n"
	"  --no-password      nobody can log in under that name until passwd\n\n"
	"passwd and disable end the user's sessions; role makes their tokens renew.\n"
	"unlock forgets the wrong guesses that slow logins down.\n\n"
	"  --mail ADDRESS     their address of mail; one account only can verify it\n"
	"  --verified         it is known to be theirs; else they prove it themselves,\n"
	"                     before it logs in (login_by) or resets a password\n"
	"  --no-mail          they have none any more\n"
	"  --display-name TEXT, --language TAG\n"
	"                     as on the account page; \"\" takes it away\n\n"
	"A name with an @ must be the verified address of that account. When somebody\n"
	"changes such an address, the name becomes the new one.\n\n"
	"rename keeps the id; tokens with the old name die and are renewed. delete ends\n"
	"all sessions and takes away all that is kept about the user but the audit's\n"
	"rows; with --blank-audit these lose name, address and detail, as when people\n"
	"delete their own account. Nobody gets a name that was given up for 90 days,\n"
	"not even from you; until then its hash is kept. Both ask first at a terminal,\n"
	"unless --yes.\n\n"
	"invite prints a link, behind which somebody chooses a name and a password; "
	"with\n"
	"--mail it is mailed, too, and proves the address. The setting registration "
	"must\n"
	"not be closed, and mail_key must be set. One with more --uses than one gives "
	"the\n"
	"roles of registration_roles, and no others. list shows them without their "
	"links;\n"
	"resend mails one again, whose life begins anew; withdraw takes one back.\n\n"
	"  --uses N           good for so many people (1)\n"
	"  --days N           good for so many days (7)\n\n"
	"import reads a user a line, as NAME:HASH, which is what `htpasswd -B` writes,\n"
	"or as a JSON object with name, password_hash, roles, disabled, mail and\n"
	"verified. A hash may be Argon2, bcrypt, yescrypt, SHA-512-crypt or\n"
	"SHA-256-crypt; at the next login it is replaced by Argon2id. One that costs "
	"more\n"
	"than 256 MiB, or password_memory if that is more, is refused: no login here\n"
	"could compute it.\n";

const char mail_details[] =
	"send takes what is due and hands it to mail_server, one mail after the other; "
	"a\n"
	"second one that is called meanwhile ends at once. A timer calls it, or a "
	"program\n"
	"(mail_worker). It asks the database as the role of database_mail, which can do\n"
	"nothing else.\n\n"
	"A mail that could not be sent is tried again after 1, 5 and 15 minutes, then\n"
	"after 1, 2 and 4 hours, and given up after two days, or at once when it was\n"
	"refused for good. It stays in the list then, until it is dropped or db tidy\n"
	"takes it away after 30 days.\n\n"
	"list shows what waits, is being sent or was given up, with its recipient; what\n"
	"was sent is gone. retry makes the given ones due now, also when they were "
	"given\n"
	"up; without an ID, all that wait. drop takes them away. test sends a mail to\n"
	"ADDRESS at once, without the database, and says what came of it.\n\n"
	"  --stay SECONDS  wait so long for more to send (at most 60)\n\n"
	"Exit of send: 0 all that was due has been sent, 1 something could not be, 2 it\n"
	"could not do its work. Of test: 0 it was taken, 1 it was not.\n";

const char session_details[] =
	"list prints the open sessions, of one user or of all. end ends one by its id "
	"or\n"
	"by a sid of it, or all of a user; their tokens are refused at once on this\n"
	"host. What had ended before is no error: the verifiers are told if need be.\n";

const char audit_details[] =
	"Newest first. A name that nobody bears is not written down: what a stranger\n"
	"types into that field may be a password.\n\n"
	"  --user NAME   of this user only\n"
	"  --since WHEN  not older than 30m, 12h or 7d, or than a day (UTC)\n"
	"  --limit N     at most so many rows (1000)\n"
	"  --json        an object a line\n";

const char status_details[] =
	"Run it as a user who may read what the settings name.\n\n"
	"Exit: 0 all is well, 1 something is not, 2 it cannot be told.\n";

const char revocations_details[] =
	"publish brings revocation_file up to date with the database. follow does it "
	"for\n"
	"ever, whenever a session ends on any host, for hosts where no login program\n"
	"runs; run it as a service. What the file holds stays there until it has run\n"
	"out, also when the database has forgotten it.\n\n"
	"add revokes a sid, and ends its session if there is one: for a token whose\n"
	"session the database has lost (a backup was restored) or never had (token\n"
	"issue --sid). list prints what is revoked, and until when.\n\n"
	"  --every SECONDS  write it at least that often, for revocation_max_age (10)\n";

const char rules_details[] =
	"PATH is as in an address: /members/a%20b. Without --user or --roles, nobody is\n"
	"signed in. Exit 0: the request is let through; 1: it is refused.\n"
	"\n"
	"  --user NAME          with the roles that this user has in the database\n"
	"  --roles ROLE,...     signed in with these roles, whoever it is\n"
	"  --login-age SECONDS  since the password was given (0)\n"
	"  --kind KIND          of a token: login (unless said), program, client, "
	"foreign\n"
	"  --client CLIENT      by a token of this client\n"
	"  --scope SCOPES       by a client's token with these scopes, in one argument\n"
	"\n"
	"A rule in the settings is a path and words; `doorward rules words` lists them.\n"
	"The longest path of whole segments decides; of several rules for one path, the\n"
	"one that names the method. What no rule names is for those signed in.\n";

const char doctor_details[] =
	"URL is the site's own address, as in public_url. doctor asks it what a\n"
	"visitor and an attacker would (with curl), and reads settings, keys and\n"
	"database as the user it runs as. As the operator it makes itself a token of a\n"
	"minute, to look behind the gate of public_url; that stands in the audit. It\n"
	"changes nothing else.\n\n"
	"Each line is ok, BAD, or -- for what was not asked, and why not: because\n"
	"nobody answers, because this user may not, or because a line above is the\n"
	"cause (with --json, good is true, false or null).\n\n"
	"  --gated PATH   a path that must be gated; those with a rule are looked at\n"
	"                 anyway\n\n"
	"Exit: 0 nothing is bad, 1 something is to be done (the line after each\n"
	"arrow).\n";

const char pages_details[] =
	"export writes all files of the built-in share/ into DIR, which is made where "
	"it\n"
	"is missing, and prints the path of each. Where a file is there already and is\n"
	"another one, nothing is written. Change the files that you want to be your "
	"own,\n"
	"delete the others, so that updates reach them, and name DIR in the settings:\n"
	"`share_dir = DIR`. list prints the names of the files.\n\n"
	"  --force        replace files that are there\n\n"
	"Exit: 0 done, 1 a file is there and nothing was written, 2 it could not be\n"
	"done.\n";
