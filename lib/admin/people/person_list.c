#include "admin/people/person_list.h"

#include "admin/event_words.h"
#include "page/agent.h"

static struct template_field
text(const char *name, struct str value)
{
	return (struct template_field){ name, TEMPLATE_TEXT, .text = value };
}

static struct template_field
flag(const char *name, bool on)
{
	return (struct template_field){ name, TEMPLATE_FLAG, .on = on };
}

static struct template_field
phrase(const char *name, const char *key)
{
	return (struct template_field){ name, TEMPLATE_PHRASE,
					.text = key != NULL ? str_of(key) : STR("") };
}

/* A word of the database, and the phrase for it. */
struct word {
	const char *word, *phrase;
};

static const char *
phrase_of(const struct word *words, struct str word)
{
	for (; words->word != NULL; words++)
		if (str_is(word, words->word))
			return words->phrase;
	return NULL;
}

static size_t
fill_session(struct person_row *row, const struct db_rows *rows, size_t i, int64_t now)
{
	struct agent agent = agent_read(db_str(rows, i, 4));
	struct template_field *f = row->fields;

	row->ago = phrases_ago(now - db_int(rows, i, 2));
	*f++ = text("browser", agent.browser);
	*f++ = text("system", agent.system);
	*f++ = flag("both", agent.browser.n > 0 && agent.system.n > 0);
	*f++ = flag("neither", agent.browser.n == 0 && agent.system.n == 0);
	*f++ = text("from", db_str(rows, i, 3));
	*f++ = moment_field("opened", db_int(rows, i, 1), &row->first);
	*f++ = moment_field("used_at", db_int(rows, i, 2), &row->second);
	*f++ = phrase("used", row->ago.phrase);
	*f++ = text("count", str_of(row->ago.count));
	return (size_t)(f - row->fields);
}

static size_t
fill_factor(struct person_row *row, const struct db_rows *rows, size_t i, int64_t now)
{
	static const struct word kinds[] = {
		{ "totp", "admin_person.totp" },
		{ "passkey", "admin_person.passkey" },
		{ "recovery", "admin_person.recovery" },
		{ NULL },
	};
	struct template_field *f = row->fields;

	(void)now;
	*f++ = phrase("factor", phrase_of(kinds, db_str(rows, i, 0)));
	*f++ = text("called", db_str(rows, i, 1));
	*f++ = moment_field("made",
			    db_is_null(rows, i, 2) ? INT64_MIN : db_int(rows, i, 2),
			    &row->first);
	*f++ = moment_field("last",
			    db_is_null(rows, i, 3) ? INT64_MIN : db_int(rows, i, 3),
			    &row->second);
	*f++ = text("left", db_str(rows, i, 5));
	return (size_t)(f - row->fields);
}

static size_t
fill_program(struct person_row *row, const struct db_rows *rows, size_t i, int64_t now)
{
	struct template_field *f = row->fields;

	(void)now;
	*f++ = text("label", db_str(rows, i, 1));
	*f++ = text("with_roles", db_str(rows, i, 2));
	*f++ = text("below", db_str(rows, i, 3));
	*f++ = moment_field("made", db_int(rows, i, 4), &row->first);
	*f++ = moment_field("until", db_int(rows, i, 5), &row->second);
	return (size_t)(f - row->fields);
}

static size_t
fill_app(struct person_row *row, const struct db_rows *rows, size_t i, int64_t now)
{
	struct template_field *f = row->fields;

	(void)now;
	*f++ = text("client", db_str(rows, i, 0));
	*f++ = text("app", db_str(rows, i, 1));
	*f++ = text("scopes", db_str(rows, i, 2));
	*f++ = moment_field("made", db_int(rows, i, 3), &row->first);
	*f++ = moment_field("last",
			    db_is_null(rows, i, 4) ? INT64_MIN : db_int(rows, i, 4),
			    &row->second);
	return (size_t)(f - row->fields);
}

static size_t
fill_link(struct person_row *row, const struct db_rows *rows, size_t i, int64_t now)
{
	static const struct word kinds[] = {
		{ "invite", "admin_person.invite" },
		{ "verify", "admin_person.verify" },
		{ "reset", "admin_person.reset_link" },
		{ "reset-shown", "admin_person.reset_shown" },
		{ "welcome", "admin_person.welcome" },
		{ "factor", "admin_person.factor_link" },
		{ "change-address", "admin_person.change_address" },
		{ "undo-address", "admin_person.undo_address" },
		{ NULL },
	};
	static const struct word states[] = {
		{ "good", "admin_person.link_good" },
		{ "used", "admin_person.link_used" },
		{ "expired", "admin_person.link_expired" },
		{ "dead", "admin_person.link_dead" },
		{ NULL },
	};
	struct template_field *f = row->fields;

	(void)now;
	*f++ = phrase("link", phrase_of(kinds, db_str(rows, i, 0)));
	*f++ = text("to", db_str(rows, i, 1));
	*f++ = moment_field("made", db_int(rows, i, 2), &row->first);
	*f++ = moment_field("until", db_int(rows, i, 3), &row->second);
	*f++ = phrase("state", phrase_of(states, db_str(rows, i, 4)));
	return (size_t)(f - row->fields);
}

static size_t
fill_event(struct person_row *row, const struct db_rows *rows, size_t i, int64_t now)
{
	struct template_field *f = row->fields;

	(void)now;
	*f++ = moment_field("at", db_int(rows, i, 1), &row->first);
	*f++ = text("event", db_str(rows, i, 2));
	*f++ = phrase("happened", event_words_phrase(db_str(rows, i, 2)));
	*f++ = text("actor", db_str(rows, i, 3));
	*f++ = flag("themselves", str_is(db_str(rows, i, 3), "user"));
	*f++ = text("from", db_str(rows, i, 4));
	*f++ = text("detail", db_str(rows, i, 5));
	return (size_t)(f - row->fields);
}

typedef size_t filler(struct person_row *row, const struct db_rows *rows, size_t i,
		      int64_t now);

static void
fill(struct person_part *part, filler *fill_row, int64_t now)
{
	size_t n = db_count(part->rows);

	for (part->n = 0; part->n < n && part->n < PERSON_ROWS_MAX; part->n++) {
		struct person_row *row = &part->shown[part->n];
		size_t n_fields = fill_row(row, part->rows, part->n, now);

		part->scopes[part->n] = (struct template_scope){ row->fields, n_fields };
	}
}

enum err
person_lists_read(struct db *db, struct str sid, struct str user, int64_t now,
		  struct person_lists *lists, enum admin_refusal *refusal,
		  struct why *why)
{
	const struct {
		enum err (*ask)(struct db *db, struct str sid, struct str id,
				struct db_rows **rows, enum admin_refusal *refusal,
				struct why *why);
		struct person_part *to;
		filler *fill_row;
	} parts[] = {
		{ admin_person_sessions, &lists->sessions, fill_session },
		{ admin_person_factors, &lists->factors, fill_factor },
		{ admin_person_programs, &lists->programs, fill_program },
		{ admin_person_apps, &lists->apps, fill_app },
		{ admin_person_links, &lists->links, fill_link },
		{ admin_person_events, &lists->events, fill_event },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		enum err e =
			parts[i].ask(db, sid, user, &parts[i].to->rows, refusal, why);

		if (e != ERR_OK || *refusal != ADMIN_GRANTED)
			return e;
		fill(parts[i].to, parts[i].fill_row, now);
	}
	return ERR_OK;
}

void
person_lists_done(struct person_lists *lists)
{
	db_rows_free(lists->sessions.rows);
	db_rows_free(lists->factors.rows);
	db_rows_free(lists->programs.rows);
	db_rows_free(lists->apps.rows);
	db_rows_free(lists->links.rows);
	db_rows_free(lists->events.rows);
	*lists = (struct person_lists){ .sessions = { .rows = NULL } };
}

void
person_lists_add(const struct person_lists *lists, struct page *page)
{
	page_list(page, "sessions", lists->sessions.scopes, lists->sessions.n);
	page_list(page, "factors", lists->factors.scopes, lists->factors.n);
	page_list(page, "programs", lists->programs.scopes, lists->programs.n);
	page_list(page, "apps", lists->apps.scopes, lists->apps.n);
	page_list(page, "links", lists->links.scopes, lists->links.n);
	page_list(page, "events", lists->events.scopes, lists->events.n);
}
