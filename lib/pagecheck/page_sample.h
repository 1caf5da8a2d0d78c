/*
 * A page with every name that its template and its phrases may use, and a value for
 * each.
 */
#ifndef PAGE_SAMPLE_H
#define PAGE_SAMPLE_H

#include "template/template.h"

/*
 * The page "login", "account", … `inputs` are the form fields that
 * the page needs to work.
 */
struct page_sample {
	const char *name;
	const char *inputs[8];
	const struct template_field *fields;
	size_t n;
};

/*
 * The pages of admin.fcgi and those of the other programs. The last entry's name is
 * NULL.
 */
extern const struct page_sample page_samples[], page_samples_admin[];

/* Entry `i` of both. NULL after the last. */
const struct page_sample *page_sample_at(size_t i);

#endif
