/* What the pages of this room share. */
#ifndef SITE_PARTS_H
#define SITE_PARTS_H

#include "admin/admin_pages.h"
#include "admin/site/site.h"

#define SITE_NUMBER_SIZE 24

/* ---- items of lists ---- */

static inline struct template_field
text(const char *name, struct str value)
{
	return (struct template_field){ name, TEMPLATE_TEXT, .text = value };
}

static inline struct template_field
flag(const char *name, bool on)
{
	return (struct template_field){ name, TEMPLATE_FLAG, .on = on };
}

/* `key` NULL: it is not set. */
static inline struct template_field
phrase(const char *name, const char *key)
{
	return (struct template_field){ name, TEMPLATE_PHRASE, .text = str_of(key) };
}

static inline struct template_field
list(const char *name, const struct template_scope *items, size_t n)
{
	return (struct template_field){ name, TEMPLATE_LIST, .items = items,
					.n_items = n };
}

/* A number as text, in `out`. */
struct str site_number(int64_t n, char out[SITE_NUMBER_SIZE]);

/* ---- answers ---- */

/* True if the database has answered. Otherwise the request is answered. */
bool site_granted(struct app *app, const struct request *req, struct response *res,
		  enum err e, enum admin_refusal refusal, const struct why *why);

/* The sid of the admin's token. */
struct str site_sid(const struct visit *visit);

/* A field of the query or form. Empty if it is absent. */
struct str site_field(const struct visit *visit, const char *name);

/* ---- addresses ---- */

/* Append a parameter to an address, unless `value` is empty. */
void site_add_query(struct buf *url, const char *name, struct str value);

/* ---- CSV ---- */

#define SITE_CSV_MAX (900 * 1024) /* bytes; a list is cut here */
#define SITE_CSV_ROWS 5000
#define SITE_CSV_STEP 500 /* rows that one statement reads */

/* Append a row of `n` cells. */
void site_csv_row(struct buf *out, const struct str *cells, size_t n);

/* True if the list has as much as one answer may have. */
bool site_csv_is_full(const struct buf *out, size_t rows);

/* Answer with the file `name`. */
void site_csv_send(struct response *res, const char *name, const struct buf *out);

#endif
