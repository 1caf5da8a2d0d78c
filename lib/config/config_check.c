#include "config/config_check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "config/config_host.h"
#include "config/config_passkey.h"
#include "config/config_table.h"
#include "http/target.h"
#include "jose/alg.h"
#include "mail/mail_address.h"
#include "mail/mail_server.h"

struct check {
	const struct config *c;
	const unsigned *lines;
	struct buf *problems;
};

static void wrong(const struct check *k, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* One line: where `name` was set, and what is wrong with it. */
static void
wrong(const struct check *k, const char *name, const char *format, ...)
{
	const struct setting *s = setting_find(config_table, str_of(name));
	unsigned line = s == NULL ? 0 : k->lines[s - config_table];
	char text[1024];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (line > 0)
		buf_addf(k->problems, "%s:%u: %s %s\n", k->c->file, line, name, text);
	else
		buf_addf(k->problems, "%s: %s %s\n", k->c->file, name, text);
}

bool
config_has_mail(const struct config *c)
{
	return c->mail_key != NULL && c->mail_server != NULL && c->mail_from != NULL;
}

static void
check_site(const struct check *k)
{
	const struct config *c = k->c;
	bool https = str_starts_with(str_of(c->public_url), STR("https://"));

	if (!https && !c->plain_http && !target_is_loopback(config_host(c)))
		wrong(k, "public_url",
		      "is http:// although plain_http is off; use https://, or turn "
		      "plain_http on and accept what it says");
	if (https && c->plain_http)
		wrong(k, "plain_http",
		      "is on although public_url is https://; turn it off");
	if (c->cors_credentials && c->cors_origins.n == 0)
		wrong(k, "cors_credentials", "is on although cors_origins is empty");
}

static void
check_cookie_domain(const struct check *k)
{
	struct str domain = str_of(k->c->cookie_domain), host = config_host(k->c);

	if (domain.n == 0)
		return;
	if (config_is_address(host))
		wrong(k, "cookie_domain",
		      "makes no sense where public_url is an address");
	else if (!config_is_below(host, domain))
		wrong(k, "cookie_domain",
		      "is not the end of the host in public_url, %.*s", STR_ARG(host));
	else if (str_index(domain, '.') == domain.n && !target_is_loopback(domain))
		wrong(k, "cookie_domain",
		      "is a top-level domain, for which browsers refuse cookies");
}

static bool
is_set(const struct check *k, const char *name)
{
	return k->lines[setting_find(config_table, str_of(name)) - config_table] > 0;
}

/* If public_url were not among the origins, no passkey of our own pages would count. */
static void
check_passkeys(const struct check *k)
{
	const struct config_list *origins = &k->c->passkey_origins;
	const char *complaint = config_rp_id_complaint(k->c);

	if (complaint != NULL)
		wrong(k, "passkey_rp_id", "%s", complaint);
	if (complaint != NULL || !is_set(k, "passkey_origins"))
		return;
	if (config_passkey_obstacle(k->c) != NULL) {
		wrong(k, "passkey_origins", "are set although %s",
		      config_passkey_obstacle(k->c));
		return;
	}
	for (size_t i = 0; i < origins->n; i++) {
		complaint =
			config_passkey_origin_complaint(k->c, str_of(origins->items[i]));
		if (complaint != NULL)
			wrong(k, "passkey_origins", "has %s, which %s", origins->items[i],
			      complaint);
	}
	if (!target_is_listed(str_of(k->c->public_url), origins->items, origins->n))
		wrong(k, "passkey_origins", "lacks public_url, %s", k->c->public_url);
}

static void
check_tokens(const struct check *k)
{
	const struct config *c = k->c;

	if (c->browser_token_life < c->token_life)
		wrong(k, "browser_token_life",
		      "is shorter than token_life; it is the longer one");
	if (c->token_encryption && c->encryption_keys == NULL)
		wrong(k, "token_encryption", "is on although encryption_keys is missing");
	if (c->token_encryption && c->decryption_keys == NULL)
		wrong(k, "token_encryption",
		      "is on although decryption_keys is missing: no program could read "
		      "the tokens");
	if (c->session_life < c->session_idle)
		wrong(k, "session_life", "is shorter than session_idle");
}

static void
check_issuer_roles(const struct check *k, const struct config_issuer *issuer,
		   const char *prefix)
{
	char name[64];

	snprintf(name, sizeof(name), "%s.roles", prefix);
	for (size_t i = 0; i < issuer->roles.n; i++) {
		struct str pair = str_of(issuer->roles.items[i]);
		struct str theirs = str_cut(&pair, ':');

		if (theirs.n == 0 || pair.n == 0)
			wrong(k, name, "should be theirs:ours, not %s",
			      issuer->roles.items[i]);
	}
}

static void
check_issuer_algorithm(const struct check *k, const struct config_issuer *issuer,
		       const char *prefix)
{
	const struct alg *alg = alg_find(str_of(issuer->algorithm));
	char name[64];

	snprintf(name, sizeof(name), "%s.algorithm", prefix);
	if (issuer->algorithm != NULL &&
	    (alg == NULL || alg->use != ALG_SIGN || alg->family == ALG_HMAC))
		wrong(k, name,
		      "is no algorithm of signatures with public keys, such as RS256");
}

static void
check_signing_alg(const struct check *k)
{
	const struct alg *alg = alg_find(str_of(k->c->signing_alg));

	if (k->c->signing_alg != NULL && (alg == NULL || alg->use != ALG_SIGN))
		wrong(k, "signing_alg", "is no algorithm of signatures, such as ES256");
}

static void
check_issuers(const struct check *k)
{
	const struct config_issuers *all = &k->c->issuers;

	for (size_t i = 0; i < all->n; i++) {
		const struct config_issuer *a = &all->items[i];
		char prefix[48], name[64];

		snprintf(prefix, sizeof(prefix), "issuer.%s", a->name);
		snprintf(name, sizeof(name), "%s.url", prefix);
		if (k->c->issuer != NULL && strcmp(a->url, k->c->issuer) == 0)
			wrong(k, name,
			      "is our own issuer; its keys could then name our users");
		for (size_t j = 0; j < i; j++)
			if (strcmp(a->url, all->items[j].url) == 0)
				wrong(k, name, "is the same as issuer.%s.url",
				      all->items[j].name);
		check_issuer_roles(k, a, prefix);
		check_issuer_algorithm(k, a, prefix);
	}
}

static void
check_address(const struct check *k, const char *name, const char *address)
{
	if (address != NULL && !mail_address_is_valid(str_of(address)))
		wrong(k, name,
		      "is no address that mail is sent from, such as club@example.org");
}

static void
check_mail_tls(const struct check *k, const struct mail_server *server)
{
	bool is_smtp = server->kind == MAIL_SERVER_SMTP;

	if (k->c->mail_tls != MAIL_TLS_OFF || server->kind == MAIL_SERVER_SENDMAIL ||
	    server->kind == MAIL_SERVER_FILE)
		return;
	if (!is_smtp || !target_is_loopback(server->host))
		wrong(k, "mail_tls",
		      "is off, which is for smtp:// to this host only (localhost, "
		      "127.0.0.1, [::1])");
}

static void
check_mail(const struct check *k)
{
	const struct config *c = k->c;
	struct mail_server server;
	const char *complaint;

	check_address(k, "mail_from", c->mail_from);
	/* It has the value of mail_from where it is not set: one line is enough. */
	if (c->mail_from == NULL || c->mail_reply_to == NULL ||
	    strcmp(c->mail_from, c->mail_reply_to) != 0)
		check_address(k, "mail_reply_to", c->mail_reply_to);
	if (c->mail_server == NULL)
		return;
	if ((complaint = mail_server_parse(str_of(c->mail_server), &server)) != NULL)
		wrong(k, "mail_server", "%s", complaint);
	else
		check_mail_tls(k, &server);
	if (c->mail_from == NULL)
		wrong(k, "mail_server", "is set although mail_from is missing");
}

static bool
is_role(struct str s)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz0123456789_.:-";

	return s.n > 0 && s.n <= 64 && strspn(s.p, letters) >= s.n;
}

/* As it stands behind the @ of an address. */
static bool
is_domain(const char *domain)
{
	struct buf address;
	bool is;

	buf_init(&address, MAIL_ADDRESS_MAX);
	buf_addf(&address, "a@%s", domain);
	is = !address.failed && mail_address_is_valid(buf_str(&address));
	buf_done(&address);
	return is;
}

static void
check_registration(const struct check *k)
{
	const struct config *c = k->c;

	if (c->registration == REGISTRATION_OPEN && !config_has_mail(c))
		wrong(k, "registration",
		      "is open although no mail can be sent; set mail_key, mail_server "
		      "and mail_from");
	for (size_t i = 0; i < c->registration_roles.n; i++)
		if (!is_role(str_of(c->registration_roles.items[i])))
			wrong(k, "registration_roles", "has %s, which is no role",
			      c->registration_roles.items[i]);
	for (size_t i = 0; i < c->registration_domains.n; i++)
		if (!is_domain(c->registration_domains.items[i]))
			wrong(k, "registration_domains",
			      "has %s, which is no domain; write it without @",
			      c->registration_domains.items[i]);
}

static void
check_factors(const struct check *k)
{
	const struct config_list *who = &k->c->factor_required;

	for (size_t i = 0; i < who->n; i++) {
		if (!is_role(str_of(who->items[i])))
			wrong(k, "factor_required", "has %s, which is no role",
			      who->items[i]);
		else if (who->n > 1 && strcmp(who->items[i], "all") == 0)
			wrong(k, "factor_required",
			      "has all and other words; all stands alone");
	}
	if (who->n > 0 && k->c->factor_keys == NULL &&
	    config_passkey_obstacle(k->c) != NULL)
		wrong(k, "factor_required",
		      "is set, but nobody could set a factor up: factor_keys is missing, "
		      "and %s",
		      config_passkey_obstacle(k->c));
	if (k->c->factor_required_from != NULL && who->n == 0)
		wrong(k, "factor_required_from",
		      "is set although factor_required is empty");
}

void
config_check(const struct config *c, const unsigned *lines, struct buf *problems)
{
	const struct check check = { c, lines, problems };

	check_site(&check);
	check_cookie_domain(&check);
	check_passkeys(&check);
	check_tokens(&check);
	check_signing_alg(&check);
	check_issuers(&check);
	check_mail(&check);
	check_registration(&check);
	check_factors(&check);
}
