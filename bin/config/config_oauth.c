/* Checks whether other programs can use the login of this site, if they may. */
#include <string.h>

#include "base/clock.h"
#include "bin/config/config_files.h"
#include "http/target.h"
#include "jose/keyset/keyset.h"
#include "keys/key_publish.h"

static void
problem(const struct config *c, struct buf *problems, const char *name, const char *text)
{
	buf_addf(problems, "%s: %s: %s\n", c->file, name, text);
}

/* Clients verify signatures with public keys, and expect RS256 unless told otherwise. */
static void
check_algs(const struct config *c, int64_t now, struct buf *problems)
{
	const struct jwk *key;
	struct keyset set;

	if (c->signing_keys == NULL ||
	    keyset_load(c->signing_keys, KEYSET_SIGN, &set, NULL) != ERR_OK)
		return; /* said already */
	key = keyset_signing_key(&set, alg_find(str_of(c->signing_alg)), now, NULL);
	if (key != NULL && key->alg->family == ALG_HMAC)
		problem(c, problems, "oauth",
			"tokens are signed with a secret, which other programs must not "
			"have; `doorward key new` makes a key with a public part, in "
			"another place for signing_keys");
	else if (key != NULL &&
		 keyset_signing_key(&set, alg_find(STR("RS256")), now, NULL) == NULL)
		problem(c, problems, "oauth",
			"signing_keys holds no key for RS256, in which clients get their "
			"ID tokens as a rule; `doorward key new --alg RS256` makes one");
	keyset_done(&set);
}

/* The address of the metadata follows from the issuer. It must be one of this site. */
static void
check_issuer(const struct config *c, struct buf *problems)
{
	struct str issuer = str_of(c->issuer), rest;

	rest = issuer;
	if (!str_starts_with(issuer, STR("https://")) &&
	    !target_leads_to_loopback(issuer))
		problem(c, problems, "issuer",
			"other programs accept only an issuer that begins with https:// "
			"(http:// is for localhost alone), and oauth is on");
	if (str_starts_with(rest, str_of(c->public_url)))
		rest = str_sub(rest, strlen(c->public_url), rest.n);
	if (rest.n != 0 && !str_is(rest, "/"))
		problem(c, problems, "issuer",
			"other programs look for the metadata of this site below its "
			"issuer, and find nothing there; take the setting out, so that "
			"the issuer is public_url");
}

void
config_check_oauth(const struct config *c, struct buf *problems)
{
	struct why why = { "" };
	int64_t now;

	if (clock_now(&now) != ERR_OK)
		return;
	if (c->oauth) {
		check_algs(c, now, problems);
		check_issuer(c, problems);
	}
	if (key_check_metadata(c, now, &why) != ERR_OK)
		problem(c, problems, "oauth", why.text);
}
