#include "http/form.h"

#include "base/text.h"

/* Append one decoded name or value. `out` has room for it. */
static enum err
decode(struct buf *out, struct str text, struct str *decoded)
{
	size_t from = out->n;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '%') {
			int byte = text_percent_value(str_sub(text, i, text.n));

			if (byte < 0)
				return ERR_SYNTAX;
			c = (char)byte;
			i += 2;
		} else if (c == '+') {
			c = ' ';
		}
		if (c == '\0')
			return ERR_SYNTAX;
		if (!buf_addc(out, c))
			return ERR_MEMORY;
	}
	*decoded = str_sub(buf_str(out), from, out->n);
	return str_is_utf8(*decoded) ? ERR_OK : ERR_SYNTAX;
}

static enum err
add_field(struct form *f, struct str piece)
{
	struct str name = str_cut(&piece, '=');
	enum err e;

	if (f->n == FORM_FIELDS_MAX)
		return ERR_LIMIT;
	if ((e = decode(&f->bytes, name, &f->fields[f->n].name)) != ERR_OK)
		return e;
	if ((e = decode(&f->bytes, piece, &f->fields[f->n].value)) != ERR_OK)
		return e;
	f->n++;
	return ERR_OK;
}

enum err
form_parse(struct form *f, struct str text)
{
	enum err e = ERR_OK;

	f->n = 0;
	buf_init(&f->bytes, text.n);
	if (text.n == 0)
		return ERR_OK;
	if (!buf_reserve(&f->bytes, text.n)) /* all the room at once, so that the bytes
					      * never move */
		return ERR_MEMORY;
	while (e == ERR_OK && text.n > 0) {
		struct str piece = str_cut(&text, '&');

		if (piece.n > 0)
			e = add_field(f, piece);
	}
	if (e != ERR_OK)
		form_done(f);
	return e;
}

void
form_done(struct form *f)
{
	if (f == NULL)
		return;
	f->n = 0;
	buf_done(&f->bytes);
}

enum form_found
form_find(const struct form *f, const char *name, struct str *value)
{
	enum form_found found = FORM_ABSENT;

	*value = (struct str){ NULL, 0 };
	for (size_t i = 0; i < f->n; i++) {
		if (!str_is(f->fields[i].name, name))
			continue;
		if (found == FORM_ONE) {
			*value = (struct str){ NULL, 0 };
			return FORM_TWICE;
		}
		found = FORM_ONE;
		*value = f->fields[i].value;
	}
	return found;
}
