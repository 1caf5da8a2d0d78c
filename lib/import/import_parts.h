/* The sources, and what they share. */
#ifndef IMPORT_PARTS_H
#define IMPORT_PARTS_H

#include "base/buf.h"
#include "import/import.h"

/* The functions `read` of the sources. `lines` decides for each line: JSON or htpasswd. */
enum err import_csv(struct str text, const struct import_taker *taker, struct why *why);
enum err import_django(struct str text, const struct import_taker *taker,
		       struct why *why);
enum err import_glewlwyd(struct str text, const struct import_taker *taker,
			 struct why *why);
enum err import_htpasswd(struct str text, const struct import_taker *taker,
			 struct why *why);
enum err import_jsonl(struct str text, const struct import_taker *taker, struct why *why);
enum err import_lines(struct str text, const struct import_taker *taker, struct why *why);
enum err import_wordpress(struct str text, const struct import_taker *taker,
			  struct why *why);

/*
 * Add the roles in `words` to the user, separated by spaces, commas or semicolons. False:
 * there are more than IMPORT_ROLES_MAX.
 */
bool import_roles(struct import_user *user, struct str words);

/* True if all texts of the user are UTF-8 without NUL and not longer than one may be. */
bool import_is_text(const struct import_user *user);

/* Hand `user` over, or refuse it if it is no text. */
bool import_give(const struct import_taker *taker, const struct import_user *user);

#endif
