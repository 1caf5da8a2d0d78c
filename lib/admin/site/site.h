/* The handlers of the pages about the site as a whole. */
#ifndef SITE_H
#define SITE_H

#include "admin/admin_pages.h"

/* GET /admin: the overview. */
void site_front(struct app *app, const struct request *req, struct response *res,
		const struct visit *visit);

#endif
