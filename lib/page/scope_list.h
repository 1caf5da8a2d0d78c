/*
 * What scopes tell a client, in words, as the page of consent and the page of the account
 * show it: {{#scopes}}<li>{{scope}}</li>{{/scopes}}.
 */
#ifndef SCOPE_LIST_H
#define SCOPE_LIST_H

#include "client/client_scope.h"
#include "template/template.h"

/* What the template borrows. */
struct scope_list {
	struct template_field fields[CLIENT_SCOPES];
	struct template_scope items[CLIENT_SCOPES];
	size_t n;
};

/* A set of scopes as the `n` items, each with the phrase `scope`. */
void scope_list_fill(struct scope_list *list, unsigned scopes);

#endif
