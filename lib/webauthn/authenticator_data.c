#include "webauthn/authenticator_data.h"

#include "crypto/hash.h"
#include "webauthn/cbor.h"

#define HEAD (SHA256_SIZE + 1 + 4) /* hash of the RP id, flags, counter */
#define ATTESTED_HEAD (16 + 2)     /* AAGUID, length of the credential id */

enum { /* 6.1: the bits of flags; the others are reserved and say nothing */
       UP = 0x01,
       UV = 0x04,
       BE = 0x08,
       BS = 0x10,
       AT = 0x40,
       ED = 0x80
};

static uint32_t
number_at(struct str bytes, size_t at, size_t size)
{
	uint32_t n = 0;

	for (size_t i = 0; i < size; i++)
		n = n << 8 | (unsigned char)bytes.p[at + i];
	return n;
}

/* 6.5.2: AAGUID, credential id, key. The AAGUID is not looked at: nothing proves it. */
static enum err
read_attested(struct str *rest, struct authenticator_data *d, struct why *why)
{
	struct str start;
	struct cbor key;
	size_t n;
	enum err e;

	if (rest->n < ATTESTED_HEAD)
		return why_set(why, ERR_SYNTAX, "authenticator data: it ends too early");
	n = number_at(*rest, ATTESTED_HEAD - 2, 2);
	*rest = str_sub(*rest, ATTESTED_HEAD, rest->n);
	if (n == 0 || n > WEBAUTHN_ID_MAX)
		return why_set(why, ERR_LIMIT,
			       "authenticator data: a credential id has 1 to %d bytes",
			       WEBAUTHN_ID_MAX);
	if (rest->n < n)
		return why_set(why, ERR_SYNTAX, "authenticator data: it ends too early");
	d->credential_id = str_sub(*rest, 0, n);
	start = *rest = str_sub(*rest, n, rest->n);
	if ((e = cbor_cut(rest, CBOR_CANONICAL_ORDER, &key, why)) != ERR_OK)
		return e;
	d->key = str_sub(start, 0, start.n - rest->n);
	return ERR_OK;
}

static enum err
read_extensions(struct str *rest, struct why *why)
{
	struct cbor extensions;
	enum err e = cbor_cut(rest, CBOR_ANY_ORDER, &extensions, why);

	if (e == ERR_OK && extensions.kind != CBOR_MAP)
		e = why_set(why, ERR_SYNTAX,
			    "authenticator data: the extensions are not a map");
	return e;
}

enum err
authenticator_data_read(struct str bytes, struct authenticator_data *d, struct why *why)
{
	struct str rest = str_sub(bytes, HEAD, bytes.n);
	unsigned bits;
	enum err e;

	*d = (struct authenticator_data){ 0 };
	if (bytes.n < HEAD)
		return why_set(why, ERR_SYNTAX, "authenticator data: it ends too early");
	d->rp_id_hash = str_sub(bytes, 0, SHA256_SIZE);
	d->counter = number_at(bytes, SHA256_SIZE + 1, 4);
	bits = (unsigned char)bytes.p[SHA256_SIZE];
	d->flags = (struct webauthn_flags){ .up = (bits & UP) != 0,
					    .uv = (bits & UV) != 0,
					    .be = (bits & BE) != 0,
					    .bs = (bits & BS) != 0 };
	d->attested = (bits & AT) != 0;
	if (d->attested && (e = read_attested(&rest, d, why)) != ERR_OK)
		return e;
	if ((bits & ED) != 0 && (e = read_extensions(&rest, why)) != ERR_OK)
		return e;
	if (rest.n != 0)
		return why_set(why, ERR_SYNTAX,
			       "authenticator data: it is longer than its flags say");
	return ERR_OK;
}

enum err
authenticator_data_check(const struct authenticator_data *d,
			 const struct webauthn_policy *policy, struct why *why)
{
	unsigned char hash[SHA256_SIZE];
	enum err e = sha256(policy->rp_id, hash);

	if (e != ERR_OK)
		return why_set(why, e, "the hash of the RP id cannot be computed");
	if (!str_eq(d->rp_id_hash, (struct str){ (char *)hash, sizeof(hash) }))
		return why_set(why, ERR_PERMISSION,
			       "authenticator data: made for another RP id");
	if (!d->flags.up)
		return why_set(why, ERR_PERMISSION,
			       "authenticator data: nobody was present (UP is not set)");
	if (policy->user_verification && !d->flags.uv)
		return why_set(why, ERR_PERMISSION,
			       "authenticator data: the user was not verified (UV is "
			       "not set)");
	if (d->flags.bs && !d->flags.be)
		return why_set(why, ERR_PERMISSION,
			       "authenticator data: backed up, but not eligible for it "
			       "(BS without BE)");
	return ERR_OK;
}
