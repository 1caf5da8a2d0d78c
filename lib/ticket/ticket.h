/*
 * Tickets: every secret that we give out and that is not a JWT. All kinds stand in one
 * table, so that none of them can stand in for another: each has a prefix of its own, a
 * length, and a label in its MAC.
 *
 * A ticket is text: the prefix, then base64url (RFC 4648, 5) of some bytes.
 *   sealed   fields of a fixed length and their HMAC-SHA-256 (RFC 2104) under the
 *            session secret; nothing is stored
 *   derived  the id of a stored row (16 bytes) and its HMAC under the mail key: whoever
 *            opens the link computes it again, so that the row alone opens nothing
 *   hashed   32 random bytes; SHA-256 of the text is stored
 * The MAC covers the kind, the fields and what the ticket is bound to.
 */
#ifndef TICKET_H
#define TICKET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "crypto/hash.h"

#define TICKET_PREFIX 4
#define TICKET_MAC 32    /* bytes */
#define TICKET_RANDOM 32 /* bytes of a hashed one */
#define TICKET_FIELDS_MAX 44
#define TICKET_SIZE 107   /* of the longest text, with its NUL */
#define TICKET_KEY_MIN 32 /* bytes; a shorter key is refused */

/* How long before a browser forgets, or the database does, in seconds. */
#define TICKET_DEVICE_LIFE (400 * 86400)
#define TICKET_FORM_LIFE 43200

enum ticket_kind {
	TICKET_REFRESH,
	TICKET_DEVICE,
	TICKET_FORM,
	TICKET_FLOW,
	TICKET_CHALLENGE,
	TICKET_SETUP,
	TICKET_INVITE,
	TICKET_VERIFY,
	TICKET_RESET,
	TICKET_CHANGE_ADDRESS,
	TICKET_UNDO_ADDRESS,
	TICKET_FACTOR,
	TICKET_KINDS
};

enum ticket_keep { TICKET_SEALED, TICKET_DERIVED, TICKET_HASHED };

struct ticket_row {
	const char *name;
	const char *prefix;
	enum ticket_keep keep;
	size_t fields;        /* bytes in front of the MAC; of a hashed one, all bytes */
	size_t time_at;       /* sealed: where its time stands in them, 8 bytes */
	int64_t life;         /* seconds; 0: as long as what it is bound to */
	bool once;            /* good for one use */
	const char *bound_to; /* in words */
	const char *taken_by; /* the SQL function; NULL: needs no row, or has none yet */
};

/* The row of a kind; of any other number NULL. */
const struct ticket_row *ticket_row(enum ticket_kind kind);

/*
 * Write a sealed or derived ticket of `fields`. `bound` is what the fields do not say and
 * who shows the ticket must know; it may be empty. ERR_SYNTAX: another kind of ticket, or
 * fields of another length. ERR_CRYPTO: also with a key of less than TICKET_KEY_MIN bytes.
 * `text` is empty on error. It is the caller's to wipe.
 */
enum err ticket_make(enum ticket_kind kind, struct str key, struct str fields,
		     struct str bound, char text[TICKET_SIZE]);

/*
 * `*good`: ticket_make wrote `text` with this kind, key and `bound`, and a sealed one is
 * not older than its life and not more than that life (a day at most) ahead of `now`.
 * The fields are then in `fields`, else zero. Whether the row of a derived one is still
 * good is for the database to say. ERR_CRYPTO, ERR_MEMORY: it could not be told.
 */
enum err ticket_check(enum ticket_kind kind, struct str key, struct str bound,
		      int64_t now, struct str text,
		      unsigned char fields[TICKET_FIELDS_MAX], bool *good);

/* A new hashed ticket. ERR_SYNTAX: another kind. The caller wipes `text`. */
enum err ticket_new(enum ticket_kind kind, char text[TICKET_SIZE]);

/* The same of bytes that the caller has derived. */
enum err ticket_write(enum ticket_kind kind, const unsigned char bytes[TICKET_RANDOM],
		      char text[TICKET_SIZE]);

/* What is stored of a hashed ticket. False, and zero, when `text` has not its form. */
bool ticket_hash(enum ticket_kind kind, struct str text, unsigned char hash[SHA256_SIZE]);

#endif
