#include "store/oauth/oauth_figures.h"

enum err
oauth_figures_get(struct db *db, struct oauth_figures *figures, struct why *why)
{
	struct db_rows *rows;
	enum err e = db_query_row(db,
				  "select clients, grants, offline, requests"
				  " from doorward.oauth_figures()",
				  NULL, &rows, why);

	*figures = (struct oauth_figures){ 0 };
	if (e != ERR_OK)
		return e;
	figures->clients = db_int(rows, 0, 0);
	figures->grants = db_int(rows, 0, 1);
	figures->offline = db_int(rows, 0, 2);
	figures->requests = db_int(rows, 0, 3);
	db_rows_free(rows);
	return ERR_OK;
}
