#include "admin/site/site_parts.h"

#include <stdio.h>

#include "http/form.h"
#include "import/csv.h"
#include "template/escape.h"

struct str
site_number(int64_t n, char out[SITE_NUMBER_SIZE])
{
	snprintf(out, SITE_NUMBER_SIZE, "%lld", (long long)n);
	return str_of(out);
}

bool
site_granted(struct app *app, const struct request *req, struct response *res, enum err e,
	     enum admin_refusal refusal, const struct why *why)
{
	if (e != ERR_OK)
		admin_unavailable(app, req, res, e, why);
	else if (refusal != ADMIN_GRANTED)
		admin_refused(app, req, res, refusal);
	return e == ERR_OK && refusal == ADMIN_GRANTED;
}

struct str
site_sid(const struct visit *visit)
{
	return visit->who.claims->sid;
}

struct str
site_field(const struct visit *visit, const char *name)
{
	struct str value;

	form_find(visit->form, name, &value);
	return str_trim(value);
}

void
site_add_query(struct buf *url, const char *name, struct str value)
{
	if (value.n == 0)
		return;
	buf_addc(url, str_index(buf_str(url), '?') < url->n ? '&' : '?');
	buf_addz(url, name);
	buf_addc(url, '=');
	escape_url(url, value);
}

void
site_csv_row(struct buf *out, const struct str *cells, size_t n)
{
	for (size_t i = 0; i < n; i++)
		csv_put(out, cells[i], i == 0);
	csv_put_end(out);
}

bool
site_csv_is_full(const struct buf *out, size_t rows)
{
	return rows >= SITE_CSV_ROWS || out->n > SITE_CSV_MAX;
}

void
site_csv_send(struct response *res, const char *name, const struct buf *out)
{
	char disposition[128];

	snprintf(disposition, sizeof(disposition), "attachment; filename=\"%s\"", name);
	response_headerz(res, "Content-Disposition", disposition);
	response_send(res, 200, "text/csv; charset=utf-8; header=present", buf_str(out));
}
