/* POST /admin/people/import with a file, as browsers send one. */
#include "admin/members/members.h"

#include "multipart/multipart.h"
#include "serve/serve.h"

void
members_upload_post(struct app *app, const struct request *req, struct response *res,
		    const struct visit *v)
{
	struct visit with_form = *v;
	struct form form;
	enum err e = multipart_parse(&form, req->content_type, buf_str(&req->body));

	with_form.form = &form;
	if (e == ERR_UNSUPPORTED)
		serve_error(app, req, res, 415, "unsupported_media_type",
			    "the body must be a form");
	else if (e != ERR_OK)
		serve_error(app, req, res, 400, "invalid_request",
			    "the form is malformed");
	else if (admin_form_token(app, req, res, &with_form))
		members_import_post(app, req, res, &with_form);
	form_done(&form);
}
