/*
 * A program, a client and a settings file to try serve with.
 */
#ifndef SERVED_H
#define SERVED_H

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "serve/serve_request.h"

#define SETTINGS "public_url = https://site.example\n"
#define WITH_CORS SETTINGS "cors_origins = https://app.example\n"
#define GET "REQUEST_METHOD=GET"
#define POST "REQUEST_METHOD=POST"
#define AUTHORIZER "FCGI_ROLE=AUTHORIZER"

static int calls;
static struct str seen_body;
static char seen_bytes[REQUEST_BODY_MAX + 1];

static inline void
answers(struct app *app, const struct request *req, struct response *resp)
{
	(void)app;
	calls++;
	memcpy(seen_bytes, buf_z(&req->body), req->body.n);
	seen_body = (struct str){ seen_bytes, req->body.n };
	response_header(resp, "Variable-REMOTE_USER", STR("ann"));
	response_header(resp, "X-Other", STR("1"));
	response_json(resp, 200, STR("{\"a\":1}"));
}

static inline void
says_nothing(struct app *app, const struct request *req, struct response *resp)
{
	(void)app;
	(void)req;
	(void)resp;
	calls++;
}

static inline void
says_half(struct app *app, const struct request *req, struct response *resp)
{
	says_nothing(app, req, resp);
	resp->status = 200;
	response_header(resp, "Variable-REMOTE_USER", STR("ann"));
	response_body(resp, STR("half"));
}

static inline void
breaks_a_header(struct app *app, const struct request *req, struct response *resp)
{
	says_nothing(app, req, resp);
	response_header(resp, "Variable-REMOTE_USER", STR("ann\nVariable-ROLE: admin"));
	response_empty(resp, 200);
}

static inline void
answers_204(struct app *app, const struct request *req, struct response *resp)
{
	says_nothing(app, req, resp);
	response_empty(resp, 204);
}

static inline void
in_html(struct app *app, const struct request *req, struct response *resp, int status,
	const char *code, const char *description)
{
	(void)app;
	(void)req;
	(void)code;
	(void)description;
	response_send(resp, status, "text/html; charset=utf-8", STR("<p>no"));
}

static enum err power_result;
static int power_closed;

static inline enum err
power_try(const struct app *app, void **opened, struct why *why)
{
	(void)app;
	*opened = &power_result;
	return power_result == ERR_OK ? ERR_OK
				      : why_set(why, power_result, "it is broken");
}

static inline enum err
power_again(const struct app *app, void *opened, struct why *why)
{
	return power_try(app, &opened, why);
}

static inline void
power_end(void *opened)
{
	assert_ptr_equal(opened, &power_result);
	power_closed++;
}

static const struct power fickle = { "fickle", power_try, power_again, power_end };

static const struct program usual = { .name = "test", .handle = answers };
static const struct program gate = { .name = "test",
				     .handle = answers,
				     .authorizes = true };

struct client {
	struct serve_io io;
	struct str body;
	struct buf out;
	size_t read; /* bytes that were asked for */
	bool gone;   /* takes no answer */
};

static inline ssize_t
client_read(void *handle, char *to, size_t n)
{
	struct client *c = handle;
	struct str part = str_sub(c->body, 0, n < 1000 ? n : 1000);

	memcpy(to, part.p, part.n);
	c->body = str_sub(c->body, part.n, c->body.n);
	c->read += part.n;
	return (ssize_t)part.n;
}

static inline bool
client_write(void *handle, struct str bytes)
{
	struct client *c = handle;

	return !c->gone && buf_add(&c->out, bytes);
}

static char directory[64], settings[128], named[160];

static inline void
write_settings(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static inline int
make_directory(void **state)
{
	(void)state;
	strcpy(directory, "/tmp/doorward-serve-XXXXXX");
	assert_non_null(mkdtemp(directory));
	snprintf(settings, sizeof(settings), "%s/doorward.conf", directory);
	snprintf(named, sizeof(named), "DOORWARD_CONFIG=%s", settings);
	write_settings(settings, SETTINGS);
	calls = 0;
	power_result = ERR_OK;
	power_closed = 0;
	return 0;
}

static inline int
remove_directory(void **state)
{
	(void)state;
	unlink(settings);
	return rmdir(directory);
}

static inline void
send_to(struct serving *s, struct client *c, char **variables, struct str body)
{
	c->io = (struct serve_io){ variables, client_read, client_write, c, false };
	c->body = body;
	buf_init(&c->out, RESPONSE_BODY_MAX);
	serving_handle(s, &c->io);
}

static inline int
status_of(const struct client *c)
{
	int status = 0;

	assert_int_equal(sscanf(buf_z(&c->out), "Status: %d ", &status), 1);
	return status;
}

/* One request to a fresh process; the status. */
static inline int
once(const struct program *p, char **variables, struct str body, struct buf *out)
{
	struct serving s;
	struct client c = { 0 };
	int status;

	assert_true(serving_init(&s, p, settings));
	send_to(&s, &c, variables, body);
	status = status_of(&c);
	if (out != NULL)
		*out = c.out;
	else
		buf_done(&c.out);
	serving_done(&s);
	return status;
}

static inline bool
says(const struct buf *out, const char *text)
{
	return strstr(buf_z(out), text) != NULL;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_directory, remove_directory)

#endif
