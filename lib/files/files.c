#include "files/files.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/path.h"
#include "base/text.h"
#include "files/open_beneath.h"
#include "http/conditional.h"
#include "http/date.h"
#include "serve/serve.h"

#define INDEX "index.html"

/* Where a server that knows X-Accel-Redirect has its internal location. */
#define ACCEL_PREFIX "/doorward-files"

enum err
files_open(struct files *f, const struct config *c, struct why *why)
{
	const char *reason;

	*f = (struct files){ .root = -1, .root_path = c->files_root };
	buf_init(&f->at, PATH_MAX_BYTES);
	f->sendfile = (enum config_sendfile)c->files_sendfile;
	if (c->files_root == NULL)
		return why_set(why, ERR_NOT_FOUND, "files_root is not set");
	if (!path_canonical(str_of(c->files_at), &f->at, &reason))
		return why_set(why, ERR_SYNTAX, "files_at is no path to be served: %s",
			       reason);
	if (str_ends_with(buf_str(&f->at), STR("/")))
		f->at.n--;
	mime_open(&f->mime, MIME_SYSTEM_TABLE);
	return open_beneath_root(c->files_root, &f->root, why);
}

void
files_close(struct files *f)
{
	if (f == NULL)
		return;
	if (f->root >= 0)
		close(f->root);
	f->root = -1;
	buf_done(&f->at);
	mime_close(&f->mime);
}

static void
refuse(struct app *app, const struct request *req, struct response *resp, enum err e)
{
	if (e == ERR_NOT_FOUND)
		serve_error(app, req, resp, 404, "not_found", "there is no such file");
	else if (e == ERR_PERMISSION)
		serve_error(app, req, resp, 403, "forbidden", "the file is not readable");
	else
		serve_error(app, req, resp, 503, "temporarily_unavailable",
			    "the file cannot be read");
}

/*
 * Redirect to the directory's address with its slash, so that relative links in its
 * page work.
 */
static void
add_slash(const struct request *req, struct str path, struct response *resp)
{
	struct buf location;

	buf_init(&location, 4 * PATH_MAX_BYTES);
	text_add_percent(&location, path, "/");
	buf_addc(&location, '/');
	if (path_query(req->uri).n > 0) {
		buf_addc(&location, '?');
		buf_add(&location, path_query(req->uri));
	}
	if (!location.failed && response_header(resp, "Location", buf_str(&location)))
		response_empty(resp, 301);
	buf_done(&location);
}

/* The rest of `path` below files_at: "" or with its slash. False if it is not below. */
static bool
is_beneath(const struct files *f, struct str path, struct str *rest)
{
	if (!str_starts_with(path, buf_str(&f->at)))
		return false;
	*rest = str_sub(path, f->at.n, path.n);
	return rest->n == 0 || rest->p[0] == '/';
}

static bool
hand_over(const struct files *f, struct str rest, struct response *resp)
{
	static const char *const header[] = {
		[SENDFILE_X_SENDFILE] = "X-Sendfile",
		[SENDFILE_X_LIGHTTPD] = "X-LIGHTTPD-send-file",
		[SENDFILE_X_ACCEL] = "X-Accel-Redirect",
	};
	struct buf value;
	bool ok;

	buf_init(&value, 4 * PATH_MAX_BYTES);
	if (f->sendfile == SENDFILE_X_ACCEL)
		buf_addz(&value, ACCEL_PREFIX);
	else
		text_add_percent(&value, str_of(f->root_path), "/");
	text_add_percent(&value, rest, "/"); /* all three decode it */
	ok = !value.failed && response_header(resp, header[f->sendfile], buf_str(&value));
	buf_done(&value);
	return ok;
}

static void
describe(const struct representation *of, struct response *resp)
{
	char date[DATE_SIZE];

	date_write(of->last_modified, date);
	response_header(resp, "ETag", of->etag);
	response_headerz(resp, "Last-Modified", date);
	response_headerz(resp, "Accept-Ranges", "bytes");
}

/*
 * Our own policies are for our own pages. A file belongs to the site, but no cache may
 * keep it.
 */
static void
set_headers(struct response *resp)
{
	response_header_remove(resp, "Content-Security-Policy");
	response_header_remove(resp, "X-Frame-Options");
	response_header_remove(resp, "Cross-Origin-Opener-Policy");
	response_headerz(resp, "Cache-Control", "private, no-cache");
	response_header_add(resp, "Vary", STR("Cookie, Authorization"));
}

static void
set_content_range(struct response *resp, const struct conditional *c, int64_t size)
{
	char text[80];

	if (c->status == 416)
		snprintf(text, sizeof(text), "bytes */%" PRId64, size);
	else
		snprintf(text, sizeof(text), "bytes %" PRId64 "-%" PRId64 "/%" PRId64,
			 c->first, c->first + c->length - 1, size);
	response_headerz(resp, "Content-Range", text);
}

/* `fd` is taken over. `rest` is the file's path below the root. */
static void
send_file(const struct files *f, const struct request *req, struct str rest, int fd,
	  const struct stat *st, int64_t now, struct response *resp)
{
	char etag[80], type[128];
	struct representation of = { .last_modified = st->st_mtim.tv_sec,
				     .length = st->st_size };
	struct conditional c;

	snprintf(etag, sizeof(etag), "\"%jx-%jx-%jx.%lx\"", (uintmax_t)st->st_ino,
		 (uintmax_t)st->st_size, (uintmax_t)st->st_mtim.tv_sec,
		 (unsigned long)st->st_mtim.tv_nsec);
	of.etag = str_of(etag);
	snprintf(type, sizeof(type), "%.*s", STR_ARG(mime_find(&f->mime, rest)));
	c = conditional_decide(req, &of, now);
	set_headers(resp);
	if (f->sendfile != SENDFILE_OFF && hand_over(f, rest, resp)) {
		response_finish(resp, 200, type);
	} else if (c.status == 200 || c.status == 206) {
		describe(&of, resp);
		if (c.status == 206)
			set_content_range(resp, &c, of.length);
		response_file(resp, c.status, type, fd, c.first, c.length);
		return;
	} else if (c.status == 304) {
		describe(&of, resp);
		response_empty(resp, 304);
	} else if (c.status == 416) {
		set_content_range(resp, &c, of.length);
		response_error(resp, 416, "range", "the file ends before that range");
	} else {
		response_error(resp, 412, "precondition", "the file is another by now");
	}
	close(fd);
}

/* The directory's index page, or nothing: its content is not listed. */
static enum err
open_index(const struct files *f, struct buf *rest, int *fd, struct stat *st)
{
	enum err e;

	close(*fd);
	*fd = -1;
	if (!buf_addz(rest, INDEX))
		return ERR_LIMIT;
	e = open_beneath(f->root, buf_str(rest), fd, st);
	if (e == ERR_OK && !S_ISREG(st->st_mode)) {
		close(*fd);
		*fd = -1;
		e = ERR_NOT_FOUND;
	}
	return e;
}

void
files_answer(struct app *app, const struct request *req, struct str path,
	     struct response *resp)
{
	const struct files *f = app_opened(app, &power_files);
	struct str rest;
	struct buf name;
	struct stat st;
	int fd = -1;
	enum err e;

	if (!request_is_read(req)) {
		response_method_not_allowed(resp, "GET, HEAD");
		return;
	}
	if (!is_beneath(f, path, &rest)) {
		refuse(app, req, resp, ERR_NOT_FOUND);
		return;
	}
	buf_init(&name, PATH_MAX_BYTES + sizeof(INDEX));
	buf_add(&name, rest.n == 0 ? STR("/") : rest);
	e = open_beneath(f->root, buf_str(&name), &fd, &st);
	if (e == ERR_OK && S_ISDIR(st.st_mode)) {
		if (!str_ends_with(path, STR("/"))) {
			close(fd);
			add_slash(req, path, resp);
			goto out;
		}
		e = open_index(f, &name, &fd, &st);
	}
	if (e == ERR_OK)
		send_file(f, req, buf_str(&name), fd, &st, app->now, resp);
	else
		refuse(app, req, resp, e);
out:
	buf_done(&name);
}

static void
power_close(void *opened)
{
	files_close(opened);
	free(opened);
}

static enum err
power_open(const struct app *app, void **opened, struct why *why)
{
	struct files *files = calloc(1, sizeof(*files));
	enum err e;

	if (files == NULL)
		return why_set(why, ERR_MEMORY, "no memory");
	if ((e = files_open(files, app->config, why)) == ERR_OK)
		*opened = files;
	else
		power_close(files);
	return e;
}

const struct power power_files = { "files", power_open, NULL, power_close };
