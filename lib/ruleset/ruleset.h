/*
 * The rules of a site: those of its settings file, and what they say about a person. The
 * gate decides by them, and `doorward rules explain` and the admin pages explain them.
 */
#ifndef RULESET_H
#define RULESET_H

#include "base/buf.h"
#include "config/config.h"
#include "rules/rules.h"

/*
 * The rules of the settings, sorted. `rs` must be freed after any return. The login
 * itself is open, unless a rule says otherwise.
 */
enum err ruleset_read(const struct config *c, struct rules *rs, struct why *why);

/* Zero is no path. */
enum ruleset_place {
	RULESET_ELSEWHERE = 0, /* an address of another site, or none at all */
	RULESET_UNCLEAR,       /* the gate refuses such a path before it asks a rule */
	RULESET_HERE
};

/*
 * Append the path of an address as a person types it: a path, or a whole URL of this
 * site (public_url). Its query and fragment are left out.
 */
enum ruleset_place ruleset_path(const struct config *c, struct str address,
				struct buf *path);

/*
 * The identity of somebody who has these roles and signed in at `auth_time`, proved as
 * `acr` says. Everything is borrowed.
 */
void ruleset_login(struct identity *who, const struct str *roles, size_t n, enum acr acr,
		   int64_t auth_time);

/* Does the rule name this role, in any-of or in all-of? */
bool ruleset_names_role(const struct rule *r, struct str role);

#endif
