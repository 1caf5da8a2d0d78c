/* Checks whether anybody does the upkeep. */
#include "base/clock.h"
#include "bin/config/config_files.h"
#include "db/db.h"
#include "store/tidy/tidy.h"

#define DAY 86400
#define LATE (2 * DAY)

void
config_check_upkeep(const struct config *c, struct buf *problems)
{
	struct tidy_times times = { 0 };
	struct why why = { "" };
	struct db *db = NULL;
	int64_t now, last;
	enum err e;

	if (c->upkeep != UPKEEP_TIMER || c->database_admin == NULL ||
	    clock_now(&now) != ERR_OK)
		return;
	e = db_open(&db, c->database_admin, "doorward config", &embedded_schema, &why);
	if (e == ERR_OK)
		e = tidy_last(db, &times, &why);
	db_close(db);
	last = times.tidied_at != 0 ? times.tidied_at : times.since;
	if (e == ERR_OK && now - last > LATE)
		buf_addf(problems,
			 "%s: upkeep: for %lld days nobody has run `doorward db tidy`; a "
			 "timer should, or upkeep = program\n",
			 c->file, (long long)(now - last) / DAY);
}
