#include "bin/user/user.h"

#include <stdio.h>

#include "bin/db/database.h"
#include "mail/mail_address.h"
#include "people/password.h"
#include "store/users.h"
#include "json/json.h"

#define INPUT_MAX (64 * 1024 * 1024)
#define ROLES_MAX 64

struct line {
	struct str name, hash, mail;
	struct str roles[ROLES_MAX];
	size_t n;
	bool disabled, verified;
	struct json_t *json; /* what the above borrows from */
};

/* A member may be absent, but not of another type. */
static bool
take_json(struct str text, struct line *l, struct why *why)
{
	static const char *const names[] = { "name", "password_hash", "roles", "disabled",
					     "mail", "verified",      NULL };
	struct str stranger;

	if (json_parse(text, &json_usual, &l->json, why) != ERR_OK)
		return false;
	if (!json_only(l->json, names, &stranger) ||
	    json_get_str(l->json, "name", &l->name) != JSON_FOUND ||
	    json_get_str(l->json, "password_hash", &l->hash) == JSON_WRONG ||
	    json_get_strs(l->json, "roles", l->roles, ROLES_MAX, &l->n) == JSON_WRONG ||
	    json_get_bool(l->json, "disabled", &l->disabled) == JSON_WRONG ||
	    json_get_str(l->json, "mail", &l->mail) == JSON_WRONG ||
	    json_get_bool(l->json, "verified", &l->verified) == JSON_WRONG) {
		why_set(why, ERR_SYNTAX,
			"not an object of name, password_hash, roles, disabled, mail and "
			"verified");
		return false;
	}
	if (l->mail.n > 0 && !mail_address_is_valid(l->mail)) {
		why_set(why, ERR_SYNTAX, "mail is no address that can be mailed to");
		return false;
	}
	if (l->verified && l->mail.n == 0) {
		why_set(why, ERR_SYNTAX, "verified, and no mail");
		return false;
	}
	return true;
}

/* Could a login here compute it? The programs limit themselves by the settings, too. */
static bool
is_computable(const struct config *c, struct str hash)
{
	const struct password_cost own = { (size_t)c->password_memory,
					   (unsigned)c->password_time };

	return password_hash_is_supported(&own, hash);
}

static bool
take_line(const struct config *c, struct str text, struct line *l, struct why *why)
{
	*l = (struct line){ 0 };
	if (str_starts_with(text, STR("{"))) {
		if (!take_json(text, l, why))
			return false;
	} else {
		l->hash = text;
		l->name = str_cut(&l->hash, ':');
	}
	if (l->hash.n > 0 && !is_computable(c, l->hash)) {
		why_set(why, ERR_UNSUPPORTED,
			"a hash of a kind that is not supported, or too costly; "
			"`doorward help user` names the kinds");
		return false;
	}
	return true;
}

static enum err
store(struct database *d, const struct line *l, struct why *why)
{
	char id[UUID_SIZE];
	const struct users_new user = { .name = l->name,
					.roles = l->roles,
					.n_roles = l->n,
					.hash = l->hash,
					.mail = l->mail,
					.verified = l->verified };
	bool found;
	int64_t ended;
	enum err e =
		user_explain(users_add(d->db, &user, str_of(d->actor), id, why), why);

	if (e == ERR_OK && l->disabled)
		e = users_disable(d->db, l->name, true, str_of(d->actor), &found, &ended,
				  why);
	return e;
}

/* One line; false: the work cannot go on. */
static bool
import_line(struct database *d, struct str text, unsigned number, unsigned *good,
	    unsigned *bad)
{
	struct why why = { "" };
	struct line l;
	enum err e = ERR_SYNTAX;

	if (take_line(&d->config, text, &l, &why))
		e = store(d, &l, &why);
	json_free(l.json);
	if (e == ERR_OK) {
		(*good)++;
		return true;
	}
	(*bad)++;
	command_no("line %u: %s", number, why.text[0] != '\0' ? why.text : err_text(e));
	return e == ERR_SYNTAX || e == ERR_EXISTS || e == ERR_UNSUPPORTED;
}

int
user_import(int argc, char **argv)
{
	unsigned number = 0, good = 0, bad = 0;
	bool going = true;
	struct database d;
	struct buf input;
	struct str rest;

	if (!command_options(&argc, argv, NULL) || argc != 1)
		return COMMAND_MISUSED;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	buf_init(&input, INPUT_MAX);
	if (!command_read_stdin(&input))
		going = false;
	for (rest = buf_str(&input); going && rest.n > 0;) {
		struct str text = str_trim(str_cut(&rest, '\n'));

		number++;
		if (text.n > 0 && text.p[text.n - 1] == '\r')
			text.n--;
		if (text.n > 0)
			going = import_line(&d, text, number, &good, &bad);
	}
	buf_done(&input);
	database_close(&d);
	fprintf(stderr, "%u imported, %u refused\n", good, bad);
	return !going ? COMMAND_FAILED : bad > 0 ? COMMAND_NO : COMMAND_OK;
}
