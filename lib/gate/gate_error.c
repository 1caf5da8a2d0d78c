/* Answers that the server itself makes behind the gate, in our words. */
#include "gate/gate.h"

#include "http/accept.h"
#include "page/page.h"
#include "page/page_power.h"

/* A status, the member `error` of the JSON, the page's phrases, the description. */
static const struct words {
	int status;
	const char *code, *page, *text;
} known[] = {
	{ 400, "invalid_request", "invalid_request", "the request is malformed" },
	{ 403, "not_shown", "not_shown",
	  "the server does not show what is at this path" },
	{ 404, "not_found", "not_found", "there is nothing here" },
	{ 405, "method_not_allowed", "method_not_allowed",
	  "this path does not take requests of that kind" },
	{ 406, "not_acceptable", "other", "there is no such form of it" },
	{ 410, "not_found", "not_found", "there is nothing here any more" },
	{ 412, "precondition_failed", "other", "what is here is not what was expected" },
	{ 413, "too_large", "too_large", "the body is too large" },
	{ 415, "unsupported_media_type", "unsupported_media_type",
	  "the body is of a kind that is not taken" },
	{ 416, "range_not_satisfiable", "other", "it has no such part" },
	{ 431, "too_large", "too_large", "the request has too many header fields" },
	{ 500, "server_error", "server_error", "the server failed" },
	{ 501, "method_not_allowed", "method_not_allowed",
	  "the server does not know requests of that kind" },
	{ 502, "bad_gateway", "silent", "the program here gives no sensible answer" },
	{ 503, "temporarily_unavailable", "silent",
	  "what is here is not available at the moment" },
	{ 504, "gateway_timeout", "silent", "the program here does not answer" },
};

static const struct words *
find_words(int status)
{
	static const struct words refused = { 0, "refused", "other",
					      "the server refuses this" };
	static const struct words broken = { 0, "server_error", "server_error",
					     "the server failed" };

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i].status == status)
			return &known[i];
	return status < 500 ? &refused : &broken;
}

bool
gate_answers_error(struct app *app, const struct request *req, struct response *resp)
{
	int status = req->role == ROLE_RESPONDER ? gate_error_status(req) : 0;
	const struct words *words;

	if (status == 0 || status == 401)
		return false;
	words = find_words(status);
	if (status < 400) {
		response_send(resp, status, "text/plain; charset=utf-8",
			      STR("It is at the address that Location names.\n"));
		return true;
	}
	if (status == 405 || status == 501) /* what Apache's file handler takes */
		response_headerz(resp, "Allow", "GET, HEAD, POST, OPTIONS");
	if (status == 503)
		response_headerz(resp, "Retry-After", "5");
	if (accept_html(req))
		app_page_error(app, req, status, words->page, resp);
	else
		response_error(resp, status, words->code, words->text);
	return true;
}
