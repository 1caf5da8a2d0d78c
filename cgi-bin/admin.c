/*
 * /admin: what admins do about the people of the site. It holds no key that signs or
 * opens anything, and the database looks up itself what the admin may do.
 */
#include "access/canonical.h"
#include "admin/admin_pages.h"
#include "admin/site/site.h"
#include "base/embedded.h"
#include "config/db_roles.h"
#include "page/page_power.h"
#include "page/page_refuse.h"
#include "serve/serve.h"
#include "worker/worker.h"

static const struct route routes[] = {
	{ "", ROUTE_GET, site_front, .who = admin_visitor },
	{ NULL },
};

/* Whatever is done here may have to be told by mail. */
static bool
begin(struct app *app, const struct request *req, struct response *resp)
{
	worker_wake(app);
	return canonical_redirect(app, req, resp);
}

int
main(int argc, char **argv)
{
	static const struct embedded_folder share[] = {
		{ "admin", embedded_share_admin },
		{ NULL },
	};
	static const struct program program = {
		.name = "admin",
		.manual = true,
		.routes = routes,
		.before = begin,
		.after = worker_after,
		.powers = { &power_pages, &power_verify, &power_session,
			    &power_database },
		.role = DB_ROLE_WEBADMIN,
		.error = page_refuse,
		.share = share,
	};

	return serve(argc, argv, &program);
}
