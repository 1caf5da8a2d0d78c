/* Shared by keyset.c, keyset_load.c and keyset_watch.c only. */
#ifndef KEYSET_PARTS_H
#define KEYSET_PARTS_H

#include "jose/keyset/keyset.h"

/*
 * Building a set: begin, add each document (a JWK or JWKS), finish. After any error
 * call keyset_done.
 */
void keyset_begin(struct keyset *set, const struct alg *unnamed);
enum err keyset_add(struct keyset *set, struct str json, enum keyset_purpose purpose,
		    struct why *why);
enum err keyset_finish(struct keyset *set, enum keyset_purpose purpose, struct why *why);

/*
 * Call `each` with the path of the file `path`, or of each key file in the directory
 * `path` in the order of the names, until it returns an error.
 */
enum err keyset_each_file(const char *path,
			  enum err (*each)(const char *file, void *arg, struct why *why),
			  void *arg, struct why *why);

/* Put the path in front of the reason. */
enum err keyset_why_at(struct why *why, enum err e, const char *path);

#endif
