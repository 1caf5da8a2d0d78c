/*
 * A session that is about to be opened: its refresh token, the secret of its device, and
 * what the database is told about it.
 */
#ifndef SESSION_NEW_H
#define SESSION_NEW_H

#include "people/flow.h"

/* The user, and the device that the session is opened with. */
struct session_owner {
	struct str user;
	int64_t device_version;
	const struct device
		*known; /* it keeps its nonce, and so its count of tries; NULL:
				     * a new device */
};

/* `row` borrows from the other members, and from the wishes. */
struct session_new {
	struct logins_session
		row; /* the caller adds `who`, `device`, `new_hash`, `amr` */
	unsigned char refresh[SHA256_SIZE], replaces[SHA256_SIZE];
	unsigned char device[SHA256_SIZE]; /* of the device in `opened` */
};

/*
 * Make the secrets, in `opened`, and describe the session. On an error `opened` must not
 * be used.
 */
enum err session_new(const struct flow_policy *policy, const struct flow_wishes *wishes,
		     const struct session_owner *owner, struct flow_opened *opened,
		     struct session_new *n);

#endif
