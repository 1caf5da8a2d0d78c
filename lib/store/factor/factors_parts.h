/* Values of factors.h as SQL has them, for factors.c, flows.c and passkeys.c. */
#ifndef FACTORS_PARTS_H
#define FACTORS_PARTS_H

#include "store/factor/factors.h"

/* Append the hashes of recovery codes as a bytea[]. */
void factors_arg_codes(struct db_args *a, const struct str codes[FACTORS_CODES]);

/* Append the proof as a value of the SQL type doorward.proof. */
void factors_arg(struct db_args *a, const struct factors_proof *proof);

enum factors_used factors_used_of(struct str word);
enum factors_set factors_set_of(struct str word);

/* From two columns, of which the second is hexadecimal. False: not such a value. */
bool factors_sealed_get(const struct db_rows *rows, int key_id, int sealed,
			struct factors_sealed *s);

/* Columns wait, user_id, name, key_id, sealed, last_step. */
enum err factors_try_get(const struct db_rows *rows, struct factors_try *t,
			 struct why *why);

#endif
