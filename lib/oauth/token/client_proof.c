#include "oauth/token/client_proof.h"

#include "access/basic.h"
#include "client/client_row.h"
#include "crypto/secret.h"
#include "ticket/ticket.h"

#define BASIC_MAX 2048

/* One part of Basic, as a form encodes it. Without `&`, so it is one field. */
static bool
decode(struct str part, struct form *form, struct str *value)
{
	struct buf text;
	bool good;

	*value = (struct str){ NULL, 0 };
	buf_init(&text, BASIC_MAX);
	buf_addz(&text, "part=");
	good = buf_add(&text, part) && form_parse(form, buf_str(&text)) == ERR_OK &&
	       form->n == 1;
	if (good)
		*value = form->fields[0].value;
	buf_done(&text);
	return good;
}

/* False if the header cannot be read. */
static bool
read_basic(const struct request *req, struct client_proof *p, struct str *secret)
{
	struct str id, password;
	struct buf bytes;
	bool good;

	buf_init(&bytes, BASIC_MAX);
	good = basic_read(req, &bytes);
	password = buf_str(&bytes);
	id = str_cut(&password, ':');
	good = good && decode(id, &p->id, &p->proof.client) &&
	       decode(password, &p->secret, secret);
	buf_done(&bytes);
	return good;
}

/* The header of another scheme proves nothing here. */
static bool
has_other_scheme(const struct request *req)
{
	return (request_env(req, "HTTP_AUTHORIZATION").n > 0 ||
		request_env(req, "REDIRECT_HTTP_AUTHORIZATION").n > 0) &&
	       !basic_is_shown(req);
}

static enum client_shown
find(const struct request *req, const struct form *form, struct client_proof *p,
     struct str *secret)
{
	enum client_method method = CLIENT_METHOD_NONE;
	struct str id, other;

	form_find(form, "client_id", &id);
	form_find(form, "client_secret", secret);
	form_find(form, "client_assertion", &other);
	if (has_other_scheme(req) || other.n > 0)
		return CLIENT_SHOWN_NONE;
	if (basic_is_shown(req)) {
		if (secret->n > 0)
			return CLIENT_SHOWN_TWICE;
		method = CLIENT_METHOD_BASIC;
		if (!read_basic(req, p, secret) || p->proof.client.n == 0)
			return CLIENT_SHOWN_NONE;
		if (id.n > 0 && !str_eq(id, p->proof.client))
			return CLIENT_SHOWN_TWICE;
	} else {
		p->proof.client = id;
		if (secret->n > 0)
			method = CLIENT_METHOD_POST;
	}
	p->proof.method = str_of(client_method_word(method));
	return p->proof.client.n > 0 ? CLIENT_SHOWN : CLIENT_SHOWN_NONE;
}

enum err
client_proof_read(const struct request *req, const struct form *form,
		  struct client_proof *p, enum client_shown *shown)
{
	struct str secret;
	enum err e = ERR_OK;

	*p = (struct client_proof){ .proof = { .client = { NULL, 0 } } };
	*shown = find(req, form, p, &secret);
	if (*shown != CLIENT_SHOWN || secret.n == 0)
		return ERR_OK;
	/* what is no secret of ours is the hash of none */
	if (!ticket_hash(TICKET_CLIENT_SECRET, secret, p->hash))
		e = sha256(secret, p->hash);
	p->proof.secret = (struct str){ (const char *)p->hash, sizeof(p->hash) };
	if (e != ERR_OK)
		*shown = CLIENT_SHOWN_NONE;
	return e;
}

void
client_proof_done(struct client_proof *p)
{
	form_done(&p->id);
	form_done(&p->secret);
	secret_wipe(p->hash, sizeof(p->hash));
	p->proof = (struct oauth_proof){ .client = { NULL, 0 } };
}
