/*
 * Sources of a user a line: htpasswd, JSON objects, and a mixture of both.
 */
#include <string.h>

#include "import/import_parts.h"
#include "json/json.h"

typedef bool take_line(const struct import_taker *taker, struct str line, size_t number);

static enum err
each_line(struct str text, const struct import_taker *taker, take_line *take)
{
	size_t number = 0;
	bool going = true;

	if (str_starts_with(text, STR("\xef\xbb\xbf")))
		text = str_sub(text, 3, text.n);
	while (going && text.n > 0) {
		struct str line = str_trim(str_cut(&text, '\n'));

		number++;
		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		if (line.n > 0)
			going = take(taker, line, number);
	}
	return ERR_OK;
}

/* ---- htpasswd ---- */

/* A line without a colon is not shown: it may be a password. */
static bool
take_htpasswd(const struct import_taker *taker, struct str line, size_t number)
{
	struct import_user user = { .line = number, .hash = line };

	if (line.p[0] == '#')
		return true;
	if (memchr(line.p, ':', line.n) == NULL)
		return taker->refuse(taker->context, number, STR(""),
				     "not NAME:HASH, as htpasswd writes it");
	user.name = str_cut(&user.hash, ':');
	return import_give(taker, &user);
}

enum err
import_htpasswd(struct str text, const struct import_taker *taker, struct why *why)
{
	(void)why;
	return each_line(text, taker, take_htpasswd);
}

/* ---- jsonl ---- */

#define MEMBERS                                                                          \
	"not an object of name, address, display_name, roles, password_hash, disabled "  \
	"and verified"

/*
 * A member may be absent, but not of another type. `mail` is an older name of `address`;
 * id and the times are what `user export` writes, and are not imported.
 */
static const char *
take_members(const struct json_t *json, struct import_user *user)
{
	static const char *const names[] = {
		"name",  "address",       "mail",          "display_name",
		"roles", "password_hash", "disabled",      "verified",
		"id",    "created_at",    "last_login_at", NULL
	};
	enum json_found verified;
	bool is_verified = true;
	struct str stranger;

	if (!json_only(json, names, &stranger) ||
	    json_get_str(json, "name", &user->name) != JSON_FOUND ||
	    json_get_str(json, "address", &user->address) == JSON_WRONG ||
	    json_get_str(json, "mail", &user->address) == JSON_WRONG ||
	    json_get_str(json, "display_name", &user->display_name) == JSON_WRONG ||
	    json_get_strs(json, "roles", user->roles, IMPORT_ROLES_MAX, &user->n_roles) ==
		    JSON_WRONG ||
	    json_get_str(json, "password_hash", &user->hash) == JSON_WRONG ||
	    json_get_bool(json, "disabled", &user->disabled) == JSON_WRONG)
		return MEMBERS;
	if (json_has(json, "address") && json_has(json, "mail"))
		return "address and mail mean the same: one of them is enough";
	verified = json_get_bool(json, "verified", &is_verified);
	if (verified == JSON_WRONG)
		return MEMBERS;
	if (verified == JSON_FOUND && is_verified && user->address.n == 0)
		return "verified, and no address";
	user->unverified = !is_verified;
	return NULL;
}

static bool
take_json(const struct import_taker *taker, struct str line, size_t number)
{
	struct import_user user = { .line = number };
	struct json_t *json = NULL;
	struct why why = { "" };
	const char *wrong;
	bool going;

	if (json_parse(line, &json_usual, &json, &why) != ERR_OK)
		return taker->refuse(taker->context, number, STR(""), why.text);
	wrong = take_members(json, &user);
	going = wrong == NULL ? import_give(taker, &user)
			      : taker->refuse(taker->context, number, user.name, wrong);
	json_free(json);
	return going;
}

enum err
import_jsonl(struct str text, const struct import_taker *taker, struct why *why)
{
	(void)why;
	return each_line(text, taker, take_json);
}

/* ---- either ---- */

static bool
take_either(const struct import_taker *taker, struct str line, size_t number)
{
	return line.p[0] == '{' ? take_json(taker, line, number)
				: take_htpasswd(taker, line, number);
}

enum err
import_lines(struct str text, const struct import_taker *taker, struct why *why)
{
	(void)why;
	return each_line(text, taker, take_either);
}
