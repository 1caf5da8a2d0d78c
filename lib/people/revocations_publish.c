#include "people/revocations_publish.h"

#include <stdlib.h>

#include "revocation/revocations_write.h"
#include "store/sessions.h"

/* What the database said. The sids stay the rows'. */
static enum err
news_of_rows(const struct db_rows *rows, struct revocations_news *news)
{
	size_t n = db_count(rows);

	news->list.items = malloc((n + 1) * sizeof(*news->list.items));
	if (news->list.items == NULL)
		return ERR_MEMORY;
	for (size_t i = 0; i < n; i++) {
		int64_t listed = db_int(rows, i, 2);

		news->list.items[news->list.n++] =
			(struct revocation){ db_str(rows, i, 0), db_int(rows, i, 1) };
		if (listed > news->listed)
			news->listed = listed;
	}
	return ERR_OK;
}

static enum err
ask_and_write(struct db *db, const char *path, int64_t since, bool renew, struct why *why)
{
	struct revocations_news news = { .since = since, .renew = renew };
	struct db_rows *rows = NULL;
	enum err e = sessions_revoked_since(db, since, &rows, why);

	if (e == ERR_OK && (e = news_of_rows(rows, &news)) != ERR_OK)
		why_set(why, e, "%s: no memory for what is revoked", path);
	if (e == ERR_OK)
		e = revocations_write(path, &news, why);
	free(news.list.items);
	db_rows_free(rows);
	return e;
}

static enum err
ask_for_new(struct db *db, const char *path, bool renew, struct why *why)
{
	int64_t since = revocations_listed(path);
	enum err e = ask_and_write(db, path, since, renew, why);

	/* a file was lost or damaged meanwhile */
	return e == ERR_NOT_FOUND && since > 0 ? ask_and_write(db, path, 0, renew, why)
					       : e;
}

enum err
revocations_publish(struct db *db, const char *path, struct why *why)
{
	return ask_for_new(db, path, false, why);
}

enum err
revocations_renew(struct db *db, const char *path, struct why *why)
{
	return ask_for_new(db, path, true, why);
}

enum err
revocations_renew_all(struct db *db, const char *path, struct why *why)
{
	return ask_and_write(db, path, 0, true, why);
}
