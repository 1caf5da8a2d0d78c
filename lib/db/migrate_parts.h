/* What migrate.c and migrate_script.c share. */
#ifndef MIGRATE_PARTS_H
#define MIGRATE_PARTS_H

#include "base/embedded.h"
#include "base/err.h"
#include "crypto/hash.h"

#define MIGRATE_HEX (2 * SHA256_SIZE + 1)

/* The steps of a run, each without its last semicolon. */
extern const char migrate_begin_sql[];
extern const char migrate_prepare_sql[];
extern const char migrate_before_functions_sql[];
extern const char migrate_after_functions_sql[]; /* does not commit */

/* Of NNN_noun.sql. 0 if the name has another form. */
int migrate_file_number(const struct embedded *file);

/* SHA-256 of a file, in hexadecimal. */
enum err migrate_checksum(const struct embedded *file, char hex[MIGRATE_HEX]);

#endif
