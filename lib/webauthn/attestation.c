#include "webauthn/attestation.h"

#include "webauthn/cbor.h"
#include "webauthn/webauthn.h"

static bool
is_format(const struct cbor *item)
{
	if (item->kind != CBOR_TEXT || item->data.n == 0 ||
	    item->data.n > WEBAUTHN_FORMAT_MAX)
		return false;
	for (size_t i = 0; i < item->data.n; i++) {
		char c = item->data.p[i];

		if (c <= ' ' || c > '~' || c == '"' || c == '\\')
			return false;
	}
	return true;
}

enum err
attestation_read(struct str bytes, struct attestation *a, struct why *why)
{
	struct cbor map, format, statement, data;
	struct why cause;
	enum err e = cbor_cut(&bytes, CBOR_ANY_ORDER, &map, &cause);

	if (e != ERR_OK)
		return why_set(why, e, "attestationObject: %s", cause.text);
	if (bytes.n != 0)
		return why_set(why, ERR_SYNTAX,
			       "attestationObject: something follows the CBOR item");
	if (!cbor_get(&map, "fmt", &format) || !is_format(&format))
		return why_set(why, ERR_SYNTAX,
			       "attestationObject: fmt missing or no name of a format");
	if (!cbor_get(&map, "attStmt", &statement) ||
	    (statement.kind != CBOR_MAP && statement.kind != CBOR_ARRAY))
		return why_set(why, ERR_SYNTAX,
			       "attestationObject: attStmt missing or no map or array");
	if (!cbor_get(&map, "authData", &data) || data.kind != CBOR_BYTES)
		return why_set(why, ERR_SYNTAX,
			       "attestationObject: authData missing or no byte string");
	if (str_is(format.data, "none") &&
	    (statement.kind != CBOR_MAP || statement.n != 0))
		return why_set(why, ERR_PERMISSION,
			       "attestationObject: the format none has a statement");
	*a = (struct attestation){ .format = format.data,
				   .authenticator_data = data.data };
	return ERR_OK;
}
