/*
 * The handlers of the pages about the site as a whole. Those that end in _csv answer with
 * the whole list that the page shows in parts.
 */
#ifndef SITE_H
#define SITE_H

#include "admin/admin_pages.h"

typedef void site_handler(struct app *app, const struct request *req,
			  struct response *res, const struct visit *visit);

/* GET /admin: the overview. */
site_handler site_front;

/* GET /admin/roles?after=: who holds them, and which rules name them. */
site_handler site_roles_show;
site_handler site_roles_csv;

/*
 * GET /admin/roles/explain?person=&address=&method=: which rule decides about a request,
 * and how. 422 with the form if a field is not right.
 */
site_handler site_explain;

/*
 * GET /admin/audit?person=&event=&since=&until=&before=: what happened. 422 with the form
 * if a field is not right.
 */
site_handler site_audit_show;
site_handler site_audit_csv;

/* GET /admin/logins: logins by day and outcome. */
site_handler site_logins_show;
site_handler site_logins_csv;

/* GET /admin/throttled?after=: who has to wait. POST with do=unlock and `bucket`. */
site_handler site_throttled_show;
site_handler site_throttled_csv;
site_handler site_throttled_post;

/* GET /admin/status: how the site is. */
site_handler site_status_show;

#endif
