/* /admin: the overview. */
#include "admin/site/site.h"

void
site_front(struct app *app, const struct request *req, struct response *res,
	   const struct visit *v)
{
	struct admin_frame frame;
	struct why why = { "" };
	enum err e;

	if ((e = admin_page(app, req, v, "admin", &frame)) == ERR_OK)
		page_send(&frame.page, 200, res);
	else
		admin_unavailable(app, req, res, e, &why);
	admin_frame_done(&frame);
}
