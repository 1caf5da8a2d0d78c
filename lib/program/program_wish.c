/* What the form asks for. */
#include "config/config.h"
#include "program/program_parts.h"

#define DAY 86400

static bool
has_role(struct str roles, struct str role)
{
	while (roles.n > 0)
		if (str_eq(str_cut(&roles, ' '), role))
			return true;
	return false;
}

/* The checked boxes, each once. False if one is not a role of the owner. */
static bool
read_roles(struct program_wish *wish, const struct form *form,
	   const struct programs_owner *owner)
{
	for (size_t i = 0; i < form->n; i++) {
		struct str role = form->fields[i].value;
		bool known = false;

		if (!str_is(form->fields[i].name, "role"))
			continue;
		for (size_t j = 0; j < wish->n_roles; j++)
			known = known || str_eq(wish->role[j], role);
		if (known)
			continue;
		if (!has_role(str_of(owner->roles), role) ||
		    wish->n_roles >= CLAIMS_ROLES)
			return false;
		wish->role[wish->n_roles++] = role;
	}
	return true;
}

/* An empty field means as long as the settings allow. */
static bool
read_days(struct program_wish *wish, const struct app *app, const struct form *form)
{
	int64_t most = app->config->program_token_life, days;
	struct str text;

	form_find(form, "days", &text);
	text = str_trim(text);
	if (text.n == 0) {
		wish->life = most;
		return true;
	}
	if (!str_to_int(text, 1, most / DAY, &days))
		return false;
	wish->life = days * DAY;
	return true;
}

struct token_problem
program_wish_read(struct program_wish *wish, const struct app *app,
		  const struct form *form, const struct programs_owner *owner)
{
	struct str prefix;
	const char *reason;

	buf_init(&wish->prefix, PROGRAM_PREFIX_MAX);
	form_find(form, "label", &wish->label);
	form_find(form, "prefix", &prefix);
	wish->label = str_trim(wish->label);
	prefix = str_trim(prefix);
	if (wish->label.n == 0)
		return (struct token_problem){ 422, "token.no_label", .label = true };
	if (!read_roles(wish, form, owner))
		return (struct token_problem){ 422, "token.bad_role", .role = true };
	if (prefix.n > 0 && !program_prefix_read(prefix, &wish->prefix, &reason))
		return (struct token_problem){ 422, "token.bad_prefix", .prefix = true };
	if (!read_days(wish, app, form))
		return (struct token_problem){ 422, "token.bad_days", .days = true };
	return (struct token_problem){ .phrase = NULL };
}

void
program_wish_done(struct program_wish *wish)
{
	buf_done(&wish->prefix);
}
