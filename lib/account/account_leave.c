/*
 * GET /account/data: everything that is stored about the person, as a file to keep.
 * And GET /account/gone, the page after the account was deleted.
 */
#include "account/account.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "access/urls.h"
#include "base/log.h"
#include "page/page_power.h"
#include "serve/power_database.h"

#define DATA_MAX ((size_t)256 * 1024 * 1024)

/* A file without a name that holds the bytes. -1 if it could not be made. */
static int
file_of(struct str bytes, struct why *why)
{
	int file = memfd_create("data", MFD_CLOEXEC);
	ssize_t n = 0;

	while (file >= 0 && bytes.n > 0 &&
	       ((n = write(file, bytes.p, bytes.n)) > 0 || errno == EINTR))
		if (n > 0)
			bytes = str_sub(bytes, (size_t)n, bytes.n);
	if (file >= 0 && bytes.n == 0)
		return file;
	why_set(why, ERR_IO, "a file in memory: %s", strerror(errno));
	if (file >= 0)
		close(file);
	return -1;
}

static enum err
send_data(struct response *res, struct str json, struct why *why)
{
	int file = file_of(json, why);

	if (file < 0)
		return ERR_IO;
	response_headerz(res, "Content-Disposition",
			 "attachment; filename=\"my-data.json\"");
	response_headerz(res, "Cache-Control", "no-store");
	response_file(res, 200, "application/json; charset=utf-8", file, 0,
		      (int64_t)json.n);
	return ERR_OK;
}

void
account_data(struct app *app, const struct request *req, struct response *res,
	     const struct visit *v)
{
	const struct profiles_who who = account_who(app, req, v);
	struct why why = { "" };
	bool done = false;
	struct buf json;
	enum err e;

	if (!account_is_fresh_for(app, res, v, STR(URL_ACCOUNT "?again=data")))
		return;
	buf_init(&json, DATA_MAX);
	e = profiles_data(app_db(app), &who, &json, &done, &why);
	if (e == ERR_OK && done)
		e = send_data(res, buf_str(&json), &why);
	if (e != ERR_OK)
		account_unavailable(app, req, res, e, &why);
	else if (!done)
		account_over(app, req, res);
	else
		LOG(LOG_INFO, "data_taken", { "user", v->who.name },
		    { "address", who.address });
	buf_done(&json);
}

void
account_gone(struct app *app, const struct request *req, struct response *res,
	     const struct visit *v)
{
	struct page page;

	(void)v;
	app_page(app, req, "gone", &page);
	page_send(&page, 200, res);
}
