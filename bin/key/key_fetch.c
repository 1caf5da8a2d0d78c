/*
 * doorward key fetch: the key sets of other issuers, over HTTPS, for cron.
 */
#include <stdio.h>
#include <string.h>

#include "bin/curl.h"
#include "bin/key/key.h"
#include "http/target.h"

/* http is allowed only for this host itself. */
static bool
is_loopback_http(struct str url)
{
	return str_starts_with(url, STR("http://")) && target_leads_to_loopback(url);
}

/* The request to curl: HTTPS only, except on this host; no redirect is followed. */
static bool
put_config(const char *url, bool http, struct buf *config)
{
	curl_flag(config, "silent");
	curl_flag(config, "show-error");
	curl_flag(config, "fail");
	curl_flag(config, "globoff");
	curl_flag(config, "tlsv1.2");
	return curl_option(config, "proto", http ? STR("=http") : STR("=https")) &&
	       curl_option(config, "connect-timeout", STR("10")) &&
	       curl_option(config, "max-time", STR("30")) &&
	       curl_option(config, "header",
			   STR("Accept: application/jwk-set+json, application/json")) &&
	       curl_option(config, "url", str_of(url));
}

/* The answer of `url`, or a complaint (curl's own goes to stderr as well). */
static bool
download(const char *url, struct buf *out)
{
	bool http = is_loopback_http(str_of(url)), too_long = false;
	struct buf config;
	int status = -1;

	if (!http && !str_starts_with(str_of(url), STR("https://"))) {
		command_fail("%s: only https:// will do", url);
		return false;
	}
	buf_init(&config, 8192);
	if (put_config(url, http, &config))
		status = curl_run(buf_str(&config), STR(""), out, &too_long);
	buf_done(&config);
	if (too_long)
		command_fail("%s: longer than %zu bytes", url, out->max);
	else if (status == CURL_NOT_INSTALLED)
		command_fail("%s: curl is not installed; install the package curl", url);
	else if (status != 0)
		command_fail("%s: could not be fetched", url);
	return !too_long && status == 0;
}

/* Only a set that a verifier would accept replaces the old one. */
static bool
renew(const struct config_issuer *issuer, struct trail *trail)
{
	struct keyset set = { 0 };
	struct buf json;
	struct why why = { "" };
	bool good = false;

	buf_init(&json, KEYSET_BYTES);
	if (issuer->keys == NULL || issuer->keys_url == NULL)
		command_fail("issuer.%s.keys and issuer.%s.keys_url must be set",
			     issuer->name, issuer->name);
	else if (!download(issuer->keys_url, &json))
		fprintf(stderr, "doorward: %s: the last good keys stay in place\n",
			issuer->name);
	else if (keyset_parse_as(buf_str(&json), KEYSET_VERIFY,
				 alg_find(str_of(issuer->algorithm)), &set,
				 &why) != ERR_OK)
		command_fail("%s: %s; the last good keys stay in place", issuer->keys_url,
			     why.text);
	else if (keyset_is_secret(&set))
		command_fail("%s: a secret that is published is none", issuer->keys_url);
	else if (key_write_public(issuer->keys, buf_str(&json), &trail->detail, &why) !=
		 ERR_OK)
		command_fail("%s", why.text);
	else
		good = true;
	keyset_done(&set);
	buf_done(&json);
	return good;
}

static bool
is_named(const char *name, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], name) == 0)
			return true;
	return argc == 1;
}

static bool
is_known(const struct config *c, const char *name)
{
	for (size_t i = 0; i < c->issuers.n; i++)
		if (strcmp(c->issuers.items[i].name, name) == 0)
			return true;
	command_no("the settings know no issuer %s; issuer.%s.url and its like make one",
		   name, name);
	return false;
}

static int
fetch(const struct config *c, int argc, char **argv, struct trail *trail)
{
	int status = COMMAND_OK;

	for (int i = 1; i < argc; i++)
		if (!is_known(c, argv[i]))
			return COMMAND_NO;
	for (size_t i = 0; i < c->issuers.n; i++) {
		const struct config_issuer *issuer = &c->issuers.items[i];

		if (!is_named(issuer->name, argc, argv) ||
		    (argc == 1 && issuer->keys_url == NULL))
			continue;
		if (!renew(issuer, trail))
			status = COMMAND_FAILED;
	}
	return status;
}

int
key_fetch(int argc, char **argv)
{
	struct config c;
	struct trail trail;
	int status;

	if (!command_options(&argc, argv, NULL))
		return COMMAND_MISUSED;
	if (!command_config(&c))
		return COMMAND_FAILED;
	trail_init(&trail, "keys_fetched", &c);
	status = trail_after(&trail, fetch(&c, argc, argv, &trail));
	trail_done(&trail);
	config_done(&c);
	return status;
}
