/* A session from columns in the order of struct session; inside store/ only. */
#ifndef SESSIONS_ROW_H
#define SESSIONS_ROW_H

#include "store/sessions.h"

/*
 * Columns from `first` on: user id, name, roles, session id, sid, opened at,
 * ends at, remember, auth time, amr. ERR_DATABASE when one is missing or too long.
 */
enum err sessions_row(const struct db_rows *rows, int first, struct session *s,
		      struct why *why);

#endif
