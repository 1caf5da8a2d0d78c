/*
 * What a login needs to know of a request that waits for it (oauth_request_origin in
 * sql/functions/oauth_requests.sql).
 */
#ifndef REQUEST_ORIGIN_H
#define REQUEST_ORIGIN_H

#include "db/db.h"

struct request_origin {
	char leads_to[2001];   /* where its forms may end, as a source of a policy */
	char login_hint[256];  /* whom the client expects; may be empty */
	char client_name[401]; /* for people */
};

/*
 * Of the request `id`, if the browser with the cookie of this hash has it. If there is
 * none, or no more, `*found` is false and all texts are empty.
 */
enum err request_origin_find(struct db *db, struct str id, struct str browser,
			     struct request_origin *origin, bool *found, struct why *why);

#endif
