/* How long the keys are needed for the sake of tokens for programs. */
#include <stdio.h>

#include "base/embedded.h"
#include "bin/key/key.h"
#include "db/db.h"
#include "store/program/programs.h"

int64_t
key_programs_until(const struct config *c, int64_t now)
{
	struct db *db = NULL;
	struct why why = { "" };
	int64_t living, until = 0;
	enum err e;

	if (c->database_admin == NULL)
		return 0;
	/* not db_open_patient: a stolen key must be replaced at once */
	e = db_open(&db, c->database_admin, "doorward", &embedded_schema, &why);
	if (e == ERR_OK)
		e = programs_figures(db, &living, &until, &why);
	db_close(db);
	if (e == ERR_OK)
		return until;
	fprintf(stderr,
		"doorward: warning: the database cannot say how long tokens for programs "
		"live, so the old key verifies as long as any could: %s\n",
		why.text);
	return now + c->program_token_life;
}
