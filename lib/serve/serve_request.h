/*
 * Takes one request through a program: the part of serve that knows neither FastCGI
 * nor CGI. Only serve*.c and its tests include this.
 */
#ifndef SERVE_REQUEST_H
#define SERVE_REQUEST_H

#include <sys/types.h>

#include "base/watch.h"
#include "config/config.h"
#include "serve/serve.h"

/* How a request comes in and its answer goes out. */
struct serve_io {
	char *const *variables; /* NAME=VALUE, ends in NULL */
	/* Up to `n` bytes of the body. 0 at its end, negative on failure. */
	ssize_t (*read)(void *handle, char *to, size_t n);
	/* False if the client or the server is gone. */
	bool (*write)(void *handle, struct str bytes);
	void *handle;
	/* The body may have no end: read CONTENT_LENGTH bytes and stop. */
	bool endless;
};

/* What the powers of a program have opened, in their order. */
struct opened {
	bool done[SERVE_POWERS_MAX];
	void *what[SERVE_POWERS_MAX];
};

/* A running program: everything that it has read and opened so far. */
struct serving {
	const struct program *program;
	struct app app;
	struct config config;
	char *own_config;  /* $DOORWARD_CONFIG of the process; NULL */
	char *config_name; /* the file that this process is bound to; NULL: none yet */
	struct watch config_watch; /* of that file */
	struct opened opened;
	/* Kept between requests for their memory. Empty in between. */
	struct response resp;
	struct buf head;
	struct why last_failure; /* logged already, not to be repeated */
	int64_t last_failure_ms;
};

/* `own_config` may be NULL. It is copied. False if memory is out. */
bool serving_init(struct serving *s, const struct program *program,
		  const char *own_config);

/*
 * Choose the settings file of this request, read it, and open the powers; and again
 * after the file has changed. If settings cannot be parsed, the last good ones are
 * used for a while (base/watch.h). After an error nothing may be served. The reason is
 * logged (serve_setup.c).
 */
enum err serving_prepare(struct serving *s, const struct request *req);
void serving_done(struct serving *s);

/* Read the request, let the program handle it, write the answer. */
void serving_handle(struct serving *s, struct serve_io *io);

/*
 * Read the body (serve_body.c). Returns 0, or the status to refuse with: 400 if its
 * length differs from CONTENT_LENGTH, 413 if it is too long.
 */
int serve_read_body(struct request *req, struct serve_io *io);

/*
 * Write the answer in the form of the role. `head` is working memory (serve_write.c).
 */
bool serve_write(const struct request *req, const struct response *resp, struct buf *head,
		 struct serve_io *io);

#define SERVE_HEAD_MAX (RESPONSE_HEADERS_MAX + 256)

#endif
