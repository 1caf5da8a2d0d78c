#include "passkey/passkey.h"

#include <stdlib.h>

#include "base/text.h"
#include "passkey/passkey_options.h"
#include "passkey/passkey_parts.h"

#define TRANSPORT_WORDS (PASSKEYS_MAX * WEBAUTHN_TRANSPORTS_MAX)

/* The passkeys of a user. They borrow from the rows and from `ids`. */
struct refs {
	struct passkey_ref all[PASSKEYS_MAX];
	struct str words[TRANSPORT_WORDS];
	struct buf ids;
	struct db_rows *rows;
	size_t n;
};

static bool
add_hex(struct buf *out, struct str digits)
{
	for (size_t i = 0; i + 1 < digits.n; i += 2) {
		int high = text_hex_value(digits.p[i]);
		int low = text_hex_value(digits.p[i + 1]);

		if (high < 0 || low < 0 || !buf_addc(out, (char)(high * 16 + low)))
			return false;
	}
	return digits.n % 2 == 0;
}

static size_t
split(struct str words, struct str *out, size_t max)
{
	size_t n = 0;

	while (n < max && words.n > 0)
		out[n++] = str_cut(&words, ' ');
	return n;
}

static enum err
read_refs(const struct passkey_site *site, struct str user, struct refs *refs,
	  struct why *why)
{
	struct str *words = refs->words;
	enum err e;

	buf_init(&refs->ids, PASSKEYS_MAX * PASSKEYS_ID_MAX);
	refs->rows = NULL;
	refs->n = 0;
	e = passkeys_list(site->db, user, site->rp_id, &refs->rows, why);
	if (e != ERR_OK || !buf_reserve(&refs->ids, PASSKEYS_MAX * PASSKEYS_ID_MAX))
		return e == ERR_OK ? ERR_MEMORY : e;
	for (size_t i = 0; i < db_count(refs->rows) && i < PASSKEYS_MAX; i++) {
		struct passkey_ref *ref = &refs->all[refs->n++];
		size_t from = refs->ids.n;

		if (!add_hex(&refs->ids, db_str(refs->rows, i, 0)))
			return why_set(why, ERR_DATABASE, "a credential id is no bytea");
		ref->id = (struct str){ refs->ids.p + from, refs->ids.n - from };
		ref->transports = words;
		ref->n_transports =
			split(db_str(refs->rows, i, 1), words, WEBAUTHN_TRANSPORTS_MAX);
		words += ref->n_transports;
	}
	return ERR_OK;
}

static void
refs_done(struct refs *refs)
{
	if (refs == NULL)
		return;
	db_rows_free(refs->rows);
	buf_done(&refs->ids);
	free(refs);
}

enum err
passkey_ask(const struct passkey_site *site, struct str binding, int64_t now,
	    struct str user, struct buf *json, struct why *why)
{
	char challenge[CHALLENGE_SIZE];
	struct passkey_request request = {
		.rp_id = site->rp_id,
		.challenge = { challenge, CHALLENGE_SIZE - 1 },
	};
	struct refs *refs = NULL;
	enum err e = challenge_issue(site->secret, binding, now, challenge);

	if (e == ERR_OK && user.n > 0) {
		if ((refs = calloc(1, sizeof(*refs))) == NULL)
			return ERR_MEMORY;
		if ((e = read_refs(site, user, refs, why)) != ERR_OK || refs->n == 0)
			goto out;
		request.allowed = refs->all;
		request.n_allowed = refs->n;
	}
	if (e == ERR_OK)
		passkey_put_request(json, &request);
	if (e == ERR_OK && json->failed)
		e = ERR_MEMORY;
out:
	refs_done(refs);
	return e;
}

enum err
passkey_ask_new(const struct passkey_site *site, struct str binding, int64_t now,
		const struct passkey_person *person, struct buf *json, struct why *why)
{
	char challenge[CHALLENGE_SIZE];
	struct refs *refs = calloc(1, sizeof(*refs));
	struct passkey_creation creation = {
		.rp_id = site->rp_id,
		.site_name = site->name,
		.challenge = { challenge, CHALLENGE_SIZE - 1 },
		.user_id = person->user,
		.name = person->name,
		.alone = person->alone,
	};
	enum err e;

	if (refs == NULL)
		return ERR_MEMORY;
	e = challenge_issue(site->secret, binding, now, challenge);
	if (e == ERR_OK && (e = read_refs(site, person->user, refs, why)) == ERR_OK) {
		creation.known = refs->all;
		creation.n_known = refs->n;
		if (!passkey_put_creation(json, &creation))
			e = ERR_SYNTAX;
		else if (json->failed)
			e = ERR_MEMORY;
	}
	refs_done(refs);
	return e;
}
