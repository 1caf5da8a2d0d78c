/* A content type and, after the first line end, a body: no field is outside of the body. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "multipart/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str body = { (const char *)data, size };
	struct str type = str_cut(&body, '\n');
	struct form form;

	if (multipart_parse(&form, type, body) != ERR_OK && form.n != 0)
		abort();
	for (size_t i = 0; i < form.n; i++) {
		const struct form_field *f = &form.fields[i];

		if (f->name.n == 0 || f->name.p < body.p ||
		    f->value.p + f->value.n > body.p + body.n || f->value.p < body.p)
			abort();
	}
	form_done(&form);
	return 0;
}
