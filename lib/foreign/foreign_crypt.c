#include <crypt.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/secret.h"
#include "foreign/foreign.h"

enum err
foreign_crypt(struct str hash, struct str password, bool *match)
{
	struct crypt_data *data = calloc(1, sizeof(*data));
	char *setting = str_dup(hash), *phrase = str_dup(password);
	enum err e = ERR_MEMORY;
	const char *computed;

	*match = false;
	if (data == NULL || setting == NULL || phrase == NULL)
		goto out;
	e = ERR_CRYPTO;
	/* of libxcrypt; unlike crypt_r it fails with NULL and nothing else */
	computed = crypt_rn(phrase, setting, data, sizeof(*data));
	if (computed == NULL)
		goto out;
	e = ERR_OK;
	*match = secret_equal(str_of(computed), hash);
out:
	if (data != NULL)
		secret_wipe(data, sizeof(*data));
	if (phrase != NULL)
		secret_wipe(phrase, password.n);
	free(data);
	free(setting);
	free(phrase);
	return e;
}
