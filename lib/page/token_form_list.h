/*
 * The form that makes a token for a program (share/common/token_form.html). The page of
 * the account shows it, and the login, to which it is posted, shows it again with what
 * is wrong. Its form token is that of the account's forms.
 */
#ifndef TOKEN_FORM_LIST_H
#define TOKEN_FORM_LIST_H

#include "config/config.h"
#include "http/form.h"
#include "page/page.h"

#define TOKEN_FORM_PURPOSE "account" /* of its form token: access/csrf.h */
#define TOKEN_FORM_ROLES 64          /* as many as a user may have */
#define TOKEN_FORM_DAYS 90           /* that are proposed */

/* What is wrong, and with which field. Zero: nothing. */
struct token_problem {
	int status;
	const char *phrase; /* a key; NULL: nothing */
	bool label, role, prefix, days;
};

/* What the page borrows; zero before token_form_put. */
struct token_form {
	struct template_field fields[TOKEN_FORM_ROLES][2];
	struct template_scope scopes[TOKEN_FORM_ROLES];
	char days[24], most[24];
};

/*
 * Give the form to a page: for the owner's `roles` (words), with what was typed into
 * `typed` (NULL: nothing) and with the problem.
 */
void token_form_put(struct page *page, struct token_form *form,
		    const struct config *config, struct str roles,
		    const struct form *typed, const struct token_problem *problem);

#endif
