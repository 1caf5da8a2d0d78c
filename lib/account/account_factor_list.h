/* The factors of a user, as rows for the templates of account (store/factor/factors.h). */
#ifndef ACCOUNT_FACTOR_LIST_H
#define ACCOUNT_FACTOR_LIST_H

#include "db/db.h"
#include "page/page.h"
#include "store/factor/passkeys.h"

#define ACCOUNT_FACTOR_FIELDS 7

/*
 * An app for one-time codes or a passkey. For the template: id, passkey (its name; empty:
 * the app), since, used, synced, bound, elsewhere (the domain whose passkey it is, if
 * that is not the one of this site).
 */
struct account_factor {
	struct template_field fields[ACCOUNT_FACTOR_FIELDS];
	struct moment since, used;
	struct str id, name; /* borrowed from the rows of the database */
	bool is_app;
};

struct account_factor_list {
	struct db_rows *rows;
	struct account_factor all[PASSKEYS_MAX + 1];
	struct template_scope passkeys[PASSKEYS_MAX];
	size_t n, n_passkeys;
	int64_t codes; /* recovery codes that are left */
	int64_t codes_used_at;
	const struct account_factor *app; /* NULL: none */
};

/*
 * Read the factors of `user`. NULL, and `*e`, if they could not be read; free the list
 * with account_factor_list_free. `rp_id`: passkey_rp_id, or empty.
 */
struct account_factor_list *account_factor_list_new(struct db *db, struct str user,
						    struct str rp_id, enum err *e,
						    struct why *why);
void account_factor_list_free(struct account_factor_list *list);

/* The factor of an id: that of a passkey, or ACCOUNT_FACTOR_APP. NULL: there is none. */
const struct account_factor *account_factor_list_find(
	const struct account_factor_list *list, struct str id);

#endif
