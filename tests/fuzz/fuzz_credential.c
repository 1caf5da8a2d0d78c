/*
 * All the places of a token at once, a line each: Authorization, Cookie, an
 * alternative header, Accept, Origin, the query, and the body. And what the same request
 * would prove of a client.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "access/origin.h"
#include "http/accept.h"
#include "http/credential.h"
#include "oauth/token/client_proof.h"

#define LINES 6
#define LINE_MAX 1024

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[LINES] = {
	"HTTP_AUTHORIZATION", "HTTP_COOKIE", "HTTP_X_TOKEN",
	"HTTP_ACCEPT",        "HTTP_ORIGIN", "QUERY_STRING",
};

static void
check(const struct request *r)
{
	static const struct credential_places places = {
		.cookie = { .name = "doorward", .path = "/" },
		.header = "HTTP_X_TOKEN",
		.form = true,
		.query = true,
	};
	const struct str site = STR("https://site.example");
	struct credential c;
	struct str rest;
	enum credential_found found = credential_find(&c, r, &places);

	if (found == CREDENTIAL_ONE ? !credential_is_b64token(c.token) : c.token.n != 0)
		abort();
	credential_done(&c);
	if (accept_navigation(r) && !accept_html(r))
		abort();
	if (origin_judge(r, site, NULL, 0) == ORIGIN_OWN &&
	    !origin_holds(site, request_env(r, "HTTP_ORIGIN"), &rest))
		abort();
}

/* Whoever shows something has a name and a method; a secret goes with its method only. */
static void
check_client(const struct request *r)
{
	struct client_proof p;
	struct form form;
	enum client_shown shown;

	if (form_parse(&form, buf_str(&r->body)) != ERR_OK)
		return;
	if (client_proof_read(r, &form, &p, &shown) != ERR_OK)
		abort();
	if (shown == CLIENT_SHOWN &&
	    (p.proof.client.n == 0 || !str_is_utf8(p.proof.client) ||
	     (str_is(p.proof.method, "none") && p.proof.secret.n > 0)))
		abort();
	if (shown != CLIENT_SHOWN && p.proof.secret.n > 0)
		abort();
	client_proof_done(&p);
	form_done(&form);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char type[] = "CONTENT_TYPE=application/x-www-form-urlencoded";
	static char method[] = "REQUEST_METHOD=POST";
	char lines[LINES][LINE_MAX];
	char *variables[LINES + 3] = { method, type };
	struct str rest = { (const char *)data, size };
	struct request r;

	for (size_t i = 0; i < LINES; i++) {
		struct str line = str_cut(&rest, '\n');

		snprintf(lines[i], LINE_MAX, "%s=%.*s", names[i],
			 (int)str_sub(line, 0, LINE_MAX).n, line.n == 0 ? "" : line.p);
		variables[i + 2] = lines[i];
	}
	if (request_init(&r, variables) != ERR_OK)
		abort();
	buf_add(&r.body, rest);
	check(&r);
	check_client(&r);
	request_done(&r);
	return 0;
}
