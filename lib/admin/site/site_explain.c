/* /admin/roles/explain: which rule decides about a request, as `rules explain` does. */
#include <string.h>

#include "access/urls.h"
#include "admin/site/site_parts.h"
#include "base/path.h"
#include "base/text.h"
#include "config/config.h"
#include "ruleset/ruleset.h"
#include "serve/power_database.h"
#include "store/admin/site.h"

/* The question as it was typed, and what came of it. */
struct asking {
	struct str person, address, method;
	struct buf path;
	const char *problem;  /* a phrase's key, or NULL … */
	const char *wrong;    /* … and the field that it is about */
	struct db_rows *rows; /* the person */
	struct str roles[CLAIMS_ROLES];
	size_t n_roles;
	struct rules rules;
	bool answered;
	struct rules_verdict verdict;
};

static const char *
answer_phrase(const struct rules_verdict *v)
{
	static const char *const phrases[] = {
		[RULES_REFUSED] = "admin_explain.refused",
		[RULES_METHOD] = "admin_explain.method_refused",
		[RULES_SIGN_IN] = "admin_explain.sign_in",
		[RULES_OTHER_TOKEN] = "admin_explain.other_token",
		[RULES_NOT_ENTITLED] = "admin_explain.not_entitled",
		[RULES_SIGN_IN_AGAIN] = "admin_explain.sign_in_again",
		[RULES_WANTS_PHR] = "admin_explain.wants_phr",
		[RULES_WANTS_FACTOR] = "admin_explain.wants_factor",
		[RULES_ALLOW] = "admin_explain.allow",
	};

	return v->open ? "admin_explain.open" : phrases[v->answer];
}

static void
complain(struct asking *a, const char *field, const char *problem)
{
	a->wrong = field;
	a->problem = problem;
}

/* A method is a token (RFC 9110, 9.1); people may type it in small letters. */
static bool
read_method(struct asking *a, struct str typed, char method[32])
{
	if (typed.n == 0)
		typed = STR("GET");
	if (typed.n >= 32)
		return false;
	for (size_t i = 0; i < typed.n; i++) {
		char c = typed.p[i];

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if ((c < 'A' || c > 'Z') && c != '-')
			return false;
		method[i] = c;
	}
	a->method = (struct str){ method, typed.n };
	return true;
}

static void
read_typed(struct app *app, struct asking *a, const struct visit *v, char method[32])
{
	a->person = site_field(v, "person");
	a->address = site_field(v, "address");
	if (!read_method(a, site_field(v, "method"), method)) {
		a->method = site_field(v, "method");
		complain(a, "method", "admin_explain.no_method");
	}
	if (a->address.n == 0) {
		if (a->person.n > 0)
			complain(a, "address", "admin_explain.no_address");
		return;
	}
	switch (ruleset_path(app->config, a->address, &a->path)) {
	case RULESET_HERE:
		break;
	case RULESET_UNCLEAR:
		complain(a, "address", "admin_explain.unclear");
		break;
	default:
		complain(a, "address", "admin_explain.elsewhere");
	}
}

/* The person's roles. */
static void
take_person(struct asking *a)
{
	struct str words;

	if (db_count(a->rows) != 1) {
		complain(a, "person", "admin_explain.no_person");
		return;
	}
	if (db_bool(a->rows, 0, 2)) {
		complain(a, "person", "admin_explain.disabled");
		return;
	}
	words = db_str(a->rows, 0, 1);
	while (words.n > 0 && a->n_roles < CLAIMS_ROLES)
		a->roles[a->n_roles++] = str_cut(&words, ' ');
}

/* As if the person had just signed in with a password, or with nothing more than that. */
static void
decide(struct app *app, struct asking *a)
{
	struct rules_question q = { .path = buf_str(&a->path),
				    .method = a->method,
				    .now = app->now };
	struct identity who;

	if (ruleset_read(app->config, &a->rules, NULL) != ERR_OK) {
		complain(a, "address", "admin_explain.unreadable");
		return;
	}
	ruleset_login(&who, a->roles, a->n_roles, ACR_1FA, app->now);
	if (a->person.n > 0)
		q.who = &who;
	rules_decide(&a->rules, NULL, &q, &a->verdict);
	a->answered = true;
}

/* A line that says what holds where no rule names the path, to begin a rule with. */
static void
put_line(const struct asking *a, struct buf *line)
{
	if (!a->answered || a->verdict.rule != NULL)
		return;
	buf_addz(line, "rule = ");
	text_add_percent(line, buf_str(&a->path), "/");
	buf_addz(line, " signed-in");
}

static void
send(struct app *app, const struct request *req, struct response *res,
     const struct visit *v, struct asking *a)
{
	struct template_field role[CLAIMS_ROLES];
	struct template_scope roles[CLAIMS_ROLES];
	const struct rule *rule = a->answered ? a->verdict.rule : NULL;
	struct admin_frame frame;
	struct page *page = &frame.page;
	struct why why = { "" };
	struct buf line;
	enum err e;

	buf_init(&line, 4 * PATH_MAX_BYTES);
	put_line(a, &line);
	if ((e = admin_page(app, req, v, "admin_explain", &frame)) == ERR_OK) {
		page_phrase(page, "problem", a->problem != NULL ? a->problem : "");
		page_flag(page, "person_wrong",
			  a->wrong != NULL && strcmp(a->wrong, "person") == 0);
		page_flag(page, "address_wrong",
			  a->wrong != NULL && strcmp(a->wrong, "address") == 0);
		page_flag(page, "method_wrong",
			  a->wrong != NULL && strcmp(a->wrong, "method") == 0);
		page_text(page, "person", a->person);
		page_text(page, "address", a->address);
		page_text(page, "method", a->method);
		page_flag(page, "answered", a->answered);
		page_flag(page, "allowed", a->verdict.answer == RULES_ALLOW);
		page_phrase(page, "answer",
			    a->answered ? answer_phrase(&a->verdict) : "");
		page_text(page, "path", buf_str(&a->path));
		page_text(page, "rule", rule != NULL ? str_of(rule->text) : STR(""));
		page_text(page, "where", rule != NULL ? str_of(rule->where) : STR(""));
		page_text(page, "line", buf_str(&line));
		page_text(page, "file", str_of(app->config->file));
		page_roles(page, a->roles, a->n_roles, role, roles);
		page_send(page, a->problem != NULL ? 422 : 200, res);
	} else {
		admin_unavailable(app, req, res, e, &why);
	}
	admin_frame_done(&frame);
	buf_done(&line);
}

void
site_explain(struct app *app, const struct request *req, struct response *res,
	     const struct visit *v)
{
	enum admin_refusal refusal = ADMIN_GRANTED;
	struct asking a = { .problem = NULL };
	struct why why = { "" };
	enum err e = ERR_OK;
	char method[32];

	buf_init(&a.path, PATH_MAX_BYTES);
	rules_init(&a.rules);
	read_typed(app, &a, v, method);
	if (a.problem == NULL && a.person.n > 0) {
		e = site_person(app_db(app), site_sid(v), a.person, &a.rows, &refusal,
				&why);
		if (e == ERR_OK && refusal == ADMIN_GRANTED)
			take_person(&a);
	}
	if (a.problem == NULL && a.address.n > 0 && e == ERR_OK)
		decide(app, &a);
	if (site_granted(app, req, res, e, refusal, &why))
		send(app, req, res, v, &a);
	rules_done(&a.rules);
	db_rows_free(a.rows);
	buf_done(&a.path);
}
