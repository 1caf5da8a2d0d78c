#include "http/authenticate.h"

/* Allowed in error and error_description (RFC 6750, 3): %x20-21 / %x23-5B / %x5D-7E. */
static void
add_description(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= 0x20 && s.p[i] < 0x7f && s.p[i] != '"' && s.p[i] != '\\')
			buf_addc(out, s.p[i]);
}

/* A quoted-string of RFC 9110, 5.6.4. Control bytes are left out. */
void
authenticate_quote(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			continue;
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_addc(out, '\\');
		buf_addc(out, s.p[i]);
	}
}

bool
authenticate_bearer(struct response *r, const char *realm, const char *error,
		    const char *description)
{
	struct buf value;
	bool done;

	buf_init(&value, 1024);
	buf_addz(&value, "Bearer realm=\"");
	authenticate_quote(&value, str_of(realm));
	if (error != NULL) {
		buf_addz(&value, "\", error=\"");
		add_description(&value, str_of(error));
	}
	if (error != NULL && description != NULL) {
		buf_addz(&value, "\", error_description=\"");
		add_description(&value, str_of(description));
	}
	buf_addc(&value, '"');
	r->failed = r->failed || value.failed;
	done = response_header(r, "WWW-Authenticate", buf_str(&value));
	buf_done(&value);
	return done;
}
