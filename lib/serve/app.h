/*
 * What a handler may use. Which members are set depends on the powers that the
 * program names (serve.h); a member without its power is NULL.
 */
#ifndef APP_H
#define APP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/watch.h"

struct config;
struct program;
struct guard;
struct signer;
struct db;
struct pages;
struct rules;
struct files;

struct app {
	const struct program *program;
	const struct config *config; /* NULL until it could be read */
	bool once;             /* plain CGI: this process serves one request and ends */
	bool ready;            /* every power is open */
	int64_t now;           /* of this request, seconds since 1970 */
	struct guard *guard;   /* power_verify: token/guard.h */
	struct signer *signer; /* power_sign */
	struct db *db;         /* power_database: db/db.h */
	struct pages *pages;   /* power_pages: page/page.h */
	struct rules *rules;   /* power_rules: rules/rules.h */
	struct files *files;   /* power_files: files/files.h */
	struct buf session_secret; /* power_session */
	struct watch session_watch;
};

#endif
