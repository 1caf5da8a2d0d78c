/*
 * /admin: what admins do about the people of the site. It holds no key that signs or
 * opens anything, and the database looks up itself what the admin may do.
 */
#include "access/canonical.h"
#include "admin/admin_pages.h"
#include "admin/mailtest/mailtest.h"
#include "admin/members/members.h"
#include "admin/people/people_pages.h"
#include "admin/site/site.h"
#include "base/embedded.h"
#include "config/roles/db_roles.h"
#include "page/page_power.h"
#include "page/page_refuse.h"
#include "serve/serve.h"
#include "upkeep/upkeep.h"
#include "worker/worker.h"

#define FORM_TOKEN                                                                       \
	{                                                                                \
		"form_token", 256                                                        \
	}
/* The button that was pressed. */
#define DO                                                                               \
	{                                                                                \
		"do", 16                                                                 \
	}
#define AUDIT_FIELDS                                                                     \
	.fields = { { "person", 320 },                                                   \
		    { "event", 64 },                                                     \
		    { "since", 32 },                                                     \
		    { "until", 32 },                                                     \
		    { "before", 64 } }

static const struct route routes[] = {
	{ "", ROUTE_GET, site_front, .who = admin_visitor },
	{ "/people.csv", ROUTE_GET, members_file, .who = admin_visitor,
	  .fields = { { "q" }, { "role" }, { "state", 16 } } },
	{ "/people/import", ROUTE_GET, members_import_show, .who = admin_visitor },
	{ "/people/import", ROUTE_POST, members_import_post, .who = admin_visitor,
	  .body = ROUTE_FORM, .token = admin_form_token,
	  .fields = { FORM_TOKEN, { "do", 16 }, { "csv" } } },
	{ "/people/import", ROUTE_POST, members_upload_post, .who = admin_visitor },
	/* and a field for each person: members.h */
	{ "/people/many", ROUTE_POST, members_many_post, .who = admin_visitor,
	  .body = ROUTE_FORM, .token = admin_form_token,
	  .fields = { FORM_TOKEN, { "do", 16 }, { "what", 16 }, { "role", 64 } } },
	{ "/roles", ROUTE_GET, site_roles_show, .who = admin_visitor,
	  .fields = { { "after", 256 } } },
	{ "/roles.csv", ROUTE_GET, site_roles_csv, .who = admin_visitor },
	{ "/roles/explain", ROUTE_GET, site_explain, .who = admin_visitor,
	  .fields = { { "person", 320 }, { "address", 4096 }, { "method", 64 } } },
	{ "/audit", ROUTE_GET, site_audit_show, .who = admin_visitor, AUDIT_FIELDS },
	{ "/audit.csv", ROUTE_GET, site_audit_csv, .who = admin_visitor, AUDIT_FIELDS },
	{ "/logins", ROUTE_GET, site_logins_show, .who = admin_visitor },
	{ "/logins.csv", ROUTE_GET, site_logins_csv, .who = admin_visitor },
	{ "/throttled", ROUTE_GET, site_throttled_show, .who = admin_visitor,
	  .fields = { { "after", 256 } } },
	{ "/throttled", ROUTE_POST, site_throttled_post, .who = admin_visitor,
	  .body = ROUTE_FORM, .token = admin_form_token,
	  .fields = { FORM_TOKEN, DO, { "bucket", 256 } } },
	{ "/throttled.csv", ROUTE_GET, site_throttled_csv, .who = admin_visitor },
	{ "/status", ROUTE_GET, site_status_show, .who = admin_visitor },
	{ "/mail", ROUTE_GET, mailtest_show, .who = admin_visitor },
	{ "/mail", ROUTE_POST, mailtest_post, .who = admin_visitor, .body = ROUTE_FORM,
	  .token = admin_form_token, .fields = { { "form_token", 256 }, { "do", 16 } } },
	{ "/people", ROUTE_GET, people_list, .who = admin_visitor,
	  .fields = { { "q" }, { "role" }, { "state", 16 }, { "after" } } },
	{ "/person", ROUTE_GET, person_show, .who = admin_visitor,
	  .fields = { { "name" } } },
	{ "/person", ROUTE_POST, person_post, .who = admin_visitor, .body = ROUTE_FORM,
	  .token = admin_form_token,
	  .fields = { FORM_TOKEN,
		      DO,
		      { "user", 36 },
		      { "seen", 64 },
		      { "roles" },
		      { "name" },
		      { "display_name" },
		      { "address" } } },
	{ "/people/add", ROUTE_GET, people_add_show, .who = admin_visitor },
	{ "/people/add", ROUTE_POST, people_add_post, .who = admin_visitor,
	  .body = ROUTE_FORM, .token = admin_form_token,
	  .fields = { FORM_TOKEN,
		      DO,
		      { "name" },
		      { "address" },
		      { "display_name" },
		      { "roles" } } },
	{ "/people/invite", ROUTE_GET, people_invite_show, .who = admin_visitor },
	{ "/people/invite", ROUTE_POST, people_invite_post, .who = admin_visitor,
	  .body = ROUTE_FORM, .token = admin_form_token,
	  .fields = { FORM_TOKEN, DO, { "address" }, { "roles" } } },
	{ "/invitations", ROUTE_GET, invitations_show, .who = admin_visitor,
	  .fields = { { "after", 64 } } },
	{ "/invitations.csv", ROUTE_GET, invitations_file, .who = admin_visitor },
	{ "/invitations", ROUTE_POST, invitations_post, .who = admin_visitor,
	  .body = ROUTE_FORM, .token = admin_form_token,
	  .fields = { FORM_TOKEN, DO, { "id", 36 } } },
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
		.duty = &upkeep_duty,
		.powers = { &power_pages, &power_verify, &power_session, &power_database,
			    &power_upkeep },
		.role = DB_ROLE_WEBADMIN,
		.error = page_refuse,
		.share = share,
	};

	return serve(argc, argv, &program);
}
