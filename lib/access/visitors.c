#include "access/visitors.h"

#include "access/access.h"
#include "config/config.h"

bool
visitor_anyone(struct app *app, const struct request *req, struct response *res,
	       struct visit *visit)
{
	(void)app;
	(void)req;
	(void)res;
	(void)visit;
	return true;
}

bool
visitor_signed_in(struct app *app, const struct request *req, struct response *res,
		  struct visit *visit)
{
	return access_require(app, req, res, &visit->who);
}

bool
visitor_own_page(struct app *app, const struct request *req, struct response *res,
		 struct visit *visit)
{
	enum origin said = origin_judge(req, str_of(app->config->public_url), NULL, 0);

	(void)visit;
	if (said == ORIGIN_OWN || access_form_decides(app->config, said))
		return true;
	access_refuse_origin(app, req, res, said, STR(""));
	return false;
}
