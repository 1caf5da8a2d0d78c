#include "bin/passkey/options.h"

#include <string.h>

#include "base/base64url.h"
#include "bin/command.h"

/* All that the options hold in base64url, and what decoding reserves besides. */
#define BYTES_MAX                                                                        \
	(OPTIONS_CHALLENGE_MAX + OPTIONS_CREDENTIALS_MAX * WEBAUTHN_ID_MAX +             \
	 WEBAUTHN_HANDLE_MAX + 2)

/* Decode an option of 1 to `max` bytes, or complain. */
static bool
take_bytes(struct options *c, const char *option, const char *text, size_t max,
	   struct str *bytes)
{
	size_t before = c->bytes.n;

	if (!base64url_decode(&c->bytes, str_of(text)) || c->bytes.n == before ||
	    c->bytes.n - before > max) {
		command_fail("--%s: not 1 to %zu bytes in base64url without padding",
			     option, max);
		return false;
	}
	*bytes = str_sub(buf_str(&c->bytes), before, c->bytes.n);
	return true;
}

static bool
take_list(const char *option, const char *const *values, size_t n, struct str *list)
{
	for (size_t i = 0; i < n; i++) {
		list[i] = str_of(values[i]);
		if (list[i].n == 0) {
			command_fail("--%s is empty", option);
			return false;
		}
	}
	return true;
}

/* Complain about the first that is missing. */
static bool
has_all(const struct options *c, enum ceremony ceremony)
{
	const char *missing = c->rp_id == NULL       ? "--rp-id"
			      : c->n_origins == 0    ? "--origin"
			      : c->challenge == NULL ? "--challenge"
			      : ceremony == AUTHENTICATION && c->public_key == NULL
				      ? "--public-key"
				      : NULL;

	if (missing != NULL)
		command_fail("passkey check: %s is missing", missing);
	return missing == NULL;
}

/* There are no words besides the options. */
static bool
is_alone(int argc, char **argv)
{
	if (argc > 1)
		command_fail("passkey check: %s is a word too many", argv[1]);
	return argc == 1;
}

static bool
take_policy(struct options *c)
{
	c->policy = (struct webauthn_policy){
		.rp_id = str_of(c->rp_id),
		.origins = c->origin_list,
		.n_origins = c->n_origins,
		.top_origins = c->top_list,
		.n_top_origins = c->n_top_origins,
		.user_verification = c->user_verification != NULL,
	};
	if (c->policy.rp_id.n == 0) {
		command_fail("--rp-id is empty");
		return false;
	}
	if (c->user_verification != NULL &&
	    strcmp(c->user_verification, "required") != 0) {
		command_fail("--user-verification: only required is known");
		return false;
	}
	return take_list("origin", c->origins, c->n_origins, c->origin_list) &&
	       take_list("top-origin", c->top_origins, c->n_top_origins, c->top_list) &&
	       take_bytes(c, "challenge", c->challenge, OPTIONS_CHALLENGE_MAX,
			  &c->challenge_bytes);
}

static bool
take_known(struct options *c)
{
	int64_t counter = 0;

	if (c->counter != NULL &&
	    !str_to_int(str_of(c->counter), 0, UINT32_MAX, &counter)) {
		command_fail("--counter: not a number from 0 to %u", UINT32_MAX);
		return false;
	}
	if (c->backup_eligible != NULL && strcmp(c->backup_eligible, "yes") != 0 &&
	    strcmp(c->backup_eligible, "no") != 0) {
		command_fail("--backup-eligible: neither yes nor no");
		return false;
	}
	c->known = (struct webauthn_known){
		.counter = (uint32_t)counter,
		.backup_said = c->backup_eligible != NULL,
		.backup_eligible = c->backup_eligible != NULL &&
				   strcmp(c->backup_eligible, "yes") == 0,
		.allowed = c->allowed,
		.n_allowed = c->n_credentials,
	};
	for (size_t i = 0; i < c->n_credentials; i++)
		if (!take_bytes(c, "credential-id", c->credentials[i], WEBAUTHN_ID_MAX,
				&c->allowed[i]))
			return false;
	return c->user_handle == NULL ||
	       take_bytes(c, "user-handle", c->user_handle, WEBAUTHN_HANDLE_MAX,
			  &c->known.user_handle);
}

bool
options_take(struct options *c, int *argc, char **argv, enum ceremony ceremony)
{
	const struct command_option table[] = {
		{ "rp-id", .value = &c->rp_id },
		{ "origin", .values = c->origins, .n = &c->n_origins,
		  .max = OPTIONS_ORIGINS_MAX },
		{ "challenge", .value = &c->challenge },
		{ "top-origin", .values = c->top_origins, .n = &c->n_top_origins,
		  .max = OPTIONS_ORIGINS_MAX },
		{ "user-verification", .value = &c->user_verification },
		{ ceremony == REGISTRATION ? NULL : "public-key",
		  .value = &c->public_key },
		{ "counter", .value = &c->counter },
		{ "backup-eligible", .value = &c->backup_eligible },
		{ "credential-id", .values = c->credentials, .n = &c->n_credentials,
		  .max = OPTIONS_CREDENTIALS_MAX },
		{ "user-handle", .value = &c->user_handle },
		{ NULL },
	};

	*c = (struct options){ 0 };
	buf_init(&c->bytes, BYTES_MAX);
	return buf_reserve(&c->bytes, BYTES_MAX) && command_options(argc, argv, table) &&
	       is_alone(*argc, argv) && has_all(c, ceremony) && take_policy(c) &&
	       (ceremony == REGISTRATION || take_known(c));
}

void
options_done(struct options *c)
{
	buf_done(&c->bytes);
}
