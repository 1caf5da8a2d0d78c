#include "mail/mail_request.h"

#include <string.h>

#include "crypto/seal.h"
#include "crypto/secret.h"

#define PLAIN (1 + MAIL_REQUEST_TYPED) /* its length, its bytes, then zeros */
#define ABOUT_MAX 64

_Static_assert(PLAIN + SEAL_MORE <= MAIL_REQUEST_SEALED, "ceiling");

/* Bound to the row that contains it: the request and the language of the answer. */
static bool
begin(struct seal *with, struct buf *about, struct str key, const char *request,
      struct str language)
{
	buf_init(about, ABOUT_MAX);
	buf_addz(about, request);
	buf_addc(about, ' ');
	buf_add(about, language);
	*with = (struct seal){ key, STR("doorward mail request 1"), buf_str(about) };
	return !about->failed;
}

enum err
mail_request_seal(struct str mail_key, const char *request, struct str language,
		  struct str typed, struct buf *out)
{
	char plain[PLAIN] = { 0 };
	struct buf about;
	struct seal with;
	enum err e = ERR_LIMIT;

	if (typed.n == 0 || typed.n > MAIL_REQUEST_TYPED)
		return ERR_LIMIT;
	plain[0] = (char)typed.n;
	memcpy(plain + 1, typed.p, typed.n);
	if (begin(&with, &about, mail_key, request, language))
		e = seal_close(&with, (struct str){ plain, sizeof(plain) }, out);
	secret_wipe(plain, sizeof(plain));
	buf_done(&about);
	return e;
}

enum err
mail_request_unseal(struct str mail_key, const char *request, struct str language,
		    struct str sealed, struct buf *typed, bool *good)
{
	struct buf about, plain;
	struct seal with;
	enum err e = ERR_OK;
	size_t n;

	*good = false;
	buf_init(&plain, PLAIN);
	if (begin(&with, &about, mail_key, request, language) &&
	    sealed.n == PLAIN + SEAL_MORE)
		e = seal_open(&with, sealed, &plain, good);
	n = *good ? (unsigned char)plain.p[0] : 0;
	if (*good && !buf_add(typed, (struct str){ plain.p + 1, n }))
		e = ERR_LIMIT;
	buf_done(&plain);
	buf_done(&about);
	return e;
}
