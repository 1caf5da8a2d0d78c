/* What the parts of `doorward doctor` share: the site and the findings. */
#ifndef DOCTOR_H
#define DOCTOR_H

#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"
#include "bin/doctor/doctor_fetch.h"
#include "config/config.h"

#define DOCTOR_GATED_MAX 32

struct doctor {
	struct str site; /* as given, without a slash at its end */
	bool json, bad;
	bool lighttpd;     /* the server says so */
	bool inside;       /* the settings could be read */
	const char *cause; /* the bad finding that explains answers of 503; or NULL */
	struct config config;
	const char *gated[DOCTOR_GATED_MAX];
	size_t n_gated;
	int64_t now;
	struct buf token;   /* good for a minute, when we have the key */
	char no_token[304]; /* why there is no token */
	struct buf out;
};

/* A finding. `fix` is the one line that repairs it. NULL if nothing is wrong. */
void doctor_find(struct doctor *d, const char *check, const char *fix, const char *format,
		 ...) __attribute__((format(printf, 4, 5)));

/* A check that was not made, and why. `hint` is what makes it possible; or NULL. */
void doctor_skip(struct doctor *d, const char *check, const char *hint,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));

/*
 * A 503 whose cause was found before is nothing new: `check` then counts as not made.
 */
bool doctor_is_explained(struct doctor *d, const char *check, const struct answer *a);

/* "answers 404", or "gives no answer (…)". Returns `text`. */
#define DOCTOR_ANSWER_SIZE 96
const char *doctor_answer(const struct answer *a, char text[DOCTOR_ANSWER_SIZE]);

void doctor_inside(struct doctor *d);  /* doctor_inside.c: settings, keys, database */
bool doctor_outside(struct doctor *d); /* doctor_outside.c; false: nobody answers */
void doctor_oauth(struct doctor *d);   /* doctor_oauth.c: what other programs see */
void doctor_gate(struct doctor *d, bool answers); /* doctor_gate.c: what is gated */

#endif
