#include "people/refresh.h"

#include "crypto/mac.h"
#include "crypto/secret.h"

bool
refresh_hash(struct str token, unsigned char hash[SHA256_SIZE])
{
	return ticket_hash(TICKET_REFRESH, token, hash);
}

enum err
refresh_new(char token[REFRESH_SIZE])
{
	return ticket_new(TICKET_REFRESH, token);
}

/* HMAC(secret, "doorward KIND" NUL token): nobody without the secret can. */
enum err
refresh_derive(enum ticket_kind kind, struct str secret, struct str token,
	       char next[REFRESH_SIZE])
{
	unsigned char bytes[32];
	struct buf text;
	enum err e = ERR_MEMORY;

	next[0] = '\0';
	buf_init(&text, 128);
	buf_addf(&text, "doorward %s", ticket_row(kind)->name);
	buf_addc(&text, '\0');
	if (buf_add(&text, token))
		e = mac_sha256(secret, buf_str(&text), bytes);
	if (e == ERR_OK)
		e = ticket_write(kind, bytes, next);
	buf_done(&text);
	secret_wipe(bytes, sizeof(bytes));
	return e;
}

static struct str
hash_str(const unsigned char hash[SHA256_SIZE])
{
	return (struct str){ (const char *)hash, SHA256_SIZE };
}

enum err
refresh_look(struct db *db, struct str secret, struct str token, int64_t grace,
	     struct refresh *r, struct why *why)
{
	struct sessions_renewal renewal = { .grace = grace };
	enum err e;

	*r = (struct refresh){ 0 };
	if (!refresh_hash(token, r->old_hash))
		return ERR_OK; /* not one of ours */
	if ((e = refresh_derive(TICKET_REFRESH, secret, token, r->next)) != ERR_OK)
		return e;
	if (!refresh_hash(str_of(r->next), r->next_hash))
		return ERR_CRYPTO;
	renewal.old = hash_str(r->old_hash);
	renewal.next = hash_str(r->next_hash);
	return sessions_look(db, &renewal, &r->session, &r->outcome, why);
}

enum err
refresh_rotate(struct db *db, int64_t grace, struct str address, struct str agent,
	       struct refresh *r, struct buf *revoked, struct why *why)
{
	const struct sessions_renewal renewal = { hash_str(r->old_hash),
						  hash_str(r->next_hash), grace, address,
						  agent };

	return sessions_refresh(db, &renewal, str_of(r->session.sid), &r->outcome,
				revoked, why);
}

void
refresh_done(struct refresh *r)
{
	secret_wipe(r, sizeof(*r));
}

enum err
refresh_end(struct db *db, struct str token, struct str address, struct buf *revoked,
	    bool *known, bool *ended, struct why *why)
{
	unsigned char hash[SHA256_SIZE];

	*known = *ended = false;
	if (!refresh_hash(token, hash))
		return ERR_OK;
	return sessions_end_by_refresh(db, hash_str(hash), address, revoked, known, ended,
				       why);
}
