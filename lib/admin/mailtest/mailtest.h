/* /admin/mail: does a mail of this site arrive? Also the first page of a new admin. */
#ifndef MAILTEST_H
#define MAILTEST_H

#include "admin/admin_pages.h"

/*
 * GET: what became of the last test mail. If the settings send no mail, the lines for
 * doorward.conf.
 */
void mailtest_show(struct app *app, const struct request *req, struct response *res,
		   const struct visit *visit);

/* POST: a test mail to the admin's own address. */
void mailtest_post(struct app *app, const struct request *req, struct response *res,
		   const struct visit *visit);

#endif
