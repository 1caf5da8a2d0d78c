/*
 * One request through a program, whatever brought it: the part of serve that
 * knows neither FastCGI nor CGI. Only serve*.c and its tests include this.
 */
#ifndef SERVE_REQUEST_H
#define SERVE_REQUEST_H

#include <sys/types.h>

#include "base/watch.h"
#include "config/config.h"
#include "serve/serve.h"

/* What carries one request in and its answer out. */
struct serve_io {
	char *const *variables; /* NAME=VALUE, ends in NULL */
	/* Up to `n` bytes of the body; 0 at its end, negative on failure. */
	ssize_t (*read)(void *handle, char *to, size_t n);
	/* False when the client or the server is gone. */
	bool (*write)(void *handle, struct str bytes);
	void *handle;
	/* The body may have no end of its own: read CONTENT_LENGTH and stop. */
	bool endless;
};

/* What the powers of a program have opened, in their order. */
struct opened {
	bool done[SERVE_POWERS_MAX];
	void *what[SERVE_POWERS_MAX];
};

/* A program at work: what it has read and opened so far. */
struct serving {
	const struct program *program;
	struct app app;
	struct config config;
	char *own_config;  /* $DOORWARD_CONFIG of the process; NULL */
	char *config_name; /* the file that this process is bound to; NULL: none yet */
	struct watch config_watch; /* of that file */
	struct opened opened;
	/* Kept from one request to the next for their memory; empty in between. */
	struct response resp;
	struct buf head;
	struct why last_failure; /* logged already, not to be repeated */
	int64_t last_failure_ms;
};

/* `own_config` may be NULL; it is copied. False when memory is out. */
bool serving_init(struct serving *s, const struct program *program,
		  const char *own_config);

/*
 * Bind to the settings file of this request, read it, open the powers; all that
 * again when the file has changed. Settings that cannot be parsed leave the last
 * good ones in use for a while (base/watch.h). On an error nothing may be served;
 * the reason is in the log (serve_setup.c).
 */
enum err serving_prepare(struct serving *s, const struct request *req);
void serving_done(struct serving *s);

/* Read the request, let the program handle it, write the answer. */
void serving_handle(struct serving *s, struct serve_io *io);

/*
 * Read the body (serve_body.c). Returns 0, or the status to refuse with: 400
 * when it is not as long as CONTENT_LENGTH says, 413 when it is too long.
 */
int serve_read_body(struct request *req, struct serve_io *io);

/* Write the answer in the form of the role; `head` is room (serve_write.c). */
bool serve_write(const struct request *req, const struct response *resp, struct buf *head,
		 struct serve_io *io);

#define SERVE_HEAD_MAX (RESPONSE_HEADERS_MAX + 256)

#endif
