/*
 * Passkeys in the database (sql/functions/passkeys.sql).
 */
#ifndef PASSKEYS_H
#define PASSKEYS_H

#include "store/factor/flows.h"

#define PASSKEYS_ID_MAX 1023 /* bytes of a credential id */
#define PASSKEYS_JWK 8193    /* size of a public key as JSON, with NUL */
#define PASSKEYS_MAX 20      /* of a user */

struct passkeys_row {
	bool found;
	char id[UUID_SIZE];
	char user[UUID_SIZE];
	char name[256]; /* of the user */
	bool disabled;  /* the user; true also when not found */
	int64_t password_version, device_version;
	char jwk[PASSKEYS_JWK];
	int64_t counter;
	bool backup_eligible;
};

/*
 * The passkey with this credential id (its bytes), of the relying party `rp_id`. `user`
 * empty: of anybody.
 */
enum err passkeys_find(struct db *db, struct str credential, struct str rp_id,
		       struct str user, struct passkeys_row *row, struct why *why);

/* Those of a user: credential (hexadecimal), transports (words). */
enum err passkeys_list(struct db *db, struct str user, struct str rp_id,
		       struct db_rows **rows, struct why *why);

/*
 * A login by a passkey alone. `proof` must be verified. `s` as for logins_open, without
 * amr and who.name. FACTORS_OVER: the user was disabled or changed meanwhile.
 */
enum err passkeys_open(struct db *db, const struct passkeys_row *row,
		       const struct factors_proof *proof, const struct logins_session *s,
		       struct flows_result *result, struct why *why);

/* A new passkey. */
struct passkeys_new {
	struct str credential, rp_id;
	struct str jwk; /* the public key, JSON */
	int64_t counter;
	bool backup_eligible, backed_up, verified;
	const struct str *transports;
	size_t n_transports; /* at most 8 */
	struct str name;
	struct str nonce; /* of the challenge */
};

/* As factors_totp_confirm. */
enum err passkeys_add(struct db *db, const struct factors_by *by,
		      const struct passkeys_new *passkey,
		      const struct str codes[FACTORS_CODES], enum factors_set *set,
		      bool *codes_stored, struct why *why);

#endif
