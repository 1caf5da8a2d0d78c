/* How many clients there are, and what they hold (sql/functions/oauth_clients.sql). */
#ifndef OAUTH_FIGURES_H
#define OAUTH_FIGURES_H

#include <stdint.h>

#include "db/db.h"

struct oauth_figures {
	int64_t clients;
	int64_t grants;   /* that have neither ended nor expired */
	int64_t offline;  /* of these: those that outlive the session */
	int64_t requests; /* that wait for a login or a consent */
};

/* On an error all are 0. */
enum err oauth_figures_get(struct db *db, struct oauth_figures *figures, struct why *why);

#endif
