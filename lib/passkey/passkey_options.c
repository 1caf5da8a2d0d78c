#include "passkey/passkey_options.h"

#include "base/base64url.h"
#include "passkey/challenge.h"
#include "ticket/ticket_fields.h"
#include "webauthn/webauthn.h"
#include "json/json.h"

#define TIMEOUT_MS (INT64_C(1000) * CHALLENGE_LIFE)

static void
put_bytes(struct buf *out, const char *name, struct str bytes)
{
	struct buf text;

	buf_init(&text, BASE64URL_LENGTH(WEBAUTHN_ID_MAX));
	if (base64url_encode(&text, bytes))
		json_put_member(out, name, buf_str(&text));
	else
		out->failed = true;
	buf_done(&text);
}

static void
put_refs(struct buf *out, const char *name, const struct passkey_ref *refs, size_t n)
{
	json_put_name(out, name);
	json_put_open(out, '[');
	for (size_t i = 0; i < n; i++) {
		json_put_open(out, '{');
		json_put_member(out, "type", STR("public-key"));
		put_bytes(out, "id", refs[i].id);
		if (refs[i].n_transports > 0) {
			json_put_name(out, "transports");
			json_put_open(out, '[');
			for (size_t j = 0; j < refs[i].n_transports; j++)
				json_put_str(out, refs[i].transports[j]);
			json_put_close(out, ']');
		}
		json_put_close(out, '}');
	}
	json_put_close(out, ']');
}

void
passkey_put_request(struct buf *out, const struct passkey_request *request)
{
	json_put_open(out, '{');
	json_put_member(out, "challenge", request->challenge);
	json_put_member(out, "rpId", request->rp_id);
	json_put_member_int(out, "timeout", TIMEOUT_MS);
	json_put_member(out, "userVerification",
			request->n_allowed == 0 ? STR("required") : STR("preferred"));
	put_refs(out, "allowCredentials", request->allowed, request->n_allowed);
	json_put_close(out, '}');
}

static void
put_algorithms(struct buf *out)
{
	json_put_name(out, "pubKeyCredParams");
	json_put_open(out, '[');
	for (size_t i = 0; webauthn_alg(i) != 0; i++) {
		json_put_open(out, '{');
		json_put_member(out, "type", STR("public-key"));
		json_put_member_int(out, "alg", webauthn_alg(i));
		json_put_close(out, '}');
	}
	json_put_close(out, ']');
}

static void
put_user(struct buf *out, const struct passkey_creation *c, struct str handle)
{
	json_put_name(out, "user");
	json_put_open(out, '{');
	put_bytes(out, "id", handle);
	json_put_member(out, "name", c->name);
	json_put_member(out, "displayName",
			c->display_name.n > 0 ? c->display_name : c->name);
	json_put_close(out, '}');
}

static void
put_selection(struct buf *out, struct str wish, bool alone)
{
	json_put_name(out, "authenticatorSelection");
	json_put_open(out, '{');
	json_put_member(out, "residentKey", wish);
	json_put_member_bool(out, "requireResidentKey", alone);
	json_put_member(out, "userVerification", wish);
	json_put_close(out, '}');
}

bool
passkey_put_creation(struct buf *out, const struct passkey_creation *c)
{
	unsigned char handle[TICKET_UUID];

	if (!ticket_put_uuid(handle, c->user_id))
		return false;
	json_put_open(out, '{');
	json_put_name(out, "rp");
	json_put_open(out, '{');
	json_put_member(out, "id", c->rp_id);
	json_put_member(out, "name", c->site_name);
	json_put_close(out, '}');
	put_user(out, c, (struct str){ (const char *)handle, sizeof(handle) });
	json_put_member(out, "challenge", c->challenge);
	put_algorithms(out);
	json_put_member_int(out, "timeout", TIMEOUT_MS);
	put_refs(out, "excludeCredentials", c->known, c->n_known);
	put_selection(out, c->alone ? STR("required") : STR("preferred"), c->alone);
	json_put_member(out, "attestation", STR("none"));
	json_put_close(out, '}');
	return true;
}
