/* A form or a query: each field, encoded again, decodes to itself. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/text.h"
#include "http/form.h"
#include "http/media.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_field(const struct form_field *field, size_t size)
{
	struct buf text;
	struct form again;
	struct str value;

	buf_init(&text, 3 * size + 10);
	buf_addz(&text, "v=");
	if (!text_add_percent(&text, field->value, "/") || !str_is_utf8(field->name))
		abort();
	if (form_parse(&again, buf_str(&text)) != ERR_OK ||
	    form_find(&again, "v", &value) != FORM_ONE || !str_eq(value, field->value))
		abort();
	form_done(&again);
	buf_done(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = { (const char *)data, size };
	struct form form;

	if (form_parse(&form, text) != ERR_OK && form.n != 0)
		abort();
	for (size_t i = 0; i < form.n; i++)
		check_field(&form.fields[i], size);
	form_done(&form);
	media_is(text, "application/json");
	return 0;
}
