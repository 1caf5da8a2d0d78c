/*
 * Serves the files of a private directory. It was decided before whether the visitor may
 * have a file. Here the path only says which file.
 */
#ifndef FILES_H
#define FILES_H

#include "base/buf.h"
#include "base/err.h"
#include "config/config.h"
#include "http/mime.h"
#include "http/request.h"
#include "http/response.h"
#include "serve/power.h"

extern const struct power power_files;

struct files {
	int root;
	const char *root_path; /* without a slash at its end, but for "/" itself */
	struct buf at;         /* the prefix of paths, without its last slash */
	enum config_sendfile sendfile;
	struct mime mime;
};

/* From files_root, files_at and files_sendfile. An error if they cannot be used. */
enum err files_open(struct files *f, const struct config *c, struct why *why);
void files_close(struct files *f);

/*
 * Answer a request for `path` (canonical) with the file of power_files that the path
 * names: 200, 206, 301 to the path with a slash for a directory, 304, 403 if we may
 * not read it, 404, 405, 412, 416. For a directory, its index.html is served. Always
 * completes the response, unless memory is out.
 */
void files_answer(struct app *app, const struct request *req, struct str path,
		  struct response *resp);

#endif
