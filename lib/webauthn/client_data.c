#include "webauthn/client_data.h"

#include "base/base64url.h"
#include "json/json.h"

/* The bytes are compared as base64url, whose form is canonical. */
static enum err
check_challenge(const struct json_t *data, struct str challenge, struct why *why)
{
	struct buf wanted;
	struct str given;
	enum err e = ERR_OK;

	buf_init(&wanted, BASE64URL_LENGTH(challenge.n));
	if (json_get_str(data, "challenge", &given) != JSON_FOUND)
		e = why_set(why, ERR_SYNTAX,
			    "clientDataJSON: challenge missing or not a string");
	else if (!base64url_encode(&wanted, challenge))
		e = why_set(why, ERR_MEMORY, "no memory for a challenge");
	else if (challenge.n == 0 || !str_eq(given, buf_str(&wanted)))
		e = why_set(why, ERR_PERMISSION,
			    "clientDataJSON: not the challenge that was given");
	buf_done(&wanted);
	return e;
}

static enum err
check_type(const struct json_t *data, const char *type, struct why *why)
{
	struct str given;

	if (json_get_str(data, "type", &given) != JSON_FOUND)
		return why_set(why, ERR_SYNTAX,
			       "clientDataJSON: type missing or not a string");
	if (!str_is(given, type))
		return why_set(why, ERR_PERMISSION, "clientDataJSON: type is not %s",
			       type);
	return ERR_OK;
}

static bool
is_listed(struct str text, const struct str *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(text, list[i]))
			return true;
	return false;
}

static enum err
check_origin(const struct json_t *data, const struct webauthn_policy *policy,
	     struct why *why)
{
	struct str origin;

	if (json_get_str(data, "origin", &origin) != JSON_FOUND)
		return why_set(why, ERR_SYNTAX,
			       "clientDataJSON: origin missing or not a string");
	if (!is_listed(origin, policy->origins, policy->n_origins))
		return why_set(why, ERR_PERMISSION,
			       "clientDataJSON: the origin is not one of ours");
	return ERR_OK;
}

/* Was the page in a frame of another origin, and is that allowed? */
static enum err
check_frame(const struct json_t *data, const struct webauthn_policy *policy,
	    struct why *why)
{
	bool crossed = false;
	struct str top;

	if (json_get_bool(data, "crossOrigin", &crossed) == JSON_WRONG)
		return why_set(why, ERR_SYNTAX,
			       "clientDataJSON: crossOrigin is not true or false");
	if (crossed && policy->n_top_origins == 0)
		return why_set(why, ERR_PERMISSION,
			       "clientDataJSON: crossOrigin is true, and no top origin "
			       "is allowed");
	switch (json_get_str(data, "topOrigin", &top)) {
	case JSON_ABSENT:
		return ERR_OK;
	case JSON_FOUND:
		break;
	case JSON_WRONG:
		return why_set(why, ERR_SYNTAX,
			       "clientDataJSON: topOrigin is not a string");
	}
	if (!is_listed(top, policy->top_origins, policy->n_top_origins))
		return why_set(why, ERR_PERMISSION,
			       "clientDataJSON: the topOrigin is not allowed");
	return ERR_OK;
}

enum err
client_data_check(struct str json, const char *type, struct str challenge,
		  const struct webauthn_policy *policy, struct why *why)
{
	const struct str mark = STR("\xef\xbb\xbf");
	struct json_t *data;
	struct why cause;
	enum err e;

	if (str_starts_with(json, mark))
		json = str_sub(json, mark.n, json.n);
	if ((e = json_parse(json, &json_usual, &data, &cause)) != ERR_OK)
		return why_set(why, e, "clientDataJSON: %s", cause.text);
	if (!json_holds_object(data))
		e = why_set(why, ERR_SYNTAX, "clientDataJSON: not an object");
	else if ((e = check_type(data, type, why)) == ERR_OK &&
		 (e = check_challenge(data, challenge, why)) == ERR_OK &&
		 (e = check_origin(data, policy, why)) == ERR_OK)
		e = check_frame(data, policy, why);
	json_free(data);
	return e;
}
