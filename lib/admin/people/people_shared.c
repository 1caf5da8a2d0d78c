#include "admin/people/people_pages.h"

#include "access/urls.h"
#include "template/escape.h"

static bool
has(const struct roles_typed *roles, struct str word)
{
	for (size_t i = 0; i < roles->n; i++)
		if (str_eq(roles->words[i], word))
			return true;
	return false;
}

static bool
separates(char c)
{
	return c == ' ' || c == ',' || c == '\t' || c == '\r' || c == '\n';
}

void
roles_typed_read(struct str text, struct roles_typed *roles)
{
	size_t i = 0;

	roles->n = 0;
	while (i < text.n && roles->n <= ROLES_TYPED_MAX) {
		size_t from = i;
		struct str word;

		while (i < text.n && !separates(text.p[i]))
			i++;
		word = str_sub(text, from, i - from);
		if (word.n > 0 && !has(roles, word))
			roles->words[roles->n++] = word;
		i++;
	}
}

const char *
people_problem(enum admin_entered outcome)
{
	switch (outcome) {
	case ADMIN_ENTERED_GIVEN_UP:
		return "admin.given_up";
	case ADMIN_ENTERED_NOT_OWN:
		return "admin.not_own";
	case ADMIN_ENTERED_ADDRESS_TAKEN:
		return "admin.address_taken";
	case ADMIN_ENTERED_RIGHTS:
		return "admin.roles_beyond";
	case ADMIN_ENTERED_NAME:
		return "admin.name_invalid";
	case ADMIN_ENTERED_ADDRESS:
		return "admin.address_invalid";
	case ADMIN_ENTERED_DISPLAY_NAME:
		return "admin.display_name_invalid";
	case ADMIN_ENTERED_ROLES:
		return "admin.roles_invalid";
	default:
		return "admin.name_taken";
	}
}

void
person_led(struct response *res, struct str name, const char *done)
{
	struct buf url;

	buf_init(&url, 2048);
	buf_addz(&url, URL_ADMIN_PERSON "?name=");
	escape_url(&url, name);
	admin_led(res, buf_str(&url), done);
	buf_done(&url);
}
