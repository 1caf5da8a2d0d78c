/*
 * Checks whether everything that should be gated is, and whether the server keeps the
 * gate's secrets.
 */
#include "access/urls.h"
#include "bin/doctor/doctor.h"
#include "ruleset/ruleset.h"

#define APPLY_APACHE                                                                     \
	"include gate.conf in the <Directory> (or use htaccess-members.example)"
#define APPLY_LIGHTTPD                                                                   \
	"gate.conf's block for this path, and mod_fastcgi before mod_proxy in "          \
	"server.modules"

/* The form of a refusal: 401 and 403, or a redirect to the login. */
static bool
is_refusal(const struct answer *a)
{
	struct str location = { "", 0 };

	if (a->status == 401 || a->status == 403 || a->status == 405)
		return true;
	return a->status == 303 && doctor_header(a, STR("Location"), &location) &&
	       str_starts_with(location, STR(URL_LOGIN));
}

#define LOOK                                                                             \
	"the server's error log says why; then doorward config check, as the programs' " \
	"user"

/* What repairs an open path, or one that answers in neither way. */
static void
put_not_shut(struct doctor *d, struct str path, const struct answer *a)
{
	char said[DOCTOR_ANSWER_SIZE];

	if (doctor_is_explained(d, "gate", a))
		return;
	doctor_find(d, "gate",
		    a->status == 503 || a->status == 0 ? LOOK
		    : d->lighttpd                      ? APPLY_LIGHTTPD
						       : APPLY_APACHE,
		    "%.*s %s without a login", STR_ARG(path), doctor_answer(a, said));
}

/* Without a token, and also with other spellings of the same path. */
static bool
check_shut(struct doctor *d, struct str path)
{
	static const char *const before[] = { "", "/", "/.", "/x/..", "/%2e" };
	struct buf spelled;
	struct answer a;
	bool shut = true;

	buf_init(&spelled, 4096);
	for (size_t i = 0; shut && i < sizeof(before) / sizeof(*before); i++) {
		struct ask ask = { .site = d->site };

		buf_clear(&spelled);
		buf_addz(&spelled, before[i]);
		buf_add(&spelled, path);
		ask.path = buf_str(&spelled);
		doctor_fetch(&ask, &a);
		shut = i == 0 ? is_refusal(&a) : a.status < 200 || a.status > 299;
		if (!shut)
			put_not_shut(d, ask.path, &a);
		doctor_answer_done(&a);
	}
	buf_done(&spelled);
	return shut;
}

/* A directory is requested once more with a slash, if it redirects there. */
static void
fetch_with_token(struct doctor *d, struct str path, struct answer *a)
{
	struct ask ask = { .site = d->site, .path = path, .token = buf_str(&d->token) };
	struct buf directory;

	doctor_fetch(&ask, a);
	if (a->status != 301 || str_ends_with(path, STR("/")))
		return;
	doctor_answer_done(a);
	buf_init(&directory, 4096);
	buf_add(&directory, path);
	buf_addc(&directory, '/');
	ask.path = buf_str(&directory);
	doctor_fetch(&ask, a);
	buf_done(&directory);
}

static bool
says(struct str text, struct str word)
{
	for (; text.n >= word.n; text = str_sub(text, 1, text.n))
		if (str_starts_with(text, word))
			return true;
	return false;
}

struct fault {
	const char *text, *fix; /* NULL: none */
};

/* Check an answer to a good token. */
static struct fault
fault_of(const struct answer *a)
{
	if (a->status == 503 && says(a->body, STR("CGIPassAuth")))
		return (struct fault){ "does not get the Authorization header",
				       "CGIPassAuth On, in the gated section as well" };
	if (a->status == 503)
		return (struct fault){ "answers 503 to a good token", LOOK };
	if (a->status == 401)
		return (struct fault){ "answers 401 to a good token",
				       "doorward key publish; then doorward config check "
				       "as the programs' user" };
	if (a->status == 200 && doctor_header_starts(a, STR("Variable-")))
		return (struct fault){
			"shows the gate's variables to the client",
			"the `Header unset Variable-…` lines of gate.conf, "
			"and mod_headers"
		};
	return (struct fault){ NULL, NULL };
}

/*
 * With a good token the path must open, and show nothing of the gate's. False:
 * something was reported.
 */
static bool
check_open(struct doctor *d, struct str path)
{
	struct answer a;
	struct fault fault;

	if (d->token.n == 0)
		return true;
	fetch_with_token(d, path, &a);
	fault = fault_of(&a);
	if (fault.text != NULL &&
	    (says(a.body, STR("CGIPassAuth")) || !doctor_is_explained(d, "gate", &a)))
		doctor_find(d, "gate", fault.fix, "%.*s %s", STR_ARG(path), fault.text);
	doctor_answer_done(&a);
	return fault.text == NULL;
}

static void
check_path(struct doctor *d, struct str path)
{
	if (check_shut(d, path) && check_open(d, path))
		doctor_find(d, "gate", NULL, "%.*s is shut%s", STR_ARG(path),
			    d->token.n > 0 ? ", and tokens are understood" : "");
}

/* The paths of the settings' rules, except the open ones. */
static size_t
check_rules(struct doctor *d)
{
	struct why why = { "" };
	struct rules rules;
	size_t n = 0;

	if (ruleset_read(&d->config, &rules, &why) != ERR_OK) {
		doctor_skip(d, "gate", NULL, "a rule is bad, as settings above say");
		rules_done(&rules);
		return 1;
	}
	for (size_t i = 0; i < rules.n; i++) {
		struct str text = str_of(rules.rule[i].text);

		if (rules.rule[i].access == RULE_OPEN || rules.rule[i].prefix.n == 0 ||
		    rules.rule[i].n_methods > 0)
			continue;
		text = str_cut(&text, ' ');
		check_path(d, text);
		n++;
	}
	rules_done(&rules);
	return n;
}

void
doctor_gate(struct doctor *d, bool answers)
{
	size_t n;

	if (!answers) {
		doctor_skip(d, "gate", NULL, "nobody answers");
		return;
	}
	n = d->inside ? check_rules(d) : 0;
	for (size_t i = 0; i < d->n_gated; i++, n++)
		check_path(d, str_of(d->gated[i]));
	if (n == 0)
		doctor_skip(d, "gate", "name a path with --gated",
			    "no rule names one to look at");
	else if (d->token.n == 0)
		doctor_skip(d, "gate", NULL, "whether tokens are understood (%s)",
			    d->no_token);
}
