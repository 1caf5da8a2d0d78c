#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "crypto/secret.h"
#include "db/db_private.h"

#define ARGS_BYTES_MAX (64 * 1024)

void
db_args_init(struct db_args *a)
{
	*a = (struct db_args){ 0 };
	buf_init(&a->text, ARGS_BYTES_MAX);
}

void
db_args_done(struct db_args *a)
{
	buf_done(&a->text);
	a->n = 0;
}

static void
begin(struct db_args *a, bool null)
{
	if (a->n == DB_ARGS_MAX) {
		a->failed = ERR_LIMIT;
		a->n--;
	}
	a->arg[a->n].at = a->text.n;
	a->arg[a->n].null = null;
	a->n++;
}

static void
end(struct db_args *a)
{
	if (!buf_addc(&a->text, '\0') && a->failed == ERR_OK)
		a->failed = ERR_LIMIT;
}

static bool
is_storable(struct str s)
{
	return s.n == 0 || (memchr(s.p, '\0', s.n) == NULL && str_is_utf8(s));
}

void
db_arg_text(struct db_args *a, struct str s)
{
	begin(a, false);
	if (!is_storable(s) && a->failed == ERR_OK)
		a->failed = ERR_SYNTAX;
	buf_add(&a->text, s);
	end(a);
}

void
db_arg_null(struct db_args *a)
{
	begin(a, true);
}

void
db_arg_text_or_null(struct db_args *a, struct str s)
{
	if (s.n == 0)
		db_arg_null(a);
	else
		db_arg_text(a, s);
}

void
db_arg_label(struct db_args *a, struct str s, size_t max)
{
	if (s.n > max)
		for (s.n = max; s.n > 0 && ((unsigned char)s.p[s.n] & 0xc0) == 0x80;)
			s.n--;
	if (!str_is_utf8(s) || str_has_control(s))
		s.n = 0;
	db_arg_text_or_null(a, s);
}

void
db_arg_uuid(struct db_args *a, struct str s)
{
	if (text_is_uuid(s))
		db_arg_text(a, s);
	else
		db_arg_null(a);
}

void
db_arg_bytes(struct db_args *a, struct str bytes)
{
	if (bytes.n == 0) {
		db_arg_null(a);
		return;
	}
	begin(a, false);
	buf_addz(&a->text, "\\x");
	text_add_hex(&a->text, bytes);
	end(a);
}

void
db_arg_int(struct db_args *a, int64_t n)
{
	begin(a, false);
	buf_addf(&a->text, "%lld", (long long)n);
	end(a);
}

void
db_arg_bool(struct db_args *a, bool b)
{
	db_arg_text(a, b ? STR("t") : STR("f"));
}

void
db_arg_words(struct db_args *a, const struct str *words, size_t n)
{
	begin(a, false);
	buf_addc(&a->text, '{');
	for (size_t i = 0; i < n; i++) {
		if (!is_storable(words[i]) && a->failed == ERR_OK)
			a->failed = ERR_SYNTAX;
		buf_addz(&a->text, i == 0 ? "\"" : ",\"");
		for (size_t j = 0; j < words[i].n; j++) {
			if (words[i].p[j] == '"' || words[i].p[j] == '\\')
				buf_addc(&a->text, '\\');
			buf_addc(&a->text, words[i].p[j]);
		}
		buf_addc(&a->text, '"');
	}
	buf_addc(&a->text, '}');
	end(a);
}

void
db_arg_address(struct db_args *a, struct str s)
{
	char text[INET6_ADDRSTRLEN], clean[INET6_ADDRSTRLEN];
	struct in6_addr six;
	struct in_addr four;
	struct str zone = s, address = str_cut(&zone, '%');

	if (address.n == 0 || address.n >= sizeof(text)) {
		db_arg_null(a);
		return;
	}
	memcpy(text, address.p, address.n);
	text[address.n] = '\0';
	if (inet_pton(AF_INET, text, &four) == 1) {
		inet_ntop(AF_INET, &four, clean, sizeof(clean));
	} else if (inet_pton(AF_INET6, text, &six) != 1) {
		db_arg_null(a);
		return;
	} else if (IN6_IS_ADDR_V4MAPPED(&six)) {
		inet_ntop(AF_INET, six.s6_addr + 12, clean, sizeof(clean));
	} else {
		inet_ntop(AF_INET6, &six, clean, sizeof(clean));
	}
	db_arg_text(a, str_of(clean));
}

size_t
db_count(const struct db_rows *rows)
{
	return (size_t)PQntuples(rows->result);
}

bool
db_is_null(const struct db_rows *rows, size_t row, int column)
{
	return PQgetisnull(rows->result, (int)row, column) != 0;
}

struct str
db_str(const struct db_rows *rows, size_t row, int column)
{
	if (db_is_null(rows, row, column))
		return (struct str){ "", 0 };
	return (struct str){ PQgetvalue(rows->result, (int)row, column),
			     (size_t)PQgetlength(rows->result, (int)row, column) };
}

int64_t
db_int(const struct db_rows *rows, size_t row, int column)
{
	int64_t n = 0;

	return str_to_int(db_str(rows, row, column), INT64_MIN, INT64_MAX, &n) ? n : 0;
}

bool
db_bool(const struct db_rows *rows, size_t row, int column)
{
	return str_is(db_str(rows, row, column), "t");
}

bool
db_copy(const struct db_rows *rows, size_t row, int column, char *to, size_t size)
{
	struct str s = db_str(rows, row, column);

	to[0] = '\0';
	if (s.n >= size)
		return false;
	memcpy(to, s.p, s.n);
	to[s.n] = '\0';
	return true;
}

/* Rows may hold password hashes. */
void
db_rows_free(struct db_rows *rows)
{
	if (rows == NULL)
		return;
	for (int i = 0; i < PQntuples(rows->result); i++)
		for (int j = 0; j < PQnfields(rows->result); j++)
			secret_wipe(PQgetvalue(rows->result, i, j),
				    (size_t)PQgetlength(rows->result, i, j));
	PQclear(rows->result);
	free(rows);
}
