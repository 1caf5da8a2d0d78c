/* The values that each page of admin.fcgi gives to its template: see page_samples.c. */
#include "access/urls.h"
#include "pagecheck/page_sample_parts.h"

static const struct template_field section[] = {
	TEXT("target", URL_ADMIN_PEOPLE),
	PHRASE("label", "admin.people"),
	FLAG("here"),
};
static const struct template_scope sections[] = { { section, COUNT(section) } };

/* Of every page of admin.fcgi (admin_page). */
#define FRAME                                                                            \
	TOKEN, TEXT("username", "ann"), LIST("sections", sections),                      \
		PHRASE("notice", "admin.again")

static const struct template_field admin[] = { FRAME };

const struct page_sample page_samples_admin[] = {
	{ SAMPLE(admin) },
	{ NULL },
};
