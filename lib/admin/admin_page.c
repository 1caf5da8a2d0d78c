/* The frame of the pages: the links to all sections, and what was just done. */
#include "admin/admin_pages.h"

#include "access/csrf.h"
#include "access/urls.h"
#include "http/form.h"
#include "page/page_power.h"
#include "serve/power_session.h"

/* What an address after a form says (admin_led), and the phrase for it. */
static const char *const done[][2] = {
	{ "again", "admin.again" },
	{ "unlocked", "admin_throttled.done" },
	{ "unlocked_before", "admin_throttled.done_before" },
	{ "added", "admin.added" },
	{ "disabled", "admin.disabled" },
	{ "enabled", "admin.enabled" },
	{ "ended", "admin.ended" },
	{ "unlocked_person", "admin.unlocked" },
	{ "factor", "admin.factor" },
	{ "roles", "admin.roles_set" },
	{ "renamed", "admin.renamed" },
	{ "profile", "admin.profile" },
	{ "reset_sent", "admin.reset_sent" },
	{ "deleted", "admin.deleted" },
	{ "invited", "admin.invited" },
	{ "resent", "admin.resent" },
	{ "withdrawn", "admin.withdrawn" },
	{ "programs", "admin.programs" },
	{ "apps", "admin.apps" },
};

/* Each section begins at its `target`; further addresses that belong to it are in `also`. */
static const struct {
	const char *target, *label;
	const char *also[2];
} sections[ADMIN_SECTIONS] = {
	{ URL_ADMIN, "admin.overview" },
	{ URL_ADMIN_PEOPLE, "admin.people", { URL_ADMIN_PERSON } },
	{ URL_ADMIN_INVITATIONS, "admin.invitations" },
	{ URL_ADMIN_ROLES, "admin.roles" },
	{ URL_ADMIN_AUDIT, "admin.audit", { URL_ADMIN_LOGINS, URL_ADMIN_THROTTLED } },
	{ URL_ADMIN_STATUS, "admin.status" },
};

/* The query's `done`, as a phrase. NULL: nothing was done. */
static const char *
notice_of(struct str query)
{
	const char *phrase = NULL;
	struct form form = { .n = 0 };
	struct str word;

	if (form_parse(&form, query) == ERR_OK &&
	    form_find(&form, "done", &word) == FORM_ONE) {
		for (size_t i = 0; i < sizeof(done) / sizeof(*done); i++)
			if (str_is(word, done[i][0]))
				phrase = done[i][1];
	}
	form_done(&form);
	return phrase;
}

/* How much of `path` is `target`: 0 if it does not begin with it. */
static size_t
begins_with(struct str path, const char *target)
{
	struct str start = str_of(target);

	return str_starts_with(path, start) ? start.n : 0;
}

/* The section that an address belongs to: the longest of those that it begins with. */
static bool
is_here(const struct request *req, size_t section)
{
	struct str path = request_target_path(req);
	size_t best = 0, here = 0;

	for (size_t i = 0; i < ADMIN_SECTIONS && sections[i].target != NULL; i++) {
		const char *starts[] = { sections[i].target, sections[i].also[0],
					 sections[i].also[1] };

		for (size_t j = 0; j < 3; j++)
			if (begins_with(path, starts[j]) > best) {
				best = begins_with(path, starts[j]);
				here = i;
			}
	}
	return here == section;
}

static size_t
list_sections(const struct request *req, struct admin_frame *frame)
{
	size_t n = 0;

	for (; n < ADMIN_SECTIONS && sections[n].target != NULL; n++) {
		struct template_field *f = frame->fields[n];

		f[0] = (struct template_field){ "target", TEMPLATE_TEXT,
						.text = str_of(sections[n].target) };
		f[1] = (struct template_field){ "label", TEMPLATE_PHRASE,
						.text = str_of(sections[n].label) };
		f[2] = (struct template_field){ "here", TEMPLATE_FLAG,
						.on = is_here(req, n) };
		frame->scopes[n] = (struct template_scope){ f, 3 };
	}
	return n;
}

enum err
admin_page(struct app *app, const struct request *req, const struct visit *visit,
	   const char *name, struct admin_frame *frame)
{
	struct page *page = &frame->page;
	enum err e;

	buf_init(&frame->token, 256);
	e = csrf_issue(app_secret(app), ADMIN_FORM_PURPOSE, visit->who.claims->sid,
		       app->now, &frame->token);
	app_page(app, req, name, page);
	page_text(page, "form_token", buf_str(&frame->token));
	page_text(page, "username", str_of(admin_of(visit)->name));
	page_list(page, "sections", frame->scopes, list_sections(req, frame));
	page_phrase(page, "notice", notice_of(req->query));
	return e;
}

void
admin_frame_done(struct admin_frame *frame)
{
	buf_done(&frame->token);
}

void
admin_led(struct response *res, struct str url, const char *word)
{
	struct buf location;

	buf_init(&location, 4096);
	buf_add(&location, url);
	buf_addz(&location, str_index(url, '?') < url.n ? "&done=" : "?done=");
	buf_addz(&location, word);
	response_see_other(res, buf_str(&location));
	buf_done(&location);
}
