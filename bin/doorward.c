/* doorward: the operator's command. Each subcommand is in its own file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "config/places.h"
#include "crypto/start.h"

#include "bin/command.h"
#include "bin/help.h"
#include "bin/help_texts.h"
#include "bin/misuse.h"

/* clang-format off */
static const struct command command_table[] = {
	{ "config", "check [--json]\nshow [--json]\nlist [--json | --mdoc]\nsample",
	  "check the settings, show them, list what there is to set", config_command,
	  .details = config_details },
	{ "db", "migrate [--login-role NAME] [--account-role NAME] [--admin-role NAME] [--mail-role NAME] "
	  "[--webadmin-role NAME] [--oauth-role NAME]\n"
	  "script [--from N] [--setup-link | --user NAME [--role ROLE]... [--password-stdin]]\n"
	  "status [--json]\ntidy [--audit-days N] [--session-days N] [--json]\n"
	  "retention [--audit-days N] [--session-days N] [--link-days N] [--json]",
	  "prepare the database, compare it with this program, tidy it", db_command,
	  .details = db_details },
	{ "setup-link", "", "print the link for the first admin of a site without users",
	  setup_link_command, .details = setup_link_details },
	{ "user", "add NAME [--role ROLE]... [--mail ADDRESS [--verified]] "
	  "[--password-stdin | --no-password]\n"
	  "passwd NAME [--password-stdin]\ndisable NAME\nenable NAME\nunlock NAME\n"
	  "rename OLD NEW [--yes]\ndelete NAME [--blank-audit] [--yes]\n"
	  "role NAME [--add ROLE]... [--remove ROLE]...\nlist [NAME] [--json]\nshow NAME [--json]\n"
	  "set NAME [--mail ADDRESS [--verified] | --no-mail] [--display-name TEXT] "
	  "[--language TAG]\n"
	  "import [--from jsonl|csv|htpasswd|wordpress|django|glewlwyd] [--verified] [--weak] "
	  "[--dry-run] [FILE]\nexport [--to jsonl|csv] [--password-hashes]\n"
	  "invite [--role ROLE]... [--mail ADDRESS] [--uses N] [--days N]\n"
	  "invite list [--json]\ninvite resend ID\ninvite withdraw ID\n"
	  "factor list NAME [--json]\nfactor reset NAME [--yes]",
	  "add, invite, change and list users, import, export them", user_command,
	  .details = user_details },
	{ "role", "list [--json]\nallow ADMIN-ROLE ROLE...\nforbid ADMIN-ROLE ROLE...",
	  "say which roles the admins of the site may give", role_command,
	  .details = role_details },
	{ "client", "add ID [--for nextcloud|forgejo|grafana|wordpress|oauth2-proxy --url URL] [--name TEXT] [--redirect URL]... [--logout URL]... [--method client_secret_basic|client_secret_post|none] "
	  "[--scope WORDS] [--audience URL] [--role R]... [--group R]... [--consent ask|remember|trusted] "
	  "[--pkce required|optional] [--alg RS256|site] [--id-token-claims yes|no]\n"
	  "list [ID] [--json]\nset ID [option of add]...\nsecret ID [--keep DURATION | --now]\nremove ID [--yes]",
	  "register the programs that people log in to with OpenID Connect", client_command,
	  .details = client_details },
	{ "mail", "send [--stay SECONDS]\nlist [--json]\nretry [ID]...\ndrop ID...\ntest ADDRESS",
	  "send what is to be mailed, look at what waits", mail_command,
	  .details = mail_details },
	{ "session", "list [NAME] [--json]\nend ID\nend --user NAME",
	  "show who is logged in, end it", session_command,
	  .details = session_details },
	{ "audit", "[--user NAME] [--event EVENT]... [--since 30m|12h|7d|YYYY-MM-DD] "
	  "[--until 30m|12h|7d|YYYY-MM-DD] [--limit 1000] [--json]",
	  "show what was decided, by whom, about whom", audit_command,
	  .details = audit_details },
	{ "status", "[--json]",
	  "is everything well: database, keys, revocation file, sessions", status_command,
	  .details = status_details },
	{ "metrics", "[--out FILE]", "figures for Prometheus: logins, sessions, mails, keys",
	  metrics_command, .details = metrics_details },
	{ "revocations", "publish [--empty]\nfollow [--every SECONDS]\nadd SID\nlist [--json]",
	  "write the file of ended sessions, follow, add to and list it",
	  revocations_command,
	  .details = revocations_details },
	{ "rules",
	  "explain METHOD PATH [--user NAME | --roles ROLE,...] [--login-age SECONDS] "
	  "[--acr CLASS] [--kind KIND] [--client CLIENT] [--scope SCOPES] [--basic] [--json]\nwords [--mdoc]",
	  "say which rule of the gate decides about a request, and how", rules_command,
	  .details = rules_details },
	{ "doctor", "URL [--gated PATH]... [--json]",
	  "look at a running site from outside and inside, say what helps", doctor_command,
	  .details = doctor_details },
	{ "pages", "export DIR [--force]\nlist",
	  "write the built-in pages, phrases and pictures as files", pages_command,
	  .details = pages_details },
	{ "key", "new [--alg ALG] [--use sig|enc] [--bits N] [--crv CURVE] [--kid KID] [--out PATH] "
	  "[--group NAME] [--json]\n"
	  "list [--keys PATH] [--json]\n"
	  "rotate [--every DURATION] [--ahead DURATION | --now] [--alg ALG] [--group NAME] [--json]\n"
	  "retire KID [--now] [--keys PATH]\n"
	  "publish [--keys PATH] [--out FILE | --out -]\n"
	  "import [--pem] [--alg ALG] [--use sig|enc] [--kid KID] [--out PATH] [--group NAME] < FILE\n"
	  "export [KID] [--pem] [--public] [--keys PATH]\n"
	  "fetch [ISSUER]...",
	  "make keys, list, rotate, retire, publish, import, export them", key_command,
	  .details = key_details },
	{ "token", "issue --sub ID [--label TEXT] [--role ROLE]... [--life DURATION] [--prefix PATH] [--claim NAME=JSON]... [--raw]\n"
	  "list [USER] [--json]\nend ID...\nend --user USER\n"
	  "inspect [--json] < TOKEN\nverify [--json] < TOKEN",
	  "issue, list, end tokens for programs; inspect, verify any token", token_command, .details = token_details },
	{ "jws", "sign --keys FILE [--kid KID] [--typ TYPE] [--raw] < PAYLOAD\n"
	  "verify --keys FILE [--raw] < TOKEN",
	  "sign and verify in JWS's compact form", jws_command, .details = jws_details },
	{ "jwe", "encrypt --keys FILE [--kid KID] [--alg ALG] [--enc ENC] [--cty TYPE] [--raw] < PAYLOAD\n"
	  "decrypt --keys FILE [--raw] < TOKEN",
	  "encrypt and decrypt in JWE's compact form", jwe_command, .details = jwe_details },
	{ "passkey", "check registration --rp-id ID --origin URL... --challenge B64URL [--top-origin URL]... "
	  "[--user-verification required] < JSON\n"
	  "check authentication --rp-id ID --origin URL... --challenge B64URL --public-key FILE [--top-origin URL]... "
	  "[--user-verification required] [--counter N] [--backup-eligible yes|no] "
	  "[--credential-id B64URL]... [--user-handle B64URL] < JSON",
	  "check what browsers make of passkeys", passkey_command, .details = passkey_details },
	{ NULL },
};
/* clang-format on */

static int
help(void)
{
	printf("usage: doorward [--config FILE] COMMAND …\n\n");
	for (const struct command *c = command_table; c->name != NULL; c++)
		printf("  %-12s %s\n", c->name, c->summary);
	printf("\n`doorward help COMMAND` shows how each is called.\n"
	       "Settings are read from --config, else $DOORWARD_CONFIG, else\n"
	       "%s.\n"
	       "Exit: 0 yes or done, 1 no, 2 could not be done, 3 not supported,\n"
	       "4 done, but the audit does not show it.\n",
	       places_settings);
	return COMMAND_OK;
}

/* The list of commands for the manual page. `make manual` writes it there. */
static int
help_mdoc(void)
{
	for (const struct command *c = command_table; c->name != NULL; c++)
		help_put_mdoc(stdout, c);
	return COMMAND_OK;
}

static const struct command *
find(const char *name)
{
	for (const struct command *c = command_table; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

static int
unknown(const char *name)
{
	const char *near =
		text_nearest(str_of(name), command_table, sizeof(*command_table));

	if (near != NULL)
		return command_fail("unknown command %s; did you mean %s?", name, near);
	return command_fail("unknown command %s; `doorward help` names them all", name);
}

static int
help_for(const struct command *c)
{
	help_put(stdout, c);
	return COMMAND_OK;
}

static bool
wants_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	return false;
}

/*
 * Remove `--config FILE` from argv, wherever it is, and store the file for
 * config_path. False after a complaint.
 */
static bool
take_config(int *argc, char **argv)
{
	const char *file = NULL;
	int kept = 1;

	for (int i = 1; i < *argc; i++) {
		const char *value = NULL;

		if (strcmp(argv[i], "--") == 0) {
			for (; i < *argc; i++)
				argv[kept++] = argv[i];
			break;
		}
		if (strncmp(argv[i], "--config=", 9) == 0)
			value = argv[i] + 9;
		else if (strcmp(argv[i], "--config") != 0) {
			argv[kept++] = argv[i];
			continue;
		} else if (++i < *argc)
			value = argv[i];
		if (value == NULL || value[0] == '\0' || file != NULL) {
			command_fail("--config %s",
				     file == NULL ? "needs a value" : "was given twice");
			return false;
		}
		file = value;
	}
	argv[kept] = NULL;
	*argc = kept;
	return file == NULL || setenv("DOORWARD_CONFIG", file, 1) == 0;
}

static int
run(const struct command *c, int argc, char **argv)
{
	size_t size = (size_t)(argc + 1) * sizeof(*argv);
	char **typed = malloc(size); /* a command removes the options from its argv */
	int status;

	if (typed == NULL)
		return command_fail("no memory");
	memcpy(typed, argv, size);
	status = c->run(argc, argv);
	if (status == COMMAND_MISUSED) {
		misuse_explain(c, argc, typed);
		status = COMMAND_FAILED;
	}
	free(typed);
	return status;
}

int
main(int argc, char **argv)
{
	const struct command *c;

	crypto_start(true);
	if (!take_config(&argc, argv))
		return COMMAND_FAILED;
	if (argc < 2) {
		help();
		return COMMAND_FAILED;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "version") == 0) {
		printf("doorward %s\n", DOORWARD_VERSION);
		return COMMAND_OK;
	}
	if (strcmp(argv[1], "help") == 0 && argc > 2 && strcmp(argv[2], "--mdoc") == 0)
		return help_mdoc();
	if (strcmp(argv[1], "help") == 0 && argc > 2)
		return (c = find(argv[2])) == NULL ? unknown(argv[2]) : help_for(c);
	if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 ||
	    strcmp(argv[1], "-h") == 0)
		return help();
	if ((c = find(argv[1])) == NULL)
		return unknown(argv[1]);
	if (wants_help(argc - 1, argv + 1))
		return help_for(c);
	return run(c, argc - 1, argv + 1);
}
