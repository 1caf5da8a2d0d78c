#include "page/language_cookie.h"

#include "config/config.h"

#define LIFE (400 * 86400) /* seconds; browsers keep no cookie for longer */

struct cookie
language_cookie(bool plain_http)
{
	return (struct cookie){ .name = "doorward-language",
				.path = "/",
				.plain_http = plain_http };
}

void
language_cookie_give(const struct config *config, const struct request *req,
		     struct response *res, struct str tag)
{
	struct cookie c = language_cookie(config->plain_http);

	if (tag.n > 0)
		cookie_put(res, &c, tag, LIFE);
	else if (cookie_get(req, &c).n > 0)
		cookie_drop(res, &c);
}
