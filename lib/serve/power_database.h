/*
 * The power to use the database in the program's own role. NULL if the program does
 * not name power_database.
 */
#ifndef POWER_DATABASE_H
#define POWER_DATABASE_H

#include "serve/app.h"

struct db; /* db/db.h */

struct db *app_db(const struct app *app);

#endif
