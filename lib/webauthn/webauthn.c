#include "webauthn/webauthn.h"

#include <string.h>

#include "crypto/start.h"
#include "webauthn/attestation.h"
#include "webauthn/authenticator_data.h"
#include "webauthn/client_data.h"
#include "webauthn/cose_key.h"
#include "webauthn/response.h"
#include "webauthn/signature.h"
#include "json/json.h"

#define ID_ROOM (WEBAUTHN_ID_MAX + 2) /* base64url_decode reserves two bytes more */

/* Tell a verdict from an error, which the caller has to report. */
static enum err
settle(enum err e, enum webauthn_verdict *verdict)
{
	switch (e) {
	case ERR_OK:
		*verdict = WEBAUTHN_GOOD;
		return ERR_OK;
	case ERR_UNSUPPORTED:
		*verdict = WEBAUTHN_UNSUPPORTED;
		return ERR_OK;
	case ERR_SYNTAX:
	case ERR_LIMIT:
	case ERR_PERMISSION:
		return crypto_lacked_memory() ? ERR_CRYPTO : ERR_OK;
	default:
		return e;
	}
}

/* What is sent on later, as SQL for example, has no character that means something there. */
static bool
is_transport(struct str word)
{
	if (word.n == 0 || word.n > WEBAUTHN_TRANSPORT_MAX)
		return false;
	for (size_t i = 0; i < word.n; i++) {
		char c = word.p[i];

		if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-')
			return false;
	}
	return true;
}

static void
keep_transport(struct str word, struct webauthn_registration *r)
{
	if (!is_transport(word) || r->n_transports == WEBAUTHN_TRANSPORTS_MAX)
		return;
	memcpy(r->transports[r->n_transports++], word.p, word.n); /* the rest is zero */
}

static enum err
take_transports(const struct json_t *inner, struct webauthn_registration *r,
		struct why *why)
{
	const struct json_t *list = NULL;
	struct str word;

	if (json_get_array(inner, "transports", &list) == JSON_WRONG)
		return why_set(why, ERR_SYNTAX, "transports is no array");
	for (size_t i = 0; i < json_count(list); i++) {
		if (!json_text(json_item(list, i), &word))
			return why_set(why, ERR_SYNTAX,
				       "transports holds something that is no string");
		keep_transport(word, r);
	}
	return ERR_OK;
}

/* 7.1, from step 13 on: what the authenticator has made. */
static enum err
check_attestation(const struct webauthn_policy *policy, struct str bytes,
		  struct webauthn_registration *r, struct why *why)
{
	struct authenticator_data d;
	struct attestation a;
	enum err e;

	if ((e = attestation_read(bytes, &a, why)) != ERR_OK ||
	    (e = authenticator_data_read(a.authenticator_data, &d, why)) != ERR_OK ||
	    (e = authenticator_data_check(&d, policy, why)) != ERR_OK)
		return e;
	if (!d.attested)
		return why_set(why, ERR_SYNTAX,
			       "authenticator data: no credential (AT is not set)");
	if (!str_eq(d.credential_id, buf_str(&r->credential_id)))
		return why_set(why, ERR_PERMISSION, "id differs from the attested one");
	r->counter = d.counter;
	r->flags = d.flags;
	memcpy(r->format, a.format.p, a.format.n); /* the rest is zero */
	return cose_key_read(d.key, &r->key, why);
}

static enum err
examine_registration(const struct webauthn_policy *policy, struct str challenge,
		     struct str json, struct webauthn_registration *r, struct why *why)
{
	struct buf client_data, attestation;
	struct response response;
	enum err e;

	buf_init(&client_data, WEBAUTHN_JSON_MAX);
	buf_init(&attestation, WEBAUTHN_JSON_MAX);
	if ((e = response_open(json, &response, &r->credential_id, why)) == ERR_OK &&
	    (e = response_take(&response, "clientDataJSON", &client_data, why)) ==
		    ERR_OK &&
	    (e = response_take(&response, "attestationObject", &attestation, why)) ==
		    ERR_OK &&
	    (e = take_transports(response.inner, r, why)) == ERR_OK &&
	    (e = client_data_check(buf_str(&client_data), "webauthn.create", challenge,
				   policy, why)) == ERR_OK)
		e = check_attestation(policy, buf_str(&attestation), r, why);
	response_close(&response);
	buf_done(&client_data);
	buf_done(&attestation);
	return e;
}

enum err
webauthn_register(const struct webauthn_policy *policy, struct str challenge,
		  struct str json, struct webauthn_registration *r,
		  enum webauthn_verdict *verdict, struct why *why)
{
	enum err e;

	*verdict = WEBAUTHN_REFUSED;
	*r = (struct webauthn_registration){ 0 };
	buf_init(&r->credential_id, ID_ROOM);
	e = settle(examine_registration(policy, challenge, json, r, why), verdict);
	if (*verdict != WEBAUTHN_GOOD)
		webauthn_registration_done(r);
	return e;
}

void
webauthn_registration_done(struct webauthn_registration *r)
{
	buf_done(&r->credential_id);
	jwk_done(&r->key);
	*r = (struct webauthn_registration){ 0 };
}

static enum err
read_assertion(struct str json, struct webauthn_assertion *a, struct why *why)
{
	struct response r;
	enum err e;

	if ((e = response_open(json, &r, &a->credential_id, why)) == ERR_OK &&
	    (e = response_take(&r, "clientDataJSON", &a->client_data, why)) == ERR_OK &&
	    (e = response_take(&r, "authenticatorData", &a->authenticator_data, why)) ==
		    ERR_OK &&
	    (e = response_take(&r, "signature", &a->signature, why)) == ERR_OK &&
	    (e = response_take_optional(&r, "userHandle", &a->user_handle, why)) ==
		    ERR_OK &&
	    a->user_handle.n > WEBAUTHN_HANDLE_MAX)
		e = why_set(why, ERR_LIMIT, "userHandle is longer than %d bytes",
			    WEBAUTHN_HANDLE_MAX);
	response_close(&r);
	return e;
}

enum err
webauthn_read_assertion(struct str json, struct webauthn_assertion *a, bool *readable,
			struct why *why)
{
	enum webauthn_verdict verdict = WEBAUTHN_REFUSED;
	enum err e;

	*a = (struct webauthn_assertion){ 0 };
	buf_init(&a->credential_id, ID_ROOM);
	buf_init(&a->user_handle, WEBAUTHN_JSON_MAX);
	buf_init(&a->client_data, WEBAUTHN_JSON_MAX);
	buf_init(&a->authenticator_data, WEBAUTHN_JSON_MAX);
	buf_init(&a->signature, WEBAUTHN_JSON_MAX);
	e = settle(read_assertion(json, a, why), &verdict);
	*readable = verdict == WEBAUTHN_GOOD;
	return e;
}

void
webauthn_assertion_done(struct webauthn_assertion *a)
{
	buf_done(&a->credential_id);
	buf_done(&a->user_handle);
	buf_done(&a->client_data);
	buf_done(&a->authenticator_data);
	buf_done(&a->signature);
}

/* 7.2, steps 5 and 6. */
static enum err
check_names(const struct webauthn_known *known, const struct webauthn_assertion *a,
	    struct why *why)
{
	struct str id = buf_str(&a->credential_id), handle = buf_str(&a->user_handle);
	bool listed = known->n_allowed == 0;

	for (size_t i = 0; i < known->n_allowed; i++)
		listed = listed || str_eq(id, known->allowed[i]);
	if (!listed)
		return why_set(why, ERR_PERMISSION,
			       "the credential is none of those that were asked for");
	if (handle.n == 0)
		return known->user_handle_wanted
			       ? why_set(why, ERR_PERMISSION, "userHandle is missing")
			       : ERR_OK;
	if (known->user_handle.n > 0 && !str_eq(handle, known->user_handle))
		return why_set(why, ERR_PERMISSION,
			       "userHandle is not that of the credential's user");
	return ERR_OK;
}

/* 7.2, from step 15 to step 19. */
static enum err
check_data(const struct webauthn_policy *policy, const struct webauthn_known *known,
	   struct str bytes, struct authenticator_data *d, struct why *why)
{
	enum err e;

	if ((e = authenticator_data_read(bytes, d, why)) != ERR_OK ||
	    (e = authenticator_data_check(d, policy, why)) != ERR_OK)
		return e;
	if (d->attested) /* 6.1: an assertion has none */
		return why_set(why, ERR_SYNTAX,
			       "authenticator data: a new credential (AT is set)");
	if (known->backup_said && d->flags.be != known->backup_eligible)
		return why_set(why, ERR_PERMISSION,
			       "authenticator data: BE is not what it was");
	return ERR_OK;
}

/* 7.2, step 22. */
static bool
counter_grew(uint32_t now, uint32_t before)
{
	return now > before || (now == 0 && before == 0);
}

enum err
webauthn_authenticate(const struct webauthn_policy *policy, struct str challenge,
		      const struct webauthn_known *known, struct webauthn_assertion *a,
		      enum webauthn_verdict *verdict, struct why *why)
{
	struct str client_data = buf_str(&a->client_data);
	struct str bytes = buf_str(&a->authenticator_data);
	struct authenticator_data d;
	enum err e;

	*verdict = WEBAUTHN_REFUSED;
	if ((e = check_names(known, a, why)) == ERR_OK &&
	    (e = client_data_check(client_data, "webauthn.get", challenge, policy,
				   why)) == ERR_OK &&
	    (e = check_data(policy, known, bytes, &d, why)) == ERR_OK)
		e = signature_check(known->key, bytes, client_data,
				    buf_str(&a->signature), why);
	if ((e = settle(e, verdict)) != ERR_OK || *verdict != WEBAUTHN_GOOD)
		return e;
	a->counter = d.counter;
	a->flags = d.flags;
	if (counter_grew(d.counter, known->counter))
		return ERR_OK;
	*verdict = WEBAUTHN_COUNTER;
	why_set(why, ERR_PERMISSION,
		"the counter is %u, and must be greater than the stored %u",
		(unsigned)d.counter, (unsigned)known->counter);
	return ERR_OK;
}
