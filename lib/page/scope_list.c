#include "page/scope_list.h"

/* In the order of the bits. */
static const char *const phrases[CLIENT_SCOPES] = { "scope.openid", "scope.profile",
						    "scope.email", "scope.groups",
						    "scope.offline_access" };

void
scope_list_fill(struct scope_list *list, unsigned scopes)
{
	list->n = 0;
	for (size_t i = 0; i < CLIENT_SCOPES; i++) {
		if ((scopes & 1u << i) == 0)
			continue;
		list->fields[list->n] =
			(struct template_field){ "scope", TEMPLATE_PHRASE,
						 .text = str_of(phrases[i]) };
		list->items[list->n] =
			(struct template_scope){ &list->fields[list->n], 1 };
		list->n++;
	}
}
