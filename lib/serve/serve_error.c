#include "serve/serve.h"

#include <stdio.h>

#include "http/accept.h"
#include "serve/serve_plain.h"

void
serve_error(struct app *app, const struct request *req, struct response *resp, int status,
	    const char *code, const char *description)
{
	struct str value;

	if (status == 503 && !response_header_find(resp, "Retry-After", &value))
		response_headerz(resp, "Retry-After", "5");
	if (!accept_html(req))
		response_error(resp, status, code, description);
	else if (app->ready && app->program->error != NULL)
		app->program->error(app, req, resp, status, code, description);
	else
		serve_plain_error(resp, status, description);
}

void
serve_retry_after(struct response *resp, int64_t seconds)
{
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)(seconds > 0 ? seconds : 1));
	response_headerz(resp, "Retry-After", text);
}

void
serve_unavailable(struct app *app, const struct request *req, struct response *resp,
		  enum err e)
{
	serve_retry_after(resp, e == ERR_BUSY ? 2 : 5);
	serve_error(app, req, resp, 503, "temporarily_unavailable",
		    "this is not possible at the moment; try again");
}
