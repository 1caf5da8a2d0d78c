/*
 * What a site gives the pages of its own look by settings: logo and accent. The
 * login program serves what they come to, under addresses that change with it.
 */
#ifndef LOOK_H
#define LOOK_H

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define LOOK_FILE_MAX (64 * 1024) /* bytes of each, as it is read */
#define LOOK_URL_SIZE 64          /* "/login/doorward-HASH.css" */

struct config;

/* A file of share/: compiled in, or of share_dir, then without a version. */
struct look_source {
	struct str bytes;
	const char *version; /* changes with the bytes; NULL: it is not known */
};

struct look_file {
	char url[LOOK_URL_SIZE]; /* empty: there is none */
	const char *type;        /* "text/css; charset=utf-8" */
	struct str bytes;        /* of share/, or of `made` */
	struct buf made;         /* by the settings */
};

struct look {
	struct look_file stylesheet, icon, script, logo;
	struct why logo_wrong; /* why there is none although the setting names one */
};

/*
 * Stylesheet and icon in the colour of accent, the script as it is (NULL: there is
 * none), and the logo. A logo that cannot be used
 * is left out. Borrows from the sources; look_close after success and after failure.
 */
enum err look_open(struct look *look, const struct config *config,
		   const struct look_source *stylesheet, const struct look_source *icon,
		   const struct look_source *script);
void look_close(struct look *look);

/* The file whose address is `url`; NULL when there is none. */
const struct look_file *look_find(const struct look *look, struct str url);

#endif
