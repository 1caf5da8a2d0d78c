#include "app/config_check.h"

#include <string.h>

struct str
config_host(const struct config *c)
{
	struct str url = str_of(c->public_url);
	struct str host = str_sub(url, str_index(url, '/') + 2, url.n);

	if (str_starts_with(host, STR("[")))
		return str_sub(host, 0, str_index(host, ']') + 1);
	return str_cut(&host, ':');
}

static bool
is_loopback(struct str host)
{
	return str_is(host, "localhost") || str_is(host, "127.0.0.1") ||
	       str_is(host, "[::1]") || str_ends_with(host, STR(".localhost"));
}

static bool
is_address(struct str host)
{
	if (str_starts_with(host, STR("[")))
		return true;
	for (size_t i = 0; i < host.n; i++)
		if (host.p[i] != '.' && (host.p[i] < '0' || host.p[i] > '9'))
			return false;
	return true;
}

static void
check_site(const struct config *c, struct buf *problems)
{
	bool https = str_starts_with(str_of(c->public_url), STR("https://"));

	if (!https && !c->plain_http && !is_loopback(config_host(c)))
		buf_addf(problems,
			 "%s: public_url is http:// although plain_http is off; use "
			 "https://, or turn plain_http on and accept what it says\n",
			 c->file);
	if (https && c->plain_http)
		buf_addf(problems,
			 "%s: plain_http is on although public_url is https://; turn it "
			 "off\n",
			 c->file);
	if (c->cors_credentials && c->cors_origins.n == 0)
		buf_addf(problems,
			 "%s: cors_credentials is on although cors_origins is empty\n",
			 c->file);
}

static void
check_cookie_domain(const struct config *c, struct buf *problems)
{
	struct str domain = str_of(c->cookie_domain), host = config_host(c);
	bool below = str_ends_with(host, domain) &&
		     (host.n == domain.n || host.p[host.n - domain.n - 1] == '.');

	if (domain.n == 0)
		return;
	if (is_address(host))
		buf_addf(problems,
			 "%s: cookie_domain makes no sense where public_url is an "
			 "address\n",
			 c->file);
	else if (!below)
		buf_addf(problems,
			 "%s: cookie_domain %s is not the end of the host in public_url, "
			 "%.*s\n",
			 c->file, c->cookie_domain, STR_ARG(host));
	else if (str_index(domain, '.') == domain.n && !is_loopback(domain))
		buf_addf(problems,
			 "%s: cookie_domain %s is a top-level domain, for which browsers "
			 "refuse cookies\n",
			 c->file, c->cookie_domain);
}

static void
check_tokens(const struct config *c, struct buf *problems)
{
	if (c->browser_token_life < c->token_life)
		buf_addf(problems,
			 "%s: browser_token_life is shorter than token_life; it is the "
			 "longer one\n",
			 c->file);
	if (c->token_encryption && c->encryption_keys == NULL)
		buf_addf(problems,
			 "%s: token_encryption is on although encryption_keys is "
			 "missing\n",
			 c->file);
	if (c->session_life < c->session_idle)
		buf_addf(problems, "%s: session_life is shorter than session_idle\n",
			 c->file);
}

static void
check_issuers(const struct config *c, struct buf *problems)
{
	for (size_t i = 0; i < c->issuers.n; i++) {
		const struct config_issuer *a = &c->issuers.items[i];

		if (c->issuer != NULL && strcmp(a->url, c->issuer) == 0)
			buf_addf(problems,
				 "%s: issuer.%s.url is our own issuer; its keys could "
				 "then name our users\n",
				 c->file, a->name);
		for (size_t j = 0; j < i; j++)
			if (strcmp(a->url, c->issuers.items[j].url) == 0)
				buf_addf(problems,
					 "%s: issuer.%s.url and issuer.%s.url are the "
					 "same\n",
					 c->file, c->issuers.items[j].name, a->name);
		for (size_t j = 0; j < a->roles.n; j++) {
			struct str pair = str_of(a->roles.items[j]);
			struct str theirs = str_cut(&pair, ':');

			if (theirs.n == 0 || pair.n == 0)
				buf_addf(problems,
					 "%s: issuer.%s.roles: expected theirs:ours, not "
					 "%s\n",
					 c->file, a->name, a->roles.items[j]);
		}
	}
}

void
config_check(const struct config *c, struct buf *problems)
{
	check_site(c, problems);
	check_cookie_domain(c, problems);
	check_tokens(c, problems);
	check_issuers(c, problems);
}
