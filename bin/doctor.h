/*
 * What the parts of `doorward doctor` share: the patient and the findings.
 */
#ifndef DOCTOR_H
#define DOCTOR_H

#include <stdint.h>

#include "app/config.h"
#include "base/buf.h"
#include "base/str.h"
#include "doctor_fetch.h"

#define DOCTOR_GATED_MAX 32

struct doctor {
	struct str site; /* as given, without a slash at its end */
	bool json, bad;
	bool lighttpd; /* the server says so */
	bool inside;   /* the settings could be read */
	struct config config;
	const char *gated[DOCTOR_GATED_MAX];
	size_t n_gated;
	int64_t now;
	struct buf token; /* good for a minute, when we have the key */
	struct buf out;
	size_t n; /* findings so far */
};

/* `fix` is the one line that helps; NULL when nothing is wrong. */
void doctor_find(struct doctor *d, const char *check, const char *fix, const char *format,
		 ...) __attribute__((format(printf, 4, 5)));

void doctor_inside(struct doctor *d);  /* doctor_inside.c: settings, keys, database */
void doctor_outside(struct doctor *d); /* doctor_outside.c: what a visitor sees */
void doctor_gate(struct doctor *d);    /* doctor_gate.c: what is gated */

#endif
