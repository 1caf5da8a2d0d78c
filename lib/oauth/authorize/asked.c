#include "oauth/authorize/asked.h"

#include <string.h>

#include "http/form.h"

static const char *const words[ASKED_NAMES] = {
	[ASKED_CLIENT_ID] = "client_id",
	[ASKED_REDIRECT_URI] = "redirect_uri",
	[ASKED_STATE] = "state",
	[ASKED_RESPONSE_TYPE] = "response_type",
	[ASKED_RESPONSE_MODE] = "response_mode",
	[ASKED_SCOPE] = "scope",
	[ASKED_NONCE] = "nonce",
	[ASKED_PROMPT] = "prompt",
	[ASKED_MAX_AGE] = "max_age",
	[ASKED_LOGIN_HINT] = "login_hint",
	[ASKED_ID_TOKEN_HINT] = "id_token_hint",
	[ASKED_ACR_VALUES] = "acr_values",
	[ASKED_CODE_CHALLENGE] = "code_challenge",
	[ASKED_CODE_CHALLENGE_METHOD] = "code_challenge_method",
	[ASKED_REQUEST] = "request",
	[ASKED_REQUEST_URI] = "request_uri",
	[ASKED_REGISTRATION] = "registration",
};

/* Once, even if it was empty: an empty one counts as absent (RFC 6749, 3.1). */
struct seen {
	bool once[ASKED_NAMES];
};

static enum err
keep(struct asked *asked, struct seen *seen, enum asked_name name, struct str value)
{
	if (seen->once[name]) {
		asked->twice[name] = true;
		asked->value[name] = (struct str){ NULL, 0 };
		return ERR_OK;
	}
	seen->once[name] = true;
	if (value.n > 0)
		asked->value[name] = buf_keep(&asked->bytes, value);
	return asked->bytes.failed ? ERR_MEMORY : ERR_OK;
}

/* One NAME=VALUE, or nothing. */
static enum err
read_piece(struct asked *asked, struct seen *seen, struct str piece)
{
	struct form one;
	enum err e = form_parse(&one, piece);

	if (e == ERR_SYNTAX) {
		asked->malformed = true;
		e = ERR_OK;
	} else if (e == ERR_OK && one.n == 1) {
		for (enum asked_name name = 0; name < ASKED_NAMES; name++)
			if (str_is(one.fields[0].name, words[name]))
				e = keep(asked, seen, name, one.fields[0].value);
	}
	form_done(&one);
	return e;
}

enum err
asked_read(struct asked *asked, struct str query)
{
	struct seen seen = { { false } };
	enum err e = ERR_OK;

	memset(asked, 0, sizeof(*asked));
	asked->long_one = query.n > ASKED_MAX;
	buf_init(&asked->bytes, query.n + 1);
	if (!buf_reserve(&asked->bytes, query.n)) /* so that the values never move */
		e = ERR_MEMORY;
	while (e == ERR_OK && query.n > 0)
		e = read_piece(asked, &seen, str_cut(&query, '&'));
	return e;
}

void
asked_done(struct asked *asked)
{
	buf_done(&asked->bytes);
	memset(asked, 0, sizeof(*asked));
}

const char *
asked_word(enum asked_name name)
{
	return words[name];
}

enum asked_name
asked_twice(const struct asked *asked)
{
	for (enum asked_name name = 0; name < ASKED_NAMES; name++)
		if (asked->twice[name])
			return name;
	return ASKED_NAMES;
}
