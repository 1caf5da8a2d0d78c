/* What the files of this room share. */
#ifndef ACCESS_PARTS_H
#define ACCESS_PARTS_H

#include "access/access.h"

/* ACCESS_GRANTED if the token is good for this request, of whatever kind. */
enum access access_judge_token(struct app *app, const struct request *req,
			       struct str token, struct identity *who);

/* True if there is a token where a client shows one; the cookie is not looked at. */
bool access_has_token(const struct config *config, const struct request *req);

#endif
