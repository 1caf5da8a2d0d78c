/* A signing key stays as long as an operator's token needs it. */
#include <string.h>

#include "bin/key/key.h"

/* Its end is public: verifiers must know it before there is such a token. */
static enum err
publish_end(const struct config *c, int64_t now, struct why *why)
{
	struct trail trail;
	bool good;

	trail_init(&trail, "keys_published", c);
	good = key_publish_settings(c, now, &trail);
	if (trail_after(&trail, good ? COMMAND_OK : COMMAND_FAILED) != COMMAND_OK)
		good = false;
	trail_done(&trail);
	return good ? ERR_OK
		    : why_set(why, ERR_IO, "no token: its key could not be published");
}

/* In one step. If the key has an end that is too early, the end is moved. */
static enum err
write_until(const struct config *c, const struct jwk *key, int64_t until,
	    struct key_dir *dir, struct why *why)
{
	struct key_dir_change change = { .signed_until = until };
	int64_t end = until + key_grace(c);
	char thumbprint[JWK_THUMBPRINT + 1];

	if (until <= key->signed_until)
		return ERR_OK;
	if (key->exp != 0 && key->exp < end)
		change.exp = end;
	memcpy(thumbprint, key->thumbprint, sizeof(thumbprint));
	return key_dir_change(dir, thumbprint, &change, why);
}

enum err
key_keep(const struct config *c, int64_t now, int64_t until, struct key_dir *dir,
	 struct why *why)
{
	const struct jwk *key;
	bool ends;
	enum err e = key_dir_open(dir, c->signing_keys, false, why);

	if (e != ERR_OK)
		return e;
	key = keyset_signing_key(&dir->set, key_settings_alg(c), now, why);
	if (key == NULL)
		return ERR_NOT_FOUND;
	ends = key->exp != 0;
	e = write_until(c, key, until, dir, why);
	return e == ERR_OK && ends ? publish_end(c, now, why) : e;
}
