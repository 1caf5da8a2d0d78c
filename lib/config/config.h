/*
 * The settings: one file of `name = value` lines, read when a program starts and when
 * the file changes. The table in config_table.c contains the name of each setting, its
 * kind, its default and its meaning. Here each setting is a member with its own type.
 *
 * To add a setting: add one row there and one member here, and run `make manual` for
 * doc/man/doorward.conf.5 (a test compares them).
 *
 * Strings end in NUL and live as long as the struct. A text, path or conninfo that is
 * not set is NULL. A path is absolute: if it does not start with a slash, it is
 * relative to the directory of the settings file. Durations are in seconds, sizes in
 * bytes.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "crypto/hash.h"

#define CONFIG_LIST_MAX 64 /* words of a list */

struct config_list {
	const char **items;
	size_t n;
};

/* A `rule` line that is not parsed yet: lib/rules knows its grammar. */
struct config_rule {
	const char *text;
	unsigned line; /* in the settings file, for messages */
};

struct config_rules {
	struct config_rule *items;
	size_t n;
};

/* An issuer of other people's tokens: issuer.NAME.url = … and so on. */
struct config_issuer {
	const char *name;         /* a-z 0-9 - _ ; the prefix of its users' ids */
	const char *url;          /* `iss` of its tokens, byte for byte */
	const char *audience;     /* `aud` that its tokens must contain */
	const char *keys;         /* path of its JWKS file */
	const char *keys_url;     /* the address from which `doorward key fetch` gets
				   * that file */
	const char *algorithm;    /* for keys that name none; NULL: such keys are
				   * ignored */
	const char *type;         /* `typ` of its tokens, or "none" */
	const char *roles_claim;  /* the claim that lists their roles */
	struct config_list roles; /* theirs:ours, each */
};

struct config_issuers {
	struct config_issuer *items;
	size_t n;
};

enum config_sendfile {
	SENDFILE_OFF,
	SENDFILE_X_SENDFILE,
	SENDFILE_X_LIGHTTPD,
	SENDFILE_X_ACCEL
};

enum config_mail_tls { MAIL_TLS_REQUIRED, MAIL_TLS_OFF };

enum config_mail_worker { MAIL_WORKER_TIMER, MAIL_WORKER_PROGRAM };

enum config_upkeep { UPKEEP_TIMER, UPKEEP_PROGRAM };

enum config_login_by { LOGIN_BY_NAME, LOGIN_BY_ADDRESS, LOGIN_BY_BOTH };

enum config_registration { REGISTRATION_CLOSED, REGISTRATION_INVITED, REGISTRATION_OPEN };

struct config {
	const char *file;                  /* where it was read from, absolute */
	unsigned char digest[SHA256_SIZE]; /* of the file */

	/* the site */
	const char *public_url; /* an origin: scheme://host[:port], lower case */
	const char *site_name;
	bool canonical_redirect;
	bool plain_http;
	const char *cookie_domain;
	struct config_list return_to_origins;
	struct config_list cors_origins;
	bool cors_credentials;
	struct config_list trusted_proxies;
	const char *share_dir;
	const char *language;
	const char *logo;        /* a path */
	const char *accent;      /* #rrggbb */
	const char *help_url;    /* https://…, a path of this site, or mailto:… */
	const char *imprint_url; /* likewise */
	const char *time_zone;
	const char *log; /* NULL: stderr */
	int log_level;   /* enum log_level */

	/* keys and tokens */
	const char *issuer;
	const char *audience;
	const char *signing_keys;
	const char *signing_alg;
	const char *verifying_keys;
	const char *session_secret;
	int64_t token_life;
	int64_t browser_token_life;
	int64_t program_token_life;
	int64_t clock_leeway;
	bool token_encryption;
	const char *encryption_keys;
	const char *decryption_keys;
	bool token_in_form;
	bool token_in_query;
	const char *token_header;
	int64_t token_cache;
	struct config_issuers issuers;

	/* the database */
	const char *database;
	const char *database_login;
	const char *database_account;
	const char *database_admin;
	const char *database_mail;
	const char *database_webadmin;
	const char *database_oauth;

	/* passwords and sessions */
	int login_by; /* enum config_login_by */
	int64_t password_memory;
	int64_t password_time;
	int64_t password_min_length;
	int64_t password_slots; /* 0: one for each processor */
	const char *state_dir;
	int64_t login_min_ms;
	int64_t session_idle;
	int64_t session_life;
	int64_t session_browser_life;
	int64_t sessions_max;    /* for one user and one kind */
	int64_t refresh_grace;   /* seconds */
	int64_t factor_remember; /* seconds; 0: not offered */
	int64_t fresh_login;
	bool mail_new_browser;
	const char *factor_keys;
	bool revocation;
	const char *revocation_file;
	int64_t revocation_max_age;

	/* passkeys */
	const char *passkey_rp_id; /* NULL: browsers can make none (config_passkey.h) */
	struct config_list passkey_origins;

	/* who needs a second factor: see config_factor.h */
	struct config_list factor_required;
	const char *factor_required_from; /* YYYY-MM-DD; NULL: at once */

	/* mail */
	const char *mail_key;
	const char *mail_server;
	const char *mail_from;
	const char *mail_reply_to;
	int mail_tls; /* enum config_mail_tls */
	const char *mail_credentials;
	int mail_worker; /* enum config_mail_worker */
	const char *mail_command;

	/* upkeep */
	int upkeep; /* enum config_upkeep */
	int64_t key_rotation;

	/* coming in */
	int registration; /* enum config_registration */
	struct config_list registration_domains;
	struct config_list registration_roles;

	/* other programs */
	bool oauth;
	int64_t oauth_grant_life; /* seconds */

	/* the gate */
	struct config_rules rules;
	const char *files_root;
	const char *files_at;
	int files_sendfile; /* enum config_sendfile */
};

/*
 * Read the settings of `path`. Refused: a file that is not regular, that everybody may
 * write, that is too large or not UTF-8; an unknown, repeated or malformed setting; a
 * missing required setting; settings that contradict each other. `why` then names file
 * and line, and says what is wrong with the first one. On an error `c` contains
 * nothing of the file.
 */
enum err config_load(const char *path, struct config *c, struct why *why);

/*
 * As config_read, but every problem is added to `problems`, one per line, and
 * everything that could be read stays in `c`, even if an error is returned.
 */
enum err config_read(const char *path, struct config *c, struct buf *problems);

/* As above, for `text` as if it were the content of the file `path`. */
enum err config_read_text(const char *path, struct str text, struct config *c,
			  struct buf *problems);

/* Free everything that was read. The struct is then all zero. NULL is allowed. */
void config_done(struct config *c);

/*
 * ERR_OK if the text, path or conninfo setting `name` is set. Otherwise `why` says
 * that this program needs it.
 */
enum err config_need(const struct config *c, const char *name, struct why *why);

/* True if mails with links can be sent. Otherwise no page offers one. */
bool config_has_mail(const struct config *c);

/* $DOORWARD_CONFIG, or else the path that was compiled in. Never NULL. */
const char *config_path(void);

#endif
