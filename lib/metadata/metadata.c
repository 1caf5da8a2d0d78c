#include "metadata/metadata.h"

#include "access/urls.h"
#include "client/client_row.h"
#include "token/acr.h"
#include "json/json.h"

/* Of one document: our own are flat lists, another's may be longer. */
static const struct json_limits limits = { METADATA_BYTES, 8, 1024 };

static const char *const endpoints[][2] = {
	{ "authorization_endpoint", URL_OAUTH_AUTHORIZE },
	{ "token_endpoint", URL_OAUTH_TOKEN },
	{ "userinfo_endpoint", URL_OAUTH_USERINFO },
	{ "revocation_endpoint", URL_OAUTH_REVOKE },
	{ "end_session_endpoint", URL_OAUTH_END_SESSION },
};

/* Lists that are the same on each site. */
static const struct {
	const char *name;
	const char *words[20];
} lists[] = {
	{ "response_types_supported", { "code" } },
	{ "response_modes_supported", { "query" } },
	{ "grant_types_supported", { "authorization_code", "refresh_token" } },
	{ "subject_types_supported", { "public" } },
	{ "code_challenge_methods_supported", { "S256" } },
	{ "prompt_values_supported", { "none", "login", "consent", "select_account" } },
	{ "claim_types_supported", { "normal" } },
	{ "claims_supported",
	  { "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid",
	    "name", "preferred_username", "locale", "email", "email_verified",
	    "groups" } },
};

/* What a client may take for granted if nothing is said is not always so here. */
static const struct {
	const char *name;
	bool value;
} switches[] = {
	{ "authorization_response_iss_parameter_supported", true },
	{ "claims_parameter_supported", false },
	{ "request_parameter_supported", false },
	{ "request_uri_parameter_supported", false },
};

static void
put_url(struct buf *json, const char *name, const struct config *c, const char *path)
{
	struct buf url;

	buf_init(&url, METADATA_BYTES);
	buf_addz(&url, c->public_url);
	buf_addz(&url, path);
	json_put_member(json, name, buf_str(&url));
	buf_done(&url);
}

static void
put_scopes(struct buf *json)
{
	json_put_name(json, "scopes_supported");
	json_put_open(json, '[');
	for (size_t i = 0; i < CLIENT_SCOPES; i++)
		json_put_str(json, str_of(client_scope_word(i)));
	json_put_close(json, ']');
}

static void
put_methods(struct buf *json, const char *name)
{
	json_put_name(json, name);
	json_put_open(json, '[');
	for (enum client_method m = CLIENT_METHOD_BASIC; m < CLIENT_METHODS; m++)
		json_put_str(json, str_of(client_method_word(m)));
	json_put_close(json, ']');
}

static void
put_classes(struct buf *json)
{
	json_put_name(json, "acr_values_supported");
	json_put_open(json, '[');
	for (enum acr acr = ACR_1FA; acr <= ACR_PHR; acr++)
		json_put_str(json, str_of(acr_text(acr)));
	json_put_close(json, ']');
}

/* RS256, and the algorithm of the site's own tokens if it is another one. */
static void
put_algs(struct buf *json, const struct config *c, const struct keyset *keys, int64_t now)
{
	const struct alg *rs256 = alg_find(STR("RS256"));
	const struct jwk *own;

	own = keyset_signing_key(keys, alg_find(str_of(c->signing_alg)), now, NULL);
	json_put_name(json, "id_token_signing_alg_values_supported");
	json_put_open(json, '[');
	if (keyset_signing_key(keys, rs256, now, NULL) != NULL)
		json_put_str(json, str_of(rs256->name));
	if (own != NULL && own->alg != rs256)
		json_put_str(json, str_of(own->alg->name));
	json_put_close(json, ']');
}

static void
put_lists(struct buf *json)
{
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		json_put_name(json, lists[i].name);
		json_put_open(json, '[');
		for (const char *const *word = lists[i].words; *word != NULL; word++)
			json_put_str(json, str_of(*word));
		json_put_close(json, ']');
	}
}

static void
put_provider(struct buf *json, const struct config *c, const struct keyset *keys,
	     int64_t now)
{
	for (size_t i = 0; i < sizeof(endpoints) / sizeof(*endpoints); i++)
		put_url(json, endpoints[i][0], c, endpoints[i][1]);
	put_scopes(json);
	put_algs(json, c, keys, now);
	put_methods(json, "token_endpoint_auth_methods_supported");
	put_methods(json, "revocation_endpoint_auth_methods_supported");
	put_classes(json);
	put_lists(json);
	for (size_t i = 0; i < sizeof(switches) / sizeof(*switches); i++)
		json_put_member_bool(json, switches[i].name, switches[i].value);
}

enum err
metadata_write(const struct config *c, const struct keyset *keys, int64_t now,
	       struct buf *json)
{
	json_put_open(json, '{');
	json_put_member(json, "issuer", str_of(c->issuer));
	put_url(json, "jwks_uri", c, METADATA_URL_KEYS);
	if (c->oauth)
		put_provider(json, c, keys, now);
	json_put_close(json, '}');
	buf_addc(json, '\n');
	return json->failed ? ERR_LIMIT : ERR_OK;
}

bool
metadata_is_ours(struct str json)
{
	struct json_t *root = NULL;
	struct str url = STR("");
	bool ours = json_parse(json, &limits, &root, NULL) == ERR_OK &&
		    json_get_str(root, endpoints[0][0], &url) == JSON_FOUND &&
		    str_ends_with(url, STR(URL_OAUTH_AUTHORIZE));

	json_free(root);
	return ours;
}

/* `name` must be `site` and then `path`. */
static enum err
check_url(const struct json_t *root, const char *name, struct str site, const char *path,
	  struct why *why)
{
	struct str url = STR("");

	if (json_get_str(root, name, &url) != JSON_FOUND)
		return why_set(why, ERR_SYNTAX, "%s is missing", name);
	if (!str_starts_with(url, site) || !str_is(str_sub(url, site.n, url.n), path))
		return why_set(why, ERR_SYNTAX, "%s is %.*s, and not %.*s%s", name,
			       STR_ARG(url), STR_ARG(site), path);
	return ERR_OK;
}

/* As config check wants it: the site's address, perhaps with a slash. */
static enum err
check_issuer(const struct json_t *root, struct str site, struct why *why)
{
	struct str issuer = STR(""), rest;

	if (json_get_str(root, "issuer", &issuer) != JSON_FOUND)
		return why_set(why, ERR_SYNTAX, "issuer is missing");
	rest = str_starts_with(issuer, site) ? str_sub(issuer, site.n, issuer.n) : issuer;
	if (rest.n != 0 && !str_is(rest, "/"))
		return why_set(why, ERR_SYNTAX, "issuer is %.*s, and not %.*s",
			       STR_ARG(issuer), STR_ARG(site));
	return ERR_OK;
}

enum err
metadata_check(struct str json, struct str site, struct why *why)
{
	struct json_t *root = NULL;
	enum err e;

	if (json_parse(json, &limits, &root, NULL) != ERR_OK || !json_holds_object(root))
		e = why_set(why, ERR_SYNTAX, "this is not the document of a provider");
	else
		e = check_url(root, "jwks_uri", site, METADATA_URL_KEYS, why);
	if (e == ERR_OK && json_has(root, endpoints[0][0])) {
		e = check_issuer(root, site, why);
		for (size_t i = 0;
		     e == ERR_OK && i < sizeof(endpoints) / sizeof(*endpoints); i++)
			e = check_url(root, endpoints[i][0], site, endpoints[i][1], why);
	}
	json_free(root);
	return e;
}
