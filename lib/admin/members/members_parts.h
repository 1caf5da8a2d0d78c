/* What the pages of this room share: items of lists for templates. */
#ifndef MEMBERS_PARTS_H
#define MEMBERS_PARTS_H

#include "admin/members/members.h"

static inline struct template_field
text(const char *name, struct str value)
{
	return (struct template_field){ name, TEMPLATE_TEXT, .text = value };
}

static inline struct template_field
flag(const char *name, bool on)
{
	return (struct template_field){ name, TEMPLATE_FLAG, .on = on };
}

/* `key` NULL: it is not set. */
static inline struct template_field
phrase(const char *name, const char *key)
{
	return (struct template_field){ name, TEMPLATE_PHRASE, .text = str_of(key) };
}

#endif
