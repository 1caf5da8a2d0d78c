/*
 * doorward passkey: check what browsers make of passkeys.
 */
#include <unistd.h>

#include "base/base64url.h"
#include "base/file.h"
#include "bin/command.h"
#include "bin/passkey/options.h"
#include "webauthn/webauthn.h"
#include "json/json.h"

#define REPORT_MAX (WEBAUTHN_JSON_MAX + JWK_MAX)

/* What is told of a good one. */
struct report {
	struct str id;
	const struct jwk *key;
	uint32_t counter;
	struct webauthn_flags flags;
	const char *format; /* NULL: an answer has none */
};

static void
put_report(const struct report *r, struct buf *out)
{
	json_put_open(out, '{');
	json_put_name(out, "id");
	buf_addc(out, '"');
	base64url_encode(out, r->id);
	buf_addc(out, '"');
	json_put_name(out, "jwk");
	if (webauthn_write_key(r->key, out) != ERR_OK)
		out->failed = true;
	json_put_member_int(out, "counter", r->counter);
	json_put_name(out, "flags");
	json_put_open(out, '{');
	json_put_member_bool(out, "up", r->flags.up);
	json_put_member_bool(out, "uv", r->flags.uv);
	json_put_member_bool(out, "be", r->flags.be);
	json_put_member_bool(out, "bs", r->flags.bs);
	json_put_close(out, '}');
	json_put_name(out, "fmt");
	if (r->format == NULL)
		json_put_null(out);
	else
		json_put_str(out, str_of(r->format));
	json_put_close(out, '}');
	buf_addc(out, '\n');
}

static int
show(const struct report *r)
{
	struct buf out;
	int status = COMMAND_FAILED;

	buf_init(&out, REPORT_MAX);
	put_report(r, &out);
	if (out.failed)
		command_fail("the result cannot be written as JSON");
	else if (command_write(buf_str(&out)))
		status = COMMAND_OK;
	buf_done(&out);
	return status;
}

/* The status of what is not good. */
static int
decline(enum err e, enum webauthn_verdict verdict, const struct why *why)
{
	if (e != ERR_OK)
		return command_fail("cannot check it: %s", why->text);
	if (verdict != WEBAUTHN_UNSUPPORTED)
		return command_no("refused: %s", why->text);
	command_fail("%s", why->text);
	return COMMAND_UNSUPPORTED;
}

/* The key of --public-key. Each of these functions returns an exit status. */
static int
read_key(const char *path, struct jwk *key)
{
	struct buf text;
	struct why why;
	enum err e;

	buf_init(&text, JWK_MAX);
	if ((e = file_read(path, JWK_MAX, &text, NULL, &why)) != ERR_OK)
		command_fail("%s", why.text);
	else if ((e = webauthn_read_key(buf_str(&text), key, &why)) != ERR_OK)
		command_fail("%s: %s", path, why.text);
	buf_done(&text);
	return e == ERR_OK            ? COMMAND_OK
	       : e == ERR_UNSUPPORTED ? COMMAND_UNSUPPORTED
				      : COMMAND_FAILED;
}

/* What the browser made. A text that is too long is refused like any other bad one. */
static int
read_json(struct buf *json)
{
	struct why why;

	switch (file_read_rest(STDIN_FILENO, "standard input", WEBAUTHN_JSON_MAX, json,
			       &why)) {
	case ERR_OK:
		return COMMAND_OK;
	case ERR_LIMIT:
		return command_no("refused: %s", why.text);
	default:
		return command_fail("%s", why.text);
	}
}

static int
check_registration(const struct options *o, struct str json)
{
	struct webauthn_registration r;
	enum webauthn_verdict verdict;
	struct why why = { "" };
	enum err e = webauthn_register(&o->policy, o->challenge_bytes, json, &r, &verdict,
				       &why);
	int status;

	if (e != ERR_OK || verdict != WEBAUTHN_GOOD)
		status = decline(e, verdict, &why);
	else
		status = show(&(struct report){ buf_str(&r.credential_id), &r.key,
						r.counter, r.flags, r.format });
	webauthn_registration_done(&r);
	return status;
}

static int
judge_answer(const struct options *o, struct jwk *key, struct webauthn_assertion *a)
{
	struct webauthn_known known = o->known;
	enum webauthn_verdict verdict;
	struct why why = { "" };
	enum err e;

	known.key = key;
	e = webauthn_authenticate(&o->policy, o->challenge_bytes, &known, a, &verdict,
				  &why);
	if (e != ERR_OK || verdict != WEBAUTHN_GOOD)
		return decline(e, verdict, &why);
	return show(&(struct report){ buf_str(&a->credential_id), key, a->counter,
				      a->flags, NULL });
}

static int
check_authentication(const struct options *o, struct str json, struct jwk *key)
{
	struct webauthn_assertion a;
	struct why why = { "" };
	bool readable;
	enum err e = webauthn_read_assertion(json, &a, &readable, &why);
	int status = e == ERR_OK && readable ? judge_answer(o, key, &a)
					     : decline(e, WEBAUTHN_REFUSED, &why);

	webauthn_assertion_done(&a);
	return status;
}

static int
registration(int argc, char **argv)
{
	struct options o;
	struct buf json;
	int status = COMMAND_MISUSED;

	buf_init(&json, WEBAUTHN_JSON_MAX);
	if (options_take(&o, &argc, argv, REGISTRATION) &&
	    (status = read_json(&json)) == COMMAND_OK)
		status = check_registration(&o, buf_str(&json));
	buf_done(&json);
	options_done(&o);
	return status;
}

static int
authentication(int argc, char **argv)
{
	struct jwk key = { 0 };
	struct options o;
	struct buf json;
	int status = COMMAND_MISUSED;

	buf_init(&json, WEBAUTHN_JSON_MAX);
	if (options_take(&o, &argc, argv, AUTHENTICATION) &&
	    (status = read_key(o.public_key, &key)) == COMMAND_OK &&
	    (status = read_json(&json)) == COMMAND_OK)
		status = check_authentication(&o, buf_str(&json), &key);
	buf_done(&json);
	jwk_done(&key);
	options_done(&o);
	return status;
}

static int
check(int argc, char **argv)
{
	static const struct command_action ceremonies[] = {
		{ "registration", registration },
		{ "authentication", authentication },
		{ NULL }
	};

	return command_dispatch(argc, argv, ceremonies);
}

int
passkey_command(int argc, char **argv)
{
	static const struct command_action actions[] = { { "check", check }, { NULL } };

	return command_dispatch(argc, argv, actions);
}
