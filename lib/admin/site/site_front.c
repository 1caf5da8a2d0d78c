/* /admin: the overview. */
#include "admin/site/site_health_list.h"
#include "serve/power_database.h"

#define WAITING_LOOKED_AT 100

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, const struct health_facts *facts, bool waiting)
{
	char people[SITE_NUMBER_SIZE], disabled[SITE_NUMBER_SIZE],
		roles[SITE_NUMBER_SIZE];
	struct health health;
	struct admin_frame frame;
	struct page *page = &frame.page;
	struct why why = { "" };
	enum err e;

	site_health_look(app, facts, true, &health);
	if ((e = admin_page(app, req, v, "admin", &frame)) == ERR_OK) {
		page_text(page, "people", site_number(facts->figures.people, people));
		page_text(page, "disabled",
			  facts->figures.disabled == 0
				  ? STR("")
				  : site_number(facts->figures.disabled, disabled));
		page_text(page, "n_roles", site_number(facts->figures.roles, roles));
		page_list(page, "lines", health.scopes, health.n);
		page_flag(page, "waiting", waiting);
		page_flag(page, "well", health.n == 0 && !waiting);
		page_send(page, 200, res);
	} else {
		admin_unavailable(app, req, res, e, &why);
	}
	admin_frame_done(&frame);
}

/* Does anybody have to wait? */
static bool
has_waiting(const struct db_rows *rows)
{
	for (size_t i = 0; i < db_count(rows); i++)
		if (!db_is_null(rows, i, 1))
			return true;
	return false;
}

void
site_front(struct app *app, const struct request *req, struct response *res,
	   const struct visit *v)
{
	enum admin_refusal refusal = ADMIN_NO_SESSION;
	struct health_facts facts;
	struct db_rows *rows = NULL;
	struct why why = { "" };
	enum err e = site_health_find(app, v, &facts, &refusal, &why);

	if (e == ERR_OK && refusal == ADMIN_GRANTED)
		e = site_throttled(app_db(app), site_sid(v), STR(""), WAITING_LOOKED_AT,
				   &rows, &refusal, &why);
	if (site_granted(app, req, res, e, refusal, &why))
		send(app, req, res, v, &facts, has_waiting(rows));
	db_rows_free(rows);
}
