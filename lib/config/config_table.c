#include "config/config_table.h"

#include "base/text.h"
#include "config/places.h"

/* The member's offset, after the compiler has compared its type. */
#define MEMBER(base, type, m)                                                            \
	(offsetof(struct base, m) + 0 * sizeof((type *)0 == &((struct base *)0)->m))
#define STRING(k, m) .kind = k, .offset = MEMBER(config, const char *, m)
#define TEXT(m) STRING(SETTING_TEXT, m)
#define PATH(m) STRING(SETTING_PATH, m)
#define CONNINFO(m) STRING(SETTING_CONNINFO, m)
#define BOOL(m) .kind = SETTING_BOOL, .offset = MEMBER(config, bool, m)
#define LIST(k, m) .kind = k, .offset = MEMBER(config, struct config_list, m)
#define CHOICE(m, w) .kind = SETTING_CHOICE, .words = w, .offset = MEMBER(config, int, m)
#define NUMBER(k, m, least, most)                                                        \
	.kind = k, .min = least, .max = most, .offset = MEMBER(config, int64_t, m)
#define INTEGER(m, least, most) NUMBER(SETTING_INTEGER, m, least, most)
#define DURATION(m, least, most) NUMBER(SETTING_DURATION, m, least, most)
#define SIZE(m, least, most) NUMBER(SETTING_SIZE, m, least, most)
#define ISSUER(k, m) .kind = k, .offset = MEMBER(config_issuer, const char *, m)

#define EVERY_SITE(value) .example = value, .every_site = true

#define MINUTE INT64_C(60)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define MIB (INT64_C(1024) * 1024)

/* clang-format off */
const struct setting config_table[] = {
	/* ---- the site ---- */
	{ "public_url", STRING(SETTING_ORIGIN, public_url),
	  .section = "the site", .required = true, EVERY_SITE("https://example.org"), .meaning =
	  "The address of the site as browsers see it: scheme and host, and nothing after "
	  "them. Every redirect, link and origin check uses it and never the Host header." },
	{ "site_name", TEXT(site_name), .example = "Example", .meaning =
	  "The name of the site on its pages. If it is not set, the pages show the host of "
	  "public_url." },
	{ "canonical_redirect", BOOL(canonical_redirect), .default_text = "off", .meaning =
	  "Redirect visitors who open one of our pages, or a gated page that they may not "
	  "see, under another name of the site (www. or not). They are sent to the same page "
	  "under public_url. Not for sites behind a proxy that replaces Host, because the "
	  "redirect goes round in circles there." },
	{ "plain_http", BOOL(plain_http), .default_text = "off", .meaning =
	  "Allow a public_url that starts with http://. The cookies then lose Secure and the "
	  "prefix of their names, and everybody who listens on the network can steal the "
	  "login." },
	{ "cookie_domain", STRING(SETTING_HOST, cookie_domain), .meaning =
	  "Share the login with every host under this domain. Each of these hosts can then "
	  "take over the login. If it is not set, only the host of public_url gets the "
	  "cookie." },
	{ "return_to_origins", LIST(SETTING_ORIGINS, return_to_origins), .default_text = "", .meaning =
	  "Other origins to which a login may lead back, besides paths of this site. List "
	  "also the origins to which a page of this site redirects at once, because browsers "
	  "stop there otherwise." },
	{ "cors_origins", LIST(SETTING_ORIGINS, cors_origins), .default_text = "", .meaning =
	  "Origins whose scripts may call the login and protected programs (CORS)." },
	{ "cors_credentials", BOOL(cors_credentials), .default_text = "off", .meaning =
	  "Scripts of cors_origins may also use the visitor's cookies." },
	{ "trusted_proxies", LIST(SETTING_NETWORKS, trusted_proxies), .default_text = "", .meaning =
	  "Addresses or networks (10.0.0.0/8) of proxies. Their X-Forwarded-For is believed "
	  "when tries are counted by address. Other addresses cannot claim to be another one." },
	{ "share_dir", PATH(share_dir), .example = "pages", .meaning =
	  "A directory with the layout of share/. Its page templates and phrases replace the "
	  "built-in ones with the same folder and name." },
	{ "language", TEXT(language), .default_text = "en", .meaning =
	  "The language of the pages if the browser asks for none of the languages that "
	  "exist. en is built in; others are files phrases/LANGUAGE.txt in share_dir." },
	{ "logo", PATH(logo), .example = "logo.svg", .meaning =
	  "An image that the pages show instead of the door: a file in SVG, PNG, JPEG, WebP "
	  "or GIF, 64 kB at most. The login program serves it." },
	{ "accent", STRING(SETTING_COLOUR, accent), .example = "#205a8c", .meaning =
	  "The colour of buttons and links, as #rrggbb. If text in it would be hard to read, "
	  "the pages use a darker shade, or a lighter one in the dark theme." },
	{ "help_url", STRING(SETTING_LINK, help_url), .meaning =
	  "The address of the link Help at the foot of the pages: an https:// URL, a path of "
	  "this site, or mailto: and an address. If it is not set, there is no such link." },
	{ "imprint_url", STRING(SETTING_LINK, imprint_url), .meaning =
	  "The same for the link Legal notice." },
	{ "time_zone", STRING(SETTING_ZONE, time_zone), .default_text = "UTC", .meaning =
	  "The time zone of times on the pages, by its name in the tz database "
	  "(Europe/Berlin). It is read from /usr/share/zoneinfo of the system. UTC is used if "
	  "the system does not have it." },
	{ "log", PATH(log), .default_text = "stderr", .meaning =
	  "Where log lines go: a file, or stderr, which is the web server's error log." },
	{ "log_level", CHOICE(log_level, "debug info warn error"), .default_text = "info", .meaning =
	  "The lowest level that is logged: debug, info, warn or error." },

	/* ---- keys and tokens ---- */
	{ "issuer", TEXT(issuer), .same_as = "public_url",
	  .section = "keys and tokens", .meaning =
	  "The iss claim of the tokens that are issued here." },
	{ "audience", TEXT(audience), .same_as = "public_url", .meaning =
	  "The aud claim of the tokens that are issued here. A token must contain it to be "
	  "accepted." },
	{ "signing_keys", PATH(signing_keys), EVERY_SITE("keys"), .meaning =
	  "The private keys that sign tokens: a JWK file, or a directory of them. Only the "
	  "login program and the doorward command need to read it." },
	{ "signing_alg", TEXT(signing_alg), .example = "ES256", .meaning =
	  "The algorithm of the key that signs the tokens of logins, if signing_keys holds "
	  "keys of several algorithms. If it is not set, this is ES256 if there is such a "
	  "key, and otherwise the only algorithm." },
	{ "verifying_keys", PATH(verifying_keys), EVERY_SITE("jwks.json"), .meaning =
	  "The keys that verify tokens: the public JWK set that `doorward key publish` "
	  "writes, or with HS256 the secret itself." },
	{ "session_secret", PATH(session_secret), EVERY_SITE("session.secret"), .meaning =
	  "A file of 32 or more random bytes. Form tokens, device secrets and the next "
	  "refresh tokens are derived from it." },
	{ "token_life", DURATION(token_life, MINUTE, DAY), .default_text = "10m", .meaning =
	  "How long an access token is valid that an API client gets, or a program that uses "
	  "the login (oauth), and how long the ID token of such a program is." },
	{ "browser_token_life", DURATION(browser_token_life, 2 * MINUTE, DAY), .default_text = "1h",
	  .meaning =
	  "How long the access token in a browser's cookie is valid. It is renewed in the "
	  "second half of that time without being noticed." },
	{ "program_token_life", DURATION(program_token_life, DAY, 400 * DAY),
	  .default_text = "365d", .meaning =
	  "How long a token for a program is valid at most (/account/tokens and `doorward "
	  "token issue`)." },
	{ "clock_leeway", DURATION(clock_leeway, 0, 5 * MINUTE), .default_text = "30s", .meaning =
	  "How far the clocks of two hosts may differ. Tokens are accepted this much before "
	  "nbf and iat and this much after exp." },
	{ "token_encryption", BOOL(token_encryption), .default_text = "off", .meaning =
	  "Issue tokens that are signed and then encrypted, so that their holder cannot read "
	  "them. Those for other programs (oauth) are never encrypted." },
	{ "encryption_keys", PATH(encryption_keys), .example = "encryption.json", .meaning =
	  "The key to which tokens are encrypted if token_encryption is on." },
	{ "decryption_keys", PATH(decryption_keys), .example = "decryption", .meaning =
	  "The private keys that decrypt tokens." },
	{ "token_in_form", BOOL(token_in_form), .default_text = "off", .meaning =
	  "Also accept the token as access_token in a form body (RFC 6750, 2.2)." },
	{ "token_in_query", BOOL(token_in_query), .default_text = "off", .meaning =
	  "Also accept the token as access_token in the query (RFC 6750, 2.3). It then "
	  "appears in logs and histories." },
	{ "token_header", STRING(SETTING_HEADER, token_header), .meaning =
	  "A request header that may carry `Bearer TOKEN` instead of Authorization, for hosts "
	  "that remove Authorization." },
	{ "token_cache", INTEGER(token_cache, 0, 4096), .default_text = "256", .meaning =
	  "How many verified tokens each verifying process remembers, once a token has come "
	  "for the second time. 0 remembers none." },

	/* ---- the database ---- */
	{ "database", CONNINFO(database),
	  .section = "the database", EVERY_SITE("host=/run/postgresql dbname=doorward"), .meaning =
	  "How to connect to PostgreSQL, as libpq's keyword=value words without a password: "
	  "use passfile= or a unix socket." },
	{ "database_login", CONNINFO(database_login), .same_as = "database", .meaning =
	  "The same for the login program, if it has its own role." },
	{ "database_account", CONNINFO(database_account), .same_as = "database", .meaning =
	  "The same for the account program." },
	{ "database_admin", CONNINFO(database_admin), .same_as = "database", .meaning =
	  "The same for the doorward command, as the owner of the tables." },

	{ "database_mail", CONNINFO(database_mail), .same_as = "database", .meaning =
	  "The same for `doorward mail send`. Its role may only take mails and record what "
	  "became of them." },
	{ "database_webadmin", CONNINFO(database_webadmin), .same_as = "database", .meaning =
	  "The same for the admin program. Each function that its role may execute looks up "
	  "itself which admin asks, and what that admin may do." },
	{ "database_oauth", CONNINFO(database_oauth), .same_as = "database", .meaning =
	  "The same for the program oauth, which is needed only if oauth is on." },

	/* ---- passwords and sessions ---- */
	{ "login_by", CHOICE(login_by, "name address both"),
	  .section = "passwords and sessions", .default_text = "name", .meaning =
	  "What people type to sign in: name (their name), address (their e-mail address) or "
	  "both (either of them). Only a verified address counts." },
	{ "password_memory", SIZE(password_memory, 8 * MIB, 1024 * MIB), .default_text = "19M",
	  .meaning =
	  "The memory that Argon2id uses for one password hash." },
	{ "password_time", INTEGER(password_time, 1, 32), .default_text = "2", .meaning =
	  "The number of passes that Argon2id makes over that memory." },
	{ "password_min_length", INTEGER(password_min_length, 8, 64), .default_text = "8", .meaning =
	  "The smallest number of characters of a new password." },
	{ "password_slots", INTEGER(password_slots, 0, 1024), .default_text = "0", .meaning =
	  "How many passwords may be hashed at the same time on this host. 0 means one for "
	  "each processor." },
	{ "state_dir", PATH(state_dir), EVERY_SITE("/var/lib/doorward/state"), .meaning =
	  "A directory of files that login and account share on this host, for example the "
	  "locks of password_slots. Its mode is 0700, or 2770 with a group if the programs "
	  "run as several users. It must be on a file system with locks, and must not be the "
	  "directory of revocation_file." },
	{ "login_min_ms", INTEGER(login_min_ms, 0, 5000), .default_text = "0", .meaning =
	  "The shortest time in milliseconds that a failed login takes. It hides how long "
	  "older kinds of hashes take." },
	{ "session_idle", DURATION(session_idle, HOUR, 400 * DAY), .default_text = "30d", .meaning =
	  "A session that is kept signed in ends if it was not used for this long." },
	{ "session_life", DURATION(session_life, HOUR, 400 * DAY), .default_text = "180d", .meaning =
	  "A session ends this long after the login, even if it is used all the time." },
	{ "session_browser_life", DURATION(session_browser_life, HOUR, 30 * DAY),
	  .default_text = "12h", .meaning =
	  "A session that is not kept signed in ends this long after the login, or when the "
	  "browser is closed." },
	{ "sessions_max", INTEGER(sessions_max, 1, 10000), .default_text = "100", .meaning =
	  "How many sessions of a user may be open at once. Browsers and API clients are "
	  "counted separately. One more login ends the session of the same kind that was "
	  "unused for longest." },
	{ "refresh_grace", DURATION(refresh_grace, 0, 5 * MINUTE), .default_text = "30s", .meaning =
	  "How long a used refresh token still gets the same answer, for clients whose answer "
	  "was lost and for tabs that renew at the same time." },
	{ "mail_new_browser", BOOL(mail_new_browser), .default_text = "on", .meaning =
	  "Whether people get a mail when somebody logs in as them with a new browser or "
	  "client. No mail is sent to an address that was not verified, or without "
	  "mail_server." },
	{ "fresh_login", DURATION(fresh_login, MINUTE, DAY), .default_text = "15m", .meaning =
	  "How old a login may be before the account page asks for the password again at "
	  "dangerous steps." },
	{ "factor_keys", PATH(factor_keys), .example = "factor-keys", .meaning =
	  "A directory of keys that seal the secrets of one-time codes: files of 32 or more "
	  "random bytes, named by 1 to 32 of a-z, 0-9 and hyphens. The last name in byte "
	  "order is the key for new secrets. If it is not set, apps for one-time codes are "
	  "not offered." },
	{ "revocation", BOOL(revocation), .default_text = "on", .meaning =
	  "Verifying programs consult revocation_file, which they then need. If it is off, a "
	  "token is accepted after its logout until it expires." },
	{ "revocation_file", PATH(revocation_file),
	  EVERY_SITE("/var/lib/doorward/revocations"), .meaning =
	  "The file of ended sessions. A second one beside it, with .later at the end of its "
	  "name, lists what ends after more than a day. login and account write both, and the "
	  "other programs read them." },
	{ "revocation_max_age", DURATION(revocation_max_age, 0, DAY), .default_text = "0", .meaning =
	  "Refuse every token if revocation_file was not renewed for this long. 0 turns this "
	  "off, which is right if login runs on the same host." },

	/* ---- passkeys ---- */
	{ "passkey_rp_id", STRING(SETTING_HOST, passkey_rp_id),
	  .section = "passkeys", .example = "example.org", .meaning =
	  "The host name that passkeys belong to (the relying party of WebAuthn): the host of "
	  "public_url, which is the default, or a domain above it, whose other hosts can then "
	  "ask for the same passkeys. A passkey never works under another name: do not change "
	  "this once people have passkeys. Passkeys need a host name and https:// (or "
	  "localhost); where public_url has neither, the pages do not offer them." },
	{ "passkey_origins", LIST(SETTING_ORIGINS, passkey_origins), .same_as = "public_url",
	  .meaning =
	  "The origins whose pages may make and use passkeys. public_url has to be one of "
	  "them, and each host must be passkey_rp_id or below it." },

	/* ---- who needs a second factor ---- */
	{ "factor_remember", DURATION(factor_remember, 0, 400 * DAY), .default_text = "30d", .meaning =
	  "How long a browser may be remembered that has proven a second factor. Meanwhile a "
	  "login from it needs the password only. Such a login does not satisfy a rule that asks "
	  "for a factor. 0: this is not offered." },
	{ "factor_required", LIST(SETTING_LIST, factor_required), .default_text = "",
	  .section = "who needs a second factor", .example = "admin", .meaning =
	  "The people whose login needs a second factor: all, or a list of roles. Those who "
	  "have none set one up at their next login. If they have a verified address, they "
	  "need a link from a mail for this. If it is empty, only people who have set up a "
	  "factor themselves need it." },
	{ "factor_required_from", STRING(SETTING_DATE, factor_required_from),
	  .example = "2027-01-31", .meaning =
	  "The day from which factor_required counts, as YYYY-MM-DD. It begins at midnight "
	  "UTC. If it is not set, factor_required counts at once." },

	/* ---- mail ---- */
	{ "mail_key", PATH(mail_key), .section = "mail", .example = "mail_key.secret", .meaning =
	  "A file of 32 or more random bytes. The secrets of the links in mails are derived "
	  "from it. Without it, the only link that exists is the one of the setup." },
	{ "mail_server", TEXT(mail_server), .example = "smtp://localhost", .meaning =
	  "Where mails are sent to: smtp://HOST[:PORT] with STARTTLS, or nothing is sent; "
	  "smtps://HOST[:PORT]; sendmail:PROGRAM, a program of the host that is called like "
	  "sendmail; or for trials file:DIRECTORY, where each mail becomes a file." },
	{ "mail_from", TEXT(mail_from), .example = "doorward@example.org", .meaning =
	  "The address from which mails come, and to which undeliverable mails return." },
	{ "mail_reply_to", TEXT(mail_reply_to), .same_as = "mail_from", .meaning =
	  "The address to which answers go." },
	{ "mail_tls", CHOICE(mail_tls, "required off"), .default_text = "required", .meaning =
	  "Whether smtp:// needs TLS: required, or off for a mail_server on this host "
	  "(localhost, 127.0.0.1, [::1])." },
	{ "mail_credentials", PATH(mail_credentials), .meaning =
	  "A file of two lines, the name and the password for the mail server. If it is not "
	  "set, there is no login at the mail server." },
	{ "mail_worker", CHOICE(mail_worker, "timer program"), .default_text = "timer", .meaning =
	  "Who starts `doorward mail send`: timer (a systemd timer or a line of a crontab) or "
	  "program (the login and account programs, after their answer)." },
	{ "mail_command", PATH(mail_command), .default_text = places_command,
	  .meaning =
	  "The doorward command that these programs start." },

	/* ---- upkeep ---- */
	{ "upkeep", CHOICE(upkeep, "timer program"),
	  .section = "upkeep", .default_text = "timer", .meaning =
	  "Who does the daily work: timer (`doorward db tidy` and `doorward key rotate` in a "
	  "crontab) or program (the programs with a database, in small steps after their "
	  "answers). Signing keys are rotated by the login program, if its user may write the "
	  "directories of signing_keys and verifying_keys." },
	{ "key_rotation", DURATION(key_rotation, 0, 3650 * DAY), .default_text = "90d", .meaning =
	  "How long a key signs before the login program makes the next one, if upkeep is "
	  "program. 0: the login program changes no keys." },

	/* ---- coming in ---- */
	{ "registration", CHOICE(registration, "closed invited open"), .default_text = "closed",
	  .meaning =
	  "How people get an account, other than by `doorward user add`: closed (not at all), "
	  "invited (by the links of `doorward user invite`), or open (also by asking for a "
	  "link at /account/register, which needs mail)." },
	{ "registration_domains", LIST(SETTING_LIST, registration_domains), .example = "example.org", .default_text = "",
	  .meaning =
	  "The domains whose addresses may ask at /account/register, such as example.org. "
	  "Empty: any domain. A subdomain is another domain." },
	{ "registration_roles", LIST(SETTING_LIST, registration_roles), .example = "member", .default_text = "", .meaning =
	  "The roles of people who asked for an account, or came by an invitation for many." },

	/* ---- other programs ---- */
	{ "oauth", BOOL(oauth), .section = "other programs", .default_text = "off", .meaning =
	  "Whether other programs may use the login of this site (OpenID Connect and OAuth "
	  "2.1). They are registered with `doorward client add`. If it is off, every address "
	  "below /oauth answers 404." },
	{ "oauth_grant_life", DURATION(oauth_grant_life, HOUR, 400 * DAY),
	  .default_text = "90d", .meaning =
	  "A program with the scope offline_access may go on after the person has logged "
	  "out. It loses this when it was not used for this long." },

	/* ---- the gate ---- */
	{ "rule", .kind = SETTING_RULE, .offset = MEMBER(config, struct config_rules, rules),
	  .section = "the gate", 

	  EVERY_SITE("/members/admin any-of admin"), .meaning =
	  "A rule of the gate. There may be many; the rule with the longest path decides." },
	{ "files_root", PATH(files_root), .example = "/srv/members", .meaning =
	  "The private directory that files.fcgi serves." },
	{ "files_at", TEXT(files_at), .default_text = "/", .meaning =
	  "The path of this site at which files_root appears. With /members, a request for "
	  "/members/a is answered with the file a in files_root." },
	{ "files_sendfile", CHOICE(files_sendfile,
	  "off x-sendfile x-lighttpd-send-file x-accel-redirect"), .default_text = "off", .meaning =
	  "The header by which files.fcgi lets the server send a file, if the server is "
	  "configured to obey it." },
	{ NULL },
};

const struct setting config_issuer_table[] = {
	{ "url", ISSUER(SETTING_TEXT, url), .required = true,
	  .example = "https://issuer.example", .meaning =
	  "The iss claim of that issuer's tokens, byte for byte." },
	{ "audience", ISSUER(SETTING_TEXT, audience), .required = true,
	  .example = "https://example.org", .meaning =
	  "The aud claim that its tokens must contain." },
	{ "keys", ISSUER(SETTING_PATH, keys), .required = true,
	  .example = "issuer.json", .meaning =
	  "A file with the issuer's public JWK set." },
	{ "keys_url", ISSUER(SETTING_URL, keys_url),
	  .example = "https://issuer.example/jwks.json", .meaning =
	  "The address from which `doorward key fetch` gets that set." },
	{ "algorithm", ISSUER(SETTING_TEXT, algorithm), .example = "RS256", .meaning =
	  "The signature algorithm (RS256, for example) of those of its keys that name none, "
	  "like Entra's. If it is not set, an RSA key without alg is ignored." },
	{ "type", ISSUER(SETTING_TEXT, type), .default_text = "at+jwt", .meaning =
	  "The typ header that its tokens must carry. none turns this check off." },
	{ "roles_claim", ISSUER(SETTING_TEXT, roles_claim), .default_text = "roles", .meaning =
	  "The claim that lists the roles. realm_access.roles is a claim inside another." },
	{ "roles", .kind = SETTING_LIST,
	  .offset = MEMBER(config_issuer, struct config_list, roles), .default_text = "",
	  .example = "staff:member admins:admin", .meaning =
	  "Which of its roles count here, each as theirs:ours. Other roles do not count." },
	{ NULL },
};
/* clang-format on */

_Static_assert(sizeof(config_table) / sizeof(*config_table) <= SETTINGS_MAX, "rows");

const struct setting *
setting_find(const struct setting *table, struct str name)
{
	for (const struct setting *s = table; s->name != NULL; s++)
		if (str_is(name, s->name))
			return s;
	return NULL;
}

const char *
setting_nearest(struct str name)
{
	return text_nearest(name, config_table, sizeof(*config_table));
}

const char *
setting_kind_name(enum setting_kind kind)
{
	static const char *const names[] = {
		[SETTING_TEXT] = "text",         [SETTING_ORIGIN] = "origin",
		[SETTING_URL] = "url",           [SETTING_HOST] = "domain",
		[SETTING_HEADER] = "header",     [SETTING_COLOUR] = "colour",
		[SETTING_LINK] = "link",         [SETTING_ZONE] = "time zone",
		[SETTING_DATE] = "date",         [SETTING_PATH] = "path",
		[SETTING_CONNINFO] = "conninfo", [SETTING_BOOL] = "on|off",
		[SETTING_INTEGER] = "number",    [SETTING_DURATION] = "duration",
		[SETTING_SIZE] = "size",         [SETTING_CHOICE] = "choice",
		[SETTING_LIST] = "list",         [SETTING_ORIGINS] = "origins",
		[SETTING_NETWORKS] = "networks", [SETTING_RULE] = "rule",
	};

	return names[kind];
}
