/*
 * CSV: the header names the columns, in any order.
 */
#include "import/import_columns.h"
#include "import/import_parts.h"

/* id and the times are what `user export` writes. They are not imported. */
static const struct import_column columns[] = {
	{ "name", IMPORT_NAME },
	{ "address", IMPORT_ADDRESS },
	{ "display_name", IMPORT_DISPLAY_NAME },
	{ "roles", IMPORT_ROLES },
	{ "password_hash", IMPORT_HASH },
	{ "disabled", IMPORT_DISABLED },
	{ "verified", IMPORT_VERIFIED },
	{ "id", IMPORT_UNUSED },
	{ "created_at", IMPORT_UNUSED },
	{ "last_login_at", IMPORT_UNUSED },
	{ NULL, IMPORT_UNUSED },
};

enum err
import_csv(struct str text, const struct import_taker *taker, struct why *why)
{
	return import_columns(text, columns, false, taker, why);
}
