#include "page/token_form_list.h"

#include <stdio.h>

#define DAY 86400

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

/* Was the box of this role checked? Each box sends a field `role`. */
static bool
is_chosen(const struct form *typed, struct str role)
{
	for (size_t i = 0; typed != NULL && i < typed->n; i++)
		if (str_is(typed->fields[i].name, "role") &&
		    str_eq(typed->fields[i].value, role))
			return true;
	return false;
}

static void
put_roles(struct page *page, struct token_form *form, struct str roles,
	  const struct form *typed)
{
	size_t n = 0;

	while (roles.n > 0 && n < TOKEN_FORM_ROLES) {
		struct str role = str_cut(&roles, ' ');

		form->fields[n][0] = text("role", role);
		form->fields[n][1] = flag("chosen", is_chosen(typed, role));
		form->scopes[n] = (struct template_scope){ form->fields[n], 2 };
		n++;
	}
	page_list(page, "choices", form->scopes, n);
	page_flag(page, "has_choices", n > 0);
}

static struct str
typed_text(const struct form *typed, const char *name, struct str otherwise)
{
	struct str value;

	return typed != NULL && form_find(typed, name, &value) == FORM_ONE ? value
									   : otherwise;
}

void
token_form_put(struct page *page, struct token_form *form, const struct config *config,
	       struct str roles, const struct form *typed,
	       const struct token_problem *problem)
{
	long long most = (long long)(config->program_token_life / DAY);

	snprintf(form->most, sizeof(form->most), "%lld", most);
	snprintf(form->days, sizeof(form->days), "%lld",
		 most < TOKEN_FORM_DAYS ? most : (long long)TOKEN_FORM_DAYS);
	page_phrase(page, "problem", problem->phrase);
	page_text(page, "label", typed_text(typed, "label", STR("")));
	page_text(page, "prefix", typed_text(typed, "prefix", STR("")));
	page_text(page, "days", typed_text(typed, "days", str_of(form->days)));
	page_text(page, "most", str_of(form->most));
	page_flag(page, "label_invalid", problem->label);
	page_flag(page, "role_invalid", problem->role);
	page_flag(page, "prefix_invalid", problem->prefix);
	page_flag(page, "days_invalid", problem->days);
	put_roles(page, form, roles, typed);
}
