/*
 * An error as a page of its own, which needs neither settings nor files: for people,
 * where the settings cannot be read or the program has no pages.
 */
#ifndef SERVE_PLAIN_H
#define SERVE_PLAIN_H

#include "http/response.h"

/* Completes the answer. `description` is for any status but 503, and is escaped. */
void serve_plain_error(struct response *resp, int status, const char *description);

#endif
