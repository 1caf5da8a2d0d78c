/*
 * The look that a site sets for its pages: logo and accent. The login program serves
 * the resulting files, at addresses that change with their content.
 */
#ifndef LOOK_H
#define LOOK_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define LOOK_FILE_MAX (64 * 1024) /* size of each file */
#define LOOK_URL_SIZE 64          /* "/login/doorward-HASH.css" */

struct config;

/* A file of share/, compiled in or from share_dir; the latter has no version. */
struct look_source {
	struct str bytes;
	const char *version; /* changes with the bytes; NULL: unknown */
};

struct look_file {
	char url[LOOK_URL_SIZE]; /* empty: there is none */
	const char *type;        /* "text/css; charset=utf-8" */
	struct str bytes;        /* of share/, or of `made` */
	struct buf made;         /* by the settings */
};

struct look {
	struct look_file stylesheet, icon, script, logo;
	struct look_file admin; /* what the pages of admins have besides stylesheet */
	struct why logo_wrong;  /* why there is no logo although the setting names one */
};

/*
 * Prepare stylesheet and icon in the colour of accent, the second stylesheet of the
 * admin pages, the script unchanged (NULL: there is none), and the logo. A logo that
 * cannot be used is left out. Borrows from the sources. Call look_close after success
 * and after failure.
 */
enum err look_open(struct look *look, const struct config *config,
		   const struct look_source *stylesheet, const struct look_source *admin,
		   const struct look_source *icon, const struct look_source *script);
void look_close(struct look *look);

/* The file whose address is `url`; NULL when there is none. */
const struct look_file *look_find(const struct look *look, struct str url);

#endif
