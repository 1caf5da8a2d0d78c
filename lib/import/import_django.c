/*
 * Django: what `manage.py dumpdata auth` writes, an array of objects, or with --format
 * jsonl an object a line. Whatever has a username and a password is a user, so that a
 * project's own model of users is found, too. Groups become roles.
 *
 * The array is taken apart here, so that a record that is none refuses only itself, and so
 * that no table has to be in memory as JSON.
 */
#include <string.h>

#include "import/import_map.h"
#include "import/import_parts.h"
#include "json/json.h"

static const struct json_limits limits = { 65536, 8, 4096 };

struct dump {
	const struct import_taker *taker;
	struct import_map groups; /* names, of a group's id */
	bool groups_only;         /* the first of two passes */
	size_t users;
	bool going;
};

/* ---- records ---- */

struct records {
	struct str rest;
	size_t line;
};

static void
step(struct records *r)
{
	if (r->rest.p[0] == '\n')
		r->line++;
	r->rest = str_sub(r->rest, 1, r->rest.n);
}

/* The object that begins here, up to its closing brace. All that is left if it has none. */
static struct str
take_object(struct records *r)
{
	const char *from = r->rest.p;
	bool text = false;
	int depth = 0;

	while (r->rest.n > 0) {
		char c = r->rest.p[0];

		step(r);
		if (c == '\\' && text && r->rest.n > 0)
			step(r);
		else if (c == '"')
			text = !text;
		else if (!text && (c == '{' || c == '['))
			depth++;
		else if (!text && (c == '}' || c == ']') && --depth == 0)
			break;
	}
	return (struct str){ from, (size_t)(r->rest.p - from) };
}

/* Skip what is between objects. False: no more of them; `rest` says whether this is the end. */
static bool
find_object(struct records *r)
{
	while (r->rest.n > 0 && r->rest.p[0] != '{') {
		if (memchr(" \t\r\n[],", r->rest.p[0], 7) == NULL)
			return false;
		step(r);
	}
	return r->rest.n > 0;
}

/* ---- users and groups ---- */

static bool
take_group(struct dump *d, const struct json_t *record, const struct json_t *fields)
{
	struct str name, model = STR("");
	int64_t id;

	json_get_str(record, "model", &model);
	if (d->groups_only && str_ends_with(model, STR(".group")) &&
	    json_get_int(record, "pk", 0, INT64_MAX, &id) == JSON_FOUND &&
	    json_get_str(fields, "name", &name) == JSON_FOUND)
		import_map_add(&d->groups, id, name);
	return true;
}

/* A group is its number, or with --natural-foreign an array that contains its name. */
static const char *
take_role(struct dump *d, const struct json_t *group, struct import_user *user)
{
	const struct json_t *name = json_count(group) == 1 ? json_item(group, 0) : group;
	struct str text;

	if (user->n_roles == IMPORT_ROLES_MAX)
		return "too many groups";
	if (!json_text(name, &text)) {
		int64_t id;

		if (!json_whole(name, &id))
			return "groups must be numbers or names";
		if (!import_map_get(&d->groups, id, 0, &text))
			return "it is in a group that is not in the dump: dump auth, and "
			       "not "
			       "auth.user alone";
	}
	user->roles[user->n_roles++] = text;
	return NULL;
}

/* `first` and `last`, whichever are there, as the display name. */
static void
take_names(const struct json_t *fields, struct buf *out, struct import_user *user)
{
	struct str first = STR(""), last = STR("");

	json_get_str(fields, "first_name", &first);
	json_get_str(fields, "last_name", &last);
	buf_add(out, first);
	if (first.n > 0 && last.n > 0)
		buf_addc(out, ' ');
	buf_add(out, last);
	user->display_name = buf_str(out);
}

/*
 * Django writes other forms behind a name of its own: bcrypt$$2b$…, argon2$argon2id$….
 * A password that begins with ! cannot be used: there is none.
 */
static struct str
plain_hash(struct str hash)
{
	if (str_starts_with(hash, STR("!")))
		return STR("");
	if (str_starts_with(hash, STR("bcrypt$$")))
		return str_sub(hash, strlen("bcrypt$"), hash.n);
	if (str_starts_with(hash, STR("argon2$argon2")))
		return str_sub(hash, strlen("argon2"), hash.n);
	return hash;
}

static const char *
take_fields(struct dump *d, const struct json_t *fields, struct import_user *user)
{
	const struct json_t *groups = NULL;
	const char *wrong = NULL;
	bool active = true;

	if (json_get_str(fields, "email", &user->address) == JSON_WRONG ||
	    json_get_bool(fields, "is_active", &active) == JSON_WRONG ||
	    json_get_array(fields, "groups", &groups) == JSON_WRONG)
		return "email, is_active or groups has another type than Django writes";
	user->hash = plain_hash(user->hash);
	user->disabled = !active;
	for (size_t i = 0; wrong == NULL && i < json_count(groups); i++)
		wrong = take_role(d, json_item(groups, i), user);
	return wrong;
}

static bool
take_record(struct dump *d, struct str text, size_t line)
{
	const struct json_t *fields = NULL;
	struct import_user user = { .line = line };
	struct json_t *record = NULL;
	struct why why = { "" };
	const char *wrong;
	struct buf names;
	bool going = true;

	if (json_parse(text, &limits, &record, &why) != ERR_OK)
		return d->groups_only ||
		       d->taker->refuse(d->taker->context, line, STR(""), why.text);
	buf_init(&names, 1024);
	json_get_object(record, "fields", &fields);
	if (json_get_str(fields, "username", &user.name) != JSON_FOUND ||
	    json_get_str(fields, "password", &user.hash) != JSON_FOUND) {
		going = take_group(d, record, fields);
	} else if (!d->groups_only) {
		d->users++;
		take_names(fields, &names, &user);
		wrong = take_fields(d, fields, &user);
		going = wrong == NULL ? import_give(d->taker, &user)
				      : d->taker->refuse(d->taker->context, line,
							 user.name, wrong);
	}
	buf_done(&names);
	json_free(record);
	return going;
}

static enum err
take_all(struct dump *d, struct str text, struct why *why)
{
	struct records r = { text, 1 };

	while (d->going && find_object(&r)) {
		size_t line = r.line;

		d->going = take_record(d, take_object(&r), line);
	}
	if (d->going && r.rest.n > 0)
		return why_set(why, ERR_SYNTAX,
			       "line %zu: this is not what `manage.py dumpdata` writes",
			       r.line);
	return ERR_OK;
}

enum err
import_django(struct str text, const struct import_taker *taker, struct why *why)
{
	struct dump d = { .taker = taker, .groups_only = true, .going = true };
	enum err e;

	if (str_starts_with(text, STR("\xef\xbb\xbf")))
		text = str_sub(text, 3, text.n);
	import_map_init(&d.groups);
	e = take_all(&d, text, why);
	if (e == ERR_OK && d.groups.failed)
		e = why_set(why, ERR_MEMORY, "no memory for the groups");
	d.groups_only = false;
	if (e == ERR_OK)
		e = take_all(&d, text, why);
	if (e == ERR_OK && d.going && d.users == 0)
		e = why_set(why, ERR_SYNTAX, "there is no user in it; dump auth.user");
	import_map_done(&d.groups);
	return e;
}
