#include "passkey/challenge.h"

#include <string.h>

#include "base/buf.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "ticket/ticket_fields.h"
#include "webauthn/webauthn.h"
#include "json/json.h"

#define FIELDS (CHALLENGE_NONCE + 8)
#define CLIENT_DATA_MAX 16384 /* bytes of clientDataJSON */

static const struct json_limits limits = { WEBAUTHN_JSON_MAX, 8, 512 };

enum err
challenge_issue(struct str secret, struct str binding, int64_t now,
		char text[CHALLENGE_SIZE])
{
	unsigned char fields[FIELDS];
	char ticket[TICKET_SIZE] = "";
	enum err e;

	text[0] = '\0';
	if (binding.n < CHALLENGE_BINDING_MIN)
		return ERR_CRYPTO;
	ticket_put_number(fields + CHALLENGE_NONCE, 8, now);
	if ((e = random_bytes(fields, CHALLENGE_NONCE)) == ERR_OK)
		e = ticket_make(TICKET_CHALLENGE, secret,
				(struct str){ (const char *)fields, FIELDS }, binding,
				ticket);
	if (e == ERR_OK)
		memcpy(text, ticket + TICKET_PREFIX, CHALLENGE_SIZE);
	return e;
}

struct str
challenge_nonce(const struct challenge *c)
{
	return (struct str){ (const char *)c->bytes, CHALLENGE_NONCE };
}

struct str
challenge_bytes(const struct challenge *c)
{
	return (struct str){ (const char *)c->bytes, CHALLENGE_BYTES };
}

enum err
challenge_check(struct str secret, struct str binding, int64_t now, struct str text,
		struct challenge *c, bool *good)
{
	unsigned char fields[TICKET_FIELDS_MAX];
	char ticket[TICKET_SIZE] = "";
	size_t n = 0;
	enum err e;

	*c = (struct challenge){ .until = 0 };
	*good = false;
	if (binding.n < CHALLENGE_BINDING_MIN || text.n != CHALLENGE_SIZE - 1)
		return ERR_OK;
	memcpy(ticket, ticket_row(TICKET_CHALLENGE)->prefix, TICKET_PREFIX);
	memcpy(ticket + TICKET_PREFIX, text.p, text.n);
	e = ticket_check(TICKET_CHALLENGE, secret, binding, now, str_of(ticket), fields,
			 good);
	if (e != ERR_OK || !*good)
		return e;
	if (!base64url_decode_to(c->bytes, sizeof(c->bytes), &n, text))
		return ERR_CRYPTO; /* ticket_check has decoded it */
	c->until = ticket_get_number(fields + CHALLENGE_NONCE, 8) + CHALLENGE_LIFE;
	return ERR_OK;
}

/* ---- in what a browser sends ---- */

static bool
copy_challenge(const struct json_t *client_data, char text[CHALLENGE_SIZE])
{
	struct str found;

	if (json_get_str(client_data, "challenge", &found) != JSON_FOUND ||
	    found.n != CHALLENGE_SIZE - 1)
		return false;
	memcpy(text, found.p, found.n);
	text[found.n] = '\0';
	return true;
}

/* A byte order mark is ignored, as by those who verify it (7.1, step 5). */
static bool
read_client_data(struct str encoded, char text[CHALLENGE_SIZE])
{
	struct str mark = STR("\xef\xbb\xbf"), bytes;
	struct json_t *root = NULL;
	struct why why;
	struct buf b;
	bool found = false;

	buf_init(&b, CLIENT_DATA_MAX);
	if (base64url_decode(&b, encoded)) {
		bytes = buf_str(&b);
		if (str_starts_with(bytes, mark))
			bytes = str_sub(bytes, mark.n, bytes.n);
		found = json_parse(bytes, &limits, &root, &why) == ERR_OK &&
			copy_challenge(root, text);
	}
	json_free(root);
	buf_done(&b);
	return found;
}

bool
challenge_of_response(struct str json, char text[CHALLENGE_SIZE])
{
	const struct json_t *response;
	struct json_t *root = NULL;
	struct str encoded;
	struct why why;
	bool found;

	text[0] = '\0';
	found = json_parse(json, &limits, &root, &why) == ERR_OK &&
		json_get_object(root, "response", &response) == JSON_FOUND &&
		json_get_str(response, "clientDataJSON", &encoded) == JSON_FOUND &&
		read_client_data(encoded, text);
	json_free(root);
	return found;
}
