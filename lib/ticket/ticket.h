/*
 * Tickets: every secret that we give out and that is not a JWT. All kinds are in one
 * table, so that no kind can be used as another. Each kind has its own prefix, its own
 * length and its own label in the MAC.
 *
 * A ticket is text: the prefix, followed by some bytes in base64url (RFC 4648, 5).
 *
 *   sealed   fields of a fixed length and their HMAC-SHA-256 (RFC 2104) under the
 *            session secret; nothing is stored
 *   derived  the id of a stored row (16 bytes) and its HMAC under the mail key; it is
 *            computed again when a link is opened, so the stored row alone opens
 *            nothing
 *   hashed   32 random bytes; SHA-256 of the text is stored
 *
 * The MAC covers the kind, the fields and the data that the ticket is bound to.
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
#define TICKET_RANDOM 32 /* bytes of a hashed ticket */
#define TICKET_FIELDS_MAX 44
#define TICKET_SIZE 107   /* size of the longest text, with its NUL */
#define TICKET_KEY_MIN 32 /* bytes; a shorter key is refused */

/* The life in a browser or in the database, in seconds. */
#define TICKET_DEVICE_LIFE (400 * 86400)
#define TICKET_FORM_LIFE 43200
#define TICKET_CHALLENGE_LIFE 300

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
	TICKET_RESET_SHOWN,
	TICKET_WELCOME,
	TICKET_CODE,
	TICKET_CLIENT_REFRESH,
	TICKET_CLIENT_SECRET,
	TICKET_KINDS
};

enum ticket_keep { TICKET_SEALED, TICKET_DERIVED, TICKET_HASHED };

struct ticket_row {
	const char *name;
	const char *prefix;
	enum ticket_keep keep;
	size_t fields;  /* bytes in front of the MAC; for a hashed ticket, all
			       * bytes */
	size_t time_at; /* sealed: the position of its time in the fields, 8 bytes */
	int64_t life;   /* seconds; 0: as long as the thing it is bound to */
	bool once;      /* good for one use */
	const char *bound_to; /* in words */
	const char *taken_by; /* the SQL function; NULL: it needs no row, or has none
			       * yet */
};

/* The row of a kind. NULL for any other number. */
const struct ticket_row *ticket_row(enum ticket_kind kind);

/*
 * Write a sealed or derived ticket of `fields`. `bound` is data that the fields do not
 * contain and that must be the same when the ticket is shown. It may be empty.
 * ERR_SYNTAX: another kind of ticket, or fields of another length. ERR_CRYPTO: also
 * for a key shorter than TICKET_KEY_MIN bytes. On an error `text` is empty. The caller
 * wipes `text`.
 */
enum err ticket_make(enum ticket_kind kind, struct str key, struct str fields,
		     struct str bound, char text[TICKET_SIZE]);

/*
 * `*good`: ticket_make wrote `text` with this kind, key and `bound`. A sealed ticket
 * must also not be older than its life, and not be ahead of `now` by more than its
 * life (a day at most). The fields are then in `fields`, which otherwise is zero. The
 * database decides whether the row of a derived ticket is still good. ERR_CRYPTO,
 * ERR_MEMORY: it could not be checked.
 */
enum err ticket_check(enum ticket_kind kind, struct str key, struct str bound,
		      int64_t now, struct str text,
		      unsigned char fields[TICKET_FIELDS_MAX], bool *good);

/*
 * A new hashed ticket. ERR_SYNTAX: a ticket of another kind. The caller wipes `text`.
 */
enum err ticket_new(enum ticket_kind kind, char text[TICKET_SIZE]);

/* As above, from bytes that the caller has derived. */
enum err ticket_write(enum ticket_kind kind, const unsigned char bytes[TICKET_RANDOM],
		      char text[TICKET_SIZE]);

/*
 * The hash that is stored for a hashed ticket. False, and zero, if `text` does not
 * have the right form.
 */
bool ticket_hash(enum ticket_kind kind, struct str text, unsigned char hash[SHA256_SIZE]);

#endif
