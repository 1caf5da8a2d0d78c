/*
 * One request of `doorward doctor`.
 */
#ifndef DOCTOR_FETCH_H
#define DOCTOR_FETCH_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

#define DOCTOR_ANSWER_MAX ((size_t)4 * 1024 * 1024)

struct ask {
	struct str site;  /* https://host, without a path */
	struct str path;  /* sent as it is */
	struct str token; /* in Authorization; n 0: none */
	bool page;        /* as a browser opens one */
	const char *type; /* of the body; NULL: a GET without one */
	size_t body;      /* how many bytes of no meaning to post */
};

struct answer {
	int status;       /* 0: there was none */
	const char *lost; /* why there was none, a static phrase; or NULL */
	struct buf bytes;
	struct str head, body; /* views of bytes */
};

/* Always initialises `a`. Call doctor_answer_done afterwards. */
void doctor_fetch(const struct ask *ask, struct answer *a);
void doctor_answer_done(struct answer *a);

/* The value of the first header of that name. False if there is none. */
bool doctor_header(const struct answer *a, struct str name, struct str *value);

/* True if the name of some header starts with `prefix`. */
bool doctor_header_starts(const struct answer *a, struct str prefix);

#endif
