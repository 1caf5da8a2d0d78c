/* How the samples of page_samples.c and page_samples_admin.c are written. */
#ifndef PAGE_SAMPLE_PARTS_H
#define PAGE_SAMPLE_PARTS_H

#include "pagecheck/page_sample.h"

#define TEXT(name, value)                                                                \
	{                                                                                \
		name, TEMPLATE_TEXT, .text = { value, sizeof(value) - 1 }                \
	}
#define PHRASE(name, key)                                                                \
	{                                                                                \
		name, TEMPLATE_PHRASE, .text = { key, sizeof(key) - 1 }                  \
	}
#define FLAG(name)                                                                       \
	{                                                                                \
		name, TEMPLATE_FLAG, .on = true                                          \
	}
#define LIST(name, scopes)                                                               \
	{                                                                                \
		name, TEMPLATE_LIST, .items = scopes, .n_items = COUNT(scopes)           \
	}
#define TIME(name)                                                                       \
	{                                                                                \
		name, TEMPLATE_LIST, .items = moments, .n_items = 1                      \
	}
#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define TOKEN TEXT("form_token", "TOKEN")
#define WAIT PHRASE("wait", "wait.minutes"), TEXT("count", "5")

/* The parts of a time (moment.h). */
static const struct template_field moment[] = {
	TEXT("datetime", "2026-01-01T12:00:00Z"),
	TEXT("day", "1"),
	PHRASE("month", "time.january"),
	TEXT("year", "2026"),
	TEXT("clock", "12:00"),
	TEXT("zone", "UTC"),
};
static const struct template_scope moments[] = { { moment, COUNT(moment) } };

static const struct template_field role[] = { TEXT("role", "editor") };
static const struct template_scope roles[] = { { role, COUNT(role) } };

#define SAMPLE(page) #page, .fields = page, .n = COUNT(page)

#endif
