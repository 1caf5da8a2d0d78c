#include "jose/keyset/keyset.h"
#include "json/json.h"

enum err
keyset_write_public(const struct keyset *set, int64_t now, struct buf *out)
{
	enum err e = ERR_OK;

	json_put_open(out, '{');
	json_put_name(out, "keys");
	json_put_open(out, '[');
	for (size_t i = 0; e == ERR_OK && i < set->n; i++)
		if (set->keys[i].exp == 0 || now < set->keys[i].exp)
			e = jwk_write(&set->keys[i], JWK_PUBLIC, out);
	json_put_close(out, ']');
	json_put_close(out, '}');
	return e == ERR_OK && out->failed ? ERR_LIMIT : e;
}
