#include "token/program_token.h"

#include <string.h>

#include "base/text.h"
#include "crypto/random.h"

enum err
program_token_sid(char sid[PROGRAM_SID_SIZE])
{
	static const size_t groups[] = { 4, 2, 2, 2, 6 };
	unsigned char bytes[16];
	enum err e = random_bytes(bytes, sizeof(bytes));
	struct str rest = { (const char *)bytes, sizeof(bytes) };
	struct buf text;

	if (e != ERR_OK)
		return e;
	bytes[6] = (bytes[6] & 0x0f) | 0x40;
	bytes[8] = (bytes[8] & 0x3f) | 0x80;
	buf_init(&text, PROGRAM_SID_SIZE);
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++) {
		if (i > 0)
			buf_addc(&text, '-');
		text_add_hex(&text, str_sub(rest, 0, groups[i]));
		rest = str_sub(rest, groups[i], rest.n);
	}
	if (text.failed)
		e = ERR_MEMORY;
	else
		memcpy(sid, buf_z(&text), PROGRAM_SID_SIZE);
	buf_done(&text);
	return e;
}

enum err
program_token_sign(struct signer *s, const struct program_token *t, struct claims *c,
		   int64_t now, int64_t life, struct buf *jti, struct buf *audience,
		   struct buf *out, struct why *why)
{
	c->client_id = STR(IDENTITY_PROGRAM_ID);
	c->sub = t->subject;
	c->preferred_username = t->name;
	c->sid = t->sid;
	if (t->n_roles > CLAIMS_ROLES)
		return why_set(why, ERR_LIMIT, "more than %d roles", CLAIMS_ROLES);
	for (size_t i = 0; i < t->n_roles; i++)
		c->roles[c->n_roles++] = t->roles[i];
	if (t->prefix.n == 0)
		return token_sign(s, c, now, life, jti, out, why);
	if (t->site.n == 0 || !buf_add(audience, t->site) ||
	    !buf_add(audience, t->prefix))
		return why_set(why, ERR_LIMIT, "no address for the prefix");
	return token_sign_for(s, c, buf_str(audience), now, life, jti, out, why);
}
