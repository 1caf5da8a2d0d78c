#include "webauthn/response.h"

#include "base/base64url.h"
#include "webauthn/webauthn.h"
#include "json/json.h"

static const struct json_limits limits = {
	.bytes = WEBAUTHN_JSON_MAX,
	.depth = 16,
	.values = 1024,
};

static enum err
decode(const char *name, struct str text, struct buf *out, struct why *why)
{
	if (base64url_decode(out, text))
		return ERR_OK;
	if (out->failed)
		return why_set(why, ERR_MEMORY, "no memory for %s", name);
	return why_set(why, ERR_SYNTAX, "%s is not base64url without padding", name);
}

/* 7.1 and 7.2 do not look at id, but two names of one thing must be one. */
static enum err
take_id(const struct json_t *root, struct buf *id, struct why *why)
{
	struct str text, raw;
	enum err e;

	if (json_get_str(root, "id", &text) != JSON_FOUND ||
	    json_get_str(root, "rawId", &raw) != JSON_FOUND)
		return why_set(why, ERR_SYNTAX, "id or rawId missing or not a string");
	if (!str_eq(text, raw))
		return why_set(why, ERR_SYNTAX, "id and rawId differ");
	if (BASE64URL_LENGTH((size_t)WEBAUTHN_ID_MAX) < text.n)
		return why_set(why, ERR_LIMIT, "id is longer than %d bytes",
			       WEBAUTHN_ID_MAX);
	if ((e = decode("id", text, id, why)) != ERR_OK)
		return e;
	return id->n > 0 ? ERR_OK : why_set(why, ERR_SYNTAX, "id is empty");
}

static enum err
take_inner(struct response *r, struct why *why)
{
	const struct json_t *extensions;
	struct str type;

	if (json_get_str(r->root, "type", &type) != JSON_FOUND ||
	    !str_is(type, "public-key"))
		return why_set(why, ERR_SYNTAX, "type is not public-key");
	if (json_get_object(r->root, "clientExtensionResults", &extensions) == JSON_WRONG)
		return why_set(why, ERR_SYNTAX, "clientExtensionResults is no object");
	if (json_get_object(r->root, "response", &r->inner) != JSON_FOUND)
		return why_set(why, ERR_SYNTAX, "response missing or no object");
	return ERR_OK;
}

enum err
response_open(struct str json, struct response *r, struct buf *id, struct why *why)
{
	enum err e;

	*r = (struct response){ 0 };
	if ((e = json_parse(json, &limits, &r->root, why)) != ERR_OK)
		return e;
	if (!json_holds_object(r->root))
		return why_set(why, ERR_SYNTAX, "the JSON is no object");
	if ((e = take_inner(r, why)) != ERR_OK)
		return e;
	return take_id(r->root, id, why);
}

void
response_close(struct response *r)
{
	json_free(r->root);
	*r = (struct response){ 0 };
}

enum err
response_take(const struct response *r, const char *name, struct buf *out,
	      struct why *why)
{
	struct str text;

	if (json_get_str(r->inner, name, &text) != JSON_FOUND)
		return why_set(why, ERR_SYNTAX, "%s missing or not a string", name);
	return decode(name, text, out, why);
}

enum err
response_take_optional(const struct response *r, const char *name, struct buf *out,
		       struct why *why)
{
	if (!json_has(r->inner, name) || json_has_null(r->inner, name))
		return ERR_OK;
	return response_take(r, name, out, why);
}
