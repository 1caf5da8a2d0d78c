#include "bin/config/config_files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/path.h"
#include "bin/mail/mail_render.h"
#include "bin/mail/mail_result.h"
#include "bin/pages/shares.h"
#include "crypto/secret.h"
#include "factor/factor_keys.h"
#include "jose/jwt/jwt_seal.h"
#include "jose/keyset/keyset.h"
#include "mail/mail_server.h"
#include "page/pages.h"
#include "pagecheck/pages_check.h"
#include "people/slots.h"
#include "revocation/revocations.h"
#include "rules/rules.h"
#include "token/token.h"

#define PAGE_PROBLEMS_MAX (64 * 1024)

/* The command that makes a file which does not exist, or which is empty. */
static const struct {
	const char *setting, *advice;
} makers[] = {
	{ "signing_keys", "`doorward key new` makes a key there" },
	{ "verifying_keys", "`doorward key publish` writes it" },
	{ "encryption_keys", "`doorward key new --use enc` makes it" },
	{ "decryption_keys", "`doorward key new --use enc` makes a key there" },
	{ "session_secret", "`openssl rand -out FILE 48` makes one, for its user alone" },
	{ "factor_keys", "make the directory, and `openssl rand -out DIRECTORY/2026-01 "
			 "48` makes a key there" },
	{ "mail_key", "`openssl rand -out FILE 48` makes one, for its user alone" },
	{ "share_dir", "make the directory, or take the setting out" },
	{ "files_root", "make the directory, or take the setting out" },
	{ "log", "make the directory, for the programs' user to write into" },
};

static const char *
advice_for(const char *setting)
{
	for (size_t i = 0; i < sizeof(makers) / sizeof(*makers); i++)
		if (strcmp(makers[i].setting, setting) == 0)
			return makers[i].advice;
	return strncmp(setting, "issuer.", 7) == 0 ? "`doorward key fetch` gets it"
						   : "make it";
}

static void
problem(const struct config *c, struct buf *problems, const char *name, const char *text)
{
	buf_addf(problems, "%s: %s: %s\n", c->file, name, text);
}

/* The same, if something must be made. */
static void
missing(const struct config *c, struct buf *problems, const char *name, const char *text)
{
	buf_addf(problems, "%s: %s: %s; %s\n", c->file, name, text, advice_for(name));
}

static void
check_keys(const struct config *c, const char *name, const char *path,
	   enum keyset_purpose purpose, const struct alg *unnamed, struct buf *problems)
{
	struct keyset set;
	struct why why;
	enum err e;

	if (path == NULL)
		return;
	e = keyset_load_as(path, purpose, unnamed, &set, &why);
	if (e == ERR_NOT_FOUND || e == ERR_UNSUPPORTED)
		missing(c, problems, name, why.text);
	else if (e != ERR_OK && strstr(why.text, "not JSON") != NULL)
		buf_addf(problems,
			 "%s: %s: %s; `doorward key import --pem` makes a JWK of "
			 "PEM\n",
			 c->file, name, why.text);
	else if (e != ERR_OK)
		problem(c, problems, name, why.text);
	keyset_done(&set);
}

/* Do the verifiers have the key that signs? */
static void
check_published(const struct config *c, const struct jwk *key, struct buf *problems)
{
	struct str kid = jwk_kid(key);
	struct keyset set;

	if (c->verifying_keys == NULL ||
	    keyset_load(c->verifying_keys, KEYSET_VERIFY, &set, NULL) != ERR_OK)
		return; /* said already */
	if (keyset_find(&set, kid.n > 0, kid, time(NULL)) == NULL)
		buf_addf(problems,
			 "%s: verifying_keys: %s lacks the key that signs, %.*s: its "
			 "tokens are refused; `doorward key publish` writes it\n",
			 c->file, c->verifying_keys, STR_ARG(kid));
	keyset_done(&set);
}

/* Is there a key that signs logins now? */
static void
check_signing(const struct config *c, struct buf *problems)
{
	const struct alg *alg = alg_find(str_of(c->signing_alg));
	const struct jwk *key;
	struct why why = { "" };
	struct keyset set;

	if (c->signing_keys == NULL || (c->signing_alg != NULL && alg == NULL) ||
	    keyset_load(c->signing_keys, KEYSET_SIGN, &set, NULL) != ERR_OK)
		return; /* said already */
	if ((key = keyset_signing_key(&set, alg, time(NULL), &why)) == NULL)
		problem(c, problems, "signing_keys", why.text);
	else
		check_published(c, key, problems);
	keyset_done(&set);
}

/* The longest signed token, encrypted: browsers must be able to keep it as a cookie. */
static void
check_sealed(const struct config *c, struct buf *problems)
{
	struct keyset set = { 0 };
	struct jwk *key = NULL;
	struct buf inner, sealed;

	if (!c->token_encryption || c->encryption_keys == NULL)
		return;
	buf_init(&inner, JWT_ISSUED_MAX);
	buf_init(&sealed, JWT_MAX);
	while (inner.n < JWT_ISSUED_MAX && buf_addc(&inner, 'a'))
		;
	if (keyset_load(c->encryption_keys, KEYSET_ENCRYPT, &set, NULL) == ERR_OK)
		key = keyset_current(&set, JWK_OP_ENCRYPT, time(NULL));
	if (key != NULL && jwt_seal(key, buf_str(&inner), &sealed) == ERR_OK &&
	    sealed.n > TOKEN_MAX)
		buf_addf(problems,
			 "%s: encryption_keys: a token may take %zu bytes with this key, "
			 "and browsers drop cookies over %d; use RSA of 4096 bits at "
			 "most, or ECDH-ES\n",
			 c->file, sealed.n, TOKEN_MAX);
	keyset_done(&set);
	buf_done(&inner);
	buf_done(&sealed);
}

static void
check_secret(const struct config *c, const char *name, const char *path,
	     struct buf *problems)
{
	struct buf secret;
	struct why why;
	enum err e;

	if (path == NULL)
		return;
	buf_init(&secret, SECRET_KEY_MAX);
	e = secret_read_key(path, &secret, &why);
	if (e == ERR_NOT_FOUND || strstr(why.text, "shorter than") != NULL)
		missing(c, problems, name, why.text);
	else if (e != ERR_OK)
		problem(c, problems, name, why.text);
	buf_done(&secret);
}

/* The keys of one-time codes, as the login program would read them. */
static void
check_factor_keys(const struct config *c, struct buf *problems)
{
	struct factor_keys *keys = NULL;
	struct why why;
	enum err e;

	if (c->factor_keys == NULL)
		return;
	e = factor_keys_open(c->factor_keys, &keys, &why);
	if (e == ERR_NOT_FOUND || strstr(why.text, "shorter than") != NULL)
		missing(c, problems, "factor_keys", why.text);
	else if (e != ERR_OK)
		problem(c, problems, "factor_keys", why.text);
	factor_keys_close(keys);
}

/* A directory that exists, that we may enter and that not everybody may write. */
static void
check_directory(const struct config *c, const char *name, const char *path,
		struct buf *problems)
{
	struct stat st;

	if (path == NULL)
		return;
	if (stat(path, &st) != 0)
		buf_addf(problems, "%s: %s: %s: %s; %s\n", c->file, name, path,
			 strerror(errno), advice_for(name));
	else if (!S_ISDIR(st.st_mode))
		buf_addf(problems, "%s: %s: %s is not a directory\n", c->file, name,
			 path);
	else if (st.st_mode & S_IWOTH)
		buf_addf(problems, "%s: %s: everyone may write %s; chmod o-w\n", c->file,
			 name, path);
	else if (access(path, R_OK | X_OK) != 0)
		buf_addf(problems, "%s: %s: %s: %s\n", c->file, name, path,
			 strerror(errno));
}

/* As a verifying program would read it. */
static void
check_revocation_file(const struct config *c, struct buf *problems)
{
	struct revocations file;
	struct why why = { "" };

	if (!c->revocation || c->revocation_file == NULL)
		return;
	revocations_init(&file, c->revocation_file, 0);
	if (revocations_load(&file, &why) != ERR_OK ||
	    revocations_check_all(&file, &why) != ERR_OK)
		buf_addf(problems,
			 "%s: revocation_file: %s; `doorward revocations publish` writes "
			 "it\n",
			 c->file, why.text);
	revocations_done(&file);
}

/* A line could be added at its end. The file is created if it is missing. */
static void
check_log(const struct config *c, struct buf *problems)
{
	const char *path = c->log;
	struct buf directory;

	if (path == NULL || access(path, W_OK) == 0)
		return;
	if (errno != ENOENT) {
		buf_addf(problems, "%s: log: %s: %s\n", c->file, path, strerror(errno));
		return;
	}
	buf_init(&directory, PATH_MAX_BYTES);
	buf_add(&directory, (struct str){ path, (size_t)(strrchr(path, '/') - path) });
	buf_addc(&directory, '/');
	if (access(buf_z(&directory), W_OK | X_OK) != 0)
		buf_addf(problems, "%s: log: %s: %s; %s\n", c->file, path,
			 strerror(errno), advice_for("log"));
	buf_done(&directory);
}

/* Take what a login takes there, and give it back. */
static void
check_state_dir(const struct config *c, struct buf *problems)
{
	struct why why;

	if (c->state_dir != NULL && slots_check(c->state_dir, &why) != ERR_OK)
		buf_addf(problems, "%s: %s\n", c->file, why.text);
}

static void
check_rules(const struct config *c, struct buf *problems)
{
	struct rules rules;
	struct why why;

	rules_init(&rules);
	for (size_t i = 0; i < c->rules.n; i++) {
		char where[64];

		snprintf(where, sizeof(where), "%u: rule", c->rules.items[i].line);
		if (rules_add(&rules, str_of(c->rules.items[i].text), where, &why) !=
		    ERR_OK)
			buf_addf(problems, "%s:%s\n", c->file, why.text);
	}
	if (rules_sort(&rules, &why) != ERR_OK)
		buf_addf(problems, "%s:%s\n", c->file, why.text);
	rules_done(&rules);
}

/* The templates and texts, with those of share_dir. */
static void
check_pages(const struct config *c, struct buf *problems)
{
	struct pages pages;
	struct buf found;
	struct str rest;
	struct why why;
	struct stat st;

	if (c->share_dir != NULL &&
	    (stat(c->share_dir, &st) != 0 || !S_ISDIR(st.st_mode)))
		return; /* said already */
	buf_init(&found, PAGE_PROBLEMS_MAX);
	if (pages_open(&pages, c, shares_of_programs, &why) != ERR_OK)
		problem(c, problems, "pages", why.text);
	else
		pages_check(&pages, &found);
	if (pages.look.logo_wrong.text[0] != '\0')
		buf_addf(&found, "%s\n", pages.look.logo_wrong.text);
	if (pages.is_zone_unknown)
		buf_addf(
			&found,
			"time_zone: the system has no /usr/share/zoneinfo/%s: take a "
			"name "
			"from there, or install the package tzdata; until then times are "
			"shown in UTC\n",
			c->time_zone);
	pages_check_languages(&pages, &found);
	if (c->share_dir != NULL)
		pages_check_places(&pages, c->share_dir, &found);
	for (rest = buf_str(&found); rest.n > 0;) {
		struct str line = str_cut(&rest, '\n');

		buf_addf(problems, "%s: pages: %.*s\n", c->file, STR_ARG(line));
	}
	buf_done(&found);
	pages_close(&pages);
}

static void
check_executable(const struct config *c, const char *name, const char *path,
		 struct buf *problems)
{
	struct stat st;

	if (stat(path, &st) != 0 || access(path, X_OK) != 0)
		buf_addf(problems, "%s: %s: %s: %s\n", c->file, name, path,
			 strerror(errno));
	else if (!S_ISREG(st.st_mode))
		buf_addf(problems, "%s: %s: %s is not a program\n", c->file, name, path);
}

/* What sends: a program of the host or a directory, and who starts the worker. */
static void
check_senders(const struct config *c, struct buf *problems)
{
	struct mail_server server;
	struct stat st;

	if (mail_server_parse(str_of(c->mail_server), &server) == NULL) {
		/* A path is the end of the setting, and so of a string. */
		if (server.kind == MAIL_SERVER_SENDMAIL)
			check_executable(c, "mail_server", server.path.p, problems);
		if (server.kind == MAIL_SERVER_FILE &&
		    (stat(server.path.p, &st) != 0 || !S_ISDIR(st.st_mode)))
			buf_addf(problems, "%s: mail_server: there is no directory %s\n",
				 c->file, server.path.p);
	}
	if (c->mail_worker == MAIL_WORKER_PROGRAM)
		check_executable(c, "mail_command", c->mail_command, problems);
}

/* The texts of mails, if any are sent, and the login at the mail server. */
static void
check_mail(const struct config *c, struct buf *problems)
{
	struct str rest, name, password;
	struct buf found, file;
	struct why why;

	if (c->mail_server == NULL)
		return;
	if (c->mail_key == NULL)
		problem(c, problems, "mail_server",
			"is set although mail_key is missing: no link can be mailed");
	check_senders(c, problems);
	buf_init(&found, PAGE_PROBLEMS_MAX);
	buf_init(&file, MAIL_CREDENTIALS_MAX);
	mail_texts_check(c, &found);
	for (rest = buf_str(&found); rest.n > 0;) {
		struct str line = str_cut(&rest, '\n');

		buf_addf(problems, "%s: %.*s\n", c->file, STR_ARG(line));
	}
	if (c->mail_credentials != NULL &&
	    mail_credentials(c->mail_credentials, &file, &name, &password, &why) !=
		    ERR_OK)
		problem(c, problems, "mail_credentials", why.text);
	buf_done(&found);
	buf_done(&file);
}

static void
check_issuers(const struct config *c, struct buf *problems)
{
	for (size_t i = 0; i < c->issuers.n; i++) {
		char name[64];

		snprintf(name, sizeof(name), "issuer.%s.keys", c->issuers.items[i].name);
		check_keys(c, name, c->issuers.items[i].keys, KEYSET_VERIFY,
			   alg_find(str_of(c->issuers.items[i].algorithm)), problems);
	}
}

void
config_check_files(const struct config *c, struct buf *problems)
{
	check_keys(c, "signing_keys", c->signing_keys, KEYSET_SIGN, NULL, problems);
	check_signing(c, problems);
	check_keys(c, "verifying_keys", c->verifying_keys, KEYSET_VERIFY, NULL, problems);
	check_keys(c, "encryption_keys", c->encryption_keys, KEYSET_ENCRYPT, NULL,
		   problems);
	check_keys(c, "decryption_keys", c->decryption_keys, KEYSET_DECRYPT, NULL,
		   problems);
	check_sealed(c, problems);
	check_issuers(c, problems);
	check_secret(c, "session_secret", c->session_secret, problems);
	check_secret(c, "mail_key", c->mail_key, problems);
	check_factor_keys(c, problems);
	check_revocation_file(c, problems);
	check_state_dir(c, problems);
	check_log(c, problems);
	check_directory(c, "share_dir", c->share_dir, problems);
	check_pages(c, problems);
	check_mail(c, problems);
	check_directory(c, "files_root", c->files_root, problems);
	check_rules(c, problems);
}
