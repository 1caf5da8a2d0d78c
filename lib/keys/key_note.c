#include "keys/key_note.h"

void
key_note(struct buf *done, const char *name, struct str value)
{
	if (value.n > 0)
		buf_addf(done, "%s%s=%.*s", done->n > 0 ? " " : "", name, STR_ARG(value));
}
