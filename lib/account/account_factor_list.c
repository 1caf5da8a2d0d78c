#include "account/account_factor_list.h"

#include <stdlib.h>

#include "account/account.h"
#include "store/factor/factors.h"

/* Columns of factors_list. */
enum { KIND, ID, NAME, CREATED_AT, USED_AT, SYNCED, RP_ID, KEY_ID, REMAINING };

static struct template_field
text(const char *name, struct str value)
{
	return (struct template_field){ name, TEMPLATE_TEXT, .text = value };
}

static struct template_field
flag(const char *name, bool on)
{
	return (struct template_field){ name, TEMPLATE_FLAG, .on = on };
}

static void
fill(struct account_factor *f, const struct db_rows *rows, size_t i, struct str rp_id)
{
	struct str rp = db_str(rows, i, RP_ID);
	struct template_field *field = f->fields;

	f->is_app = str_is(db_str(rows, i, KIND), "totp");
	f->id = f->is_app ? STR(ACCOUNT_FACTOR_APP) : db_str(rows, i, ID);
	f->name = db_str(rows, i, NAME);
	*field++ = text("id", f->id);
	*field++ = text("passkey", f->name);
	*field++ = moment_field("since", db_int(rows, i, CREATED_AT), &f->since);
	*field++ = db_is_null(rows, i, USED_AT)
			   ? flag("used", false)
			   : moment_field("used", db_int(rows, i, USED_AT), &f->used);
	*field++ = flag("synced", !f->is_app && db_bool(rows, i, SYNCED));
	*field++ = flag("bound", !f->is_app && !db_bool(rows, i, SYNCED));
	*field++ = text("elsewhere", str_eq(rp, rp_id) ? STR("") : rp);
}

static void
sort(struct account_factor_list *list, struct str rp_id)
{
	const struct db_rows *rows = list->rows;
	struct account_factor *f;

	for (size_t i = 0; i < db_count(rows) && list->n <= PASSKEYS_MAX; i++) {
		if (str_is(db_str(rows, i, KIND), "recovery")) {
			list->codes = db_int(rows, i, REMAINING);
			list->codes_used_at = db_int(rows, i, USED_AT);
			continue;
		}
		f = &list->all[list->n++];
		fill(f, rows, i, rp_id);
		if (f->is_app)
			list->app = f;
		else if (list->n_passkeys < PASSKEYS_MAX)
			list->passkeys[list->n_passkeys++] =
				(struct template_scope){ f->fields,
							 ACCOUNT_FACTOR_FIELDS };
	}
}

struct account_factor_list *
account_factor_list_new(struct db *db, struct str user, struct str rp_id, enum err *e,
			struct why *why)
{
	struct account_factor_list *list = calloc(1, sizeof(*list));

	*e = list != NULL ? factors_list(db, user, &list->rows, why)
			  : why_set(why, ERR_MEMORY, "no memory for the factors");
	if (*e != ERR_OK) {
		account_factor_list_free(list);
		return NULL;
	}
	sort(list, rp_id);
	return list;
}

void
account_factor_list_free(struct account_factor_list *list)
{
	if (list == NULL)
		return;
	db_rows_free(list->rows);
	free(list);
}

const struct account_factor *
account_factor_list_find(const struct account_factor_list *list, struct str id)
{
	for (size_t i = 0; i < list->n; i++) {
		if (str_eq(list->all[i].id, id))
			return &list->all[i];
	}
	return NULL;
}
