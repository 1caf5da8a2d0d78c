#include "serve/serve_request.h"

#include "base/log.h"
#include "http/cors.h"

/* The answers to a bad request line, header or body. */
static void
refuse_input(struct app *app, const struct request *req, struct response *resp,
	     int status)
{
	switch (status) {
	case 413:
		serve_error(app, req, resp, 413, "too_large", "the body is too large");
		break;
	case 431:
		serve_error(app, req, resp, 431, "too_large",
			    "the request has too many header fields");
		break;
	default:
		serve_error(app, req, resp, 400, "invalid_request",
			    "the request is malformed");
	}
}

/* The status to refuse with. 0: go on. */
static int
read_request(struct request *req, struct serve_io *io)
{
	switch (request_init(req, io->variables)) {
	case ERR_OK:
		break;
	case ERR_LIMIT:
		return 431;
	default:
		return 400;
	}
	return req->role == ROLE_AUTHORIZER ? 0 : serve_read_body(req, io);
}

/* True if it was a preflight, which is now answered. */
static bool
apply_cors(struct app *app, const struct request *req, struct response *resp)
{
	const struct program *program = app->program;
	struct cors cors = { .methods = program->cors };
	struct buf methods;
	bool answered;

	if (app->config->cors_origins.n == 0 && !request_is(req, "OPTIONS"))
		return false;
	buf_init(&methods, 64);
	if (program->routes != NULL && route_cors(program->routes, req, &methods))
		cors.methods = buf_z(&methods);
	if (cors.methods == NULL || req->role == ROLE_AUTHORIZER) {
		buf_done(&methods);
		return false;
	}
	cors.origins = app->config->cors_origins.items;
	cors.n_origins = app->config->cors_origins.n;
	cors.credentials = app->config->cors_credentials;
	cors.header = app->config->token_header;
	answered = cors_apply(&cors, req, resp);
	buf_done(&methods);
	return answered;
}

static void
handle(struct app *app, const struct request *req, struct response *resp)
{
	const struct program *program = app->program;

	if (program->before != NULL && program->before(app, req, resp))
		return;
	if (program->routes != NULL)
		route_answer(program->routes, app, req, resp);
	else
		program->handle(app, req, resp);
}

static void
answer(struct serving *s, struct request *req, struct response *resp, int refused)
{
	struct app *app = &s->app;
	bool prepared = serving_prepare(s, req) == ERR_OK;

	if (req->role == ROLE_AUTHORIZER && !s->program->authorizes) {
		LOG(LOG_ERROR, "not_an_authorizer");
		response_error(resp, 403, "forbidden", "this program lets nobody in");
		return;
	}
	if (prepared && apply_cors(app, req, resp) && refused == 0)
		return;
	if (refused != 0)
		refuse_input(app, req, resp, refused);
	else if (!prepared)
		serve_error(app, req, resp, 503, "temporarily_unavailable",
			    "the service is not available at the moment");
	else
		handle(app, req, resp);
}

/* No answer, or half an answer, must never count as consent. */
static void
refuse_silence(struct app *app, struct request *req, struct response *resp)
{
	bool granted = req->role == ROLE_AUTHORIZER && resp->status < 300;

	if (resp->complete && !resp->failed && !(granted && resp->status != 200))
		return;
	LOG(LOG_ERROR, "no_answer", { "path", request_target_path(req) });
	response_reset(resp);
	serve_error(app, req, resp, 500, "server_error", "the program gave no answer");
	if (resp->complete && !resp->failed)
		return;
	response_reset(resp);
	response_error(resp, 500, "server_error", "the program gave no answer");
}

void
serving_handle(struct serving *s, struct serve_io *io)
{
	struct request req;
	int refused = read_request(&req, io);

	answer(s, &req, &s->resp, refused);
	refuse_silence(&s->app, &req, &s->resp);
	if (!serve_write(&req, &s->resp, &s->head, io))
		LOG(LOG_WARN, "answer_not_taken", { "path", request_target_path(&req) });
	response_reset(&s->resp);
	request_done(&req);
}
