/* Pages with a form to /oauth/consent, whose answer leads to the client. */
#ifndef AUTHORIZE_FORM_PAGE_H
#define AUTHORIZE_FORM_PAGE_H

#include "oauth/authorize/authorize_parts.h"
#include "page/page.h"

struct authorize_form {
	struct page page;
	struct buf token, leads_to, return_to; /* what the page borrows */
};

/*
 * Begin the page `name` of a request that is stored, for the person who is here. False if
 * the answer is complete. Call authorize_form_done in any case.
 */
bool authorize_form_page(struct authorize_form *f, struct authorize *a, const char *name);
void authorize_form_done(struct authorize_form *f);

/* True if `token` is that of a page that asked this person this. */
bool authorize_token_is_good(const struct authorize *a, struct str token);

#endif
