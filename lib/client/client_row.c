#include "client/client_row.h"

static const char *const methods[CLIENT_METHODS] = {
	[CLIENT_METHOD_UNKNOWN] = "",
	[CLIENT_METHOD_BASIC] = "client_secret_basic",
	[CLIENT_METHOD_POST] = "client_secret_post",
	[CLIENT_METHOD_NONE] = "none",
};

static const char *const consents[CLIENT_CONSENTS] = {
	[CLIENT_CONSENT_ASK] = "ask",
	[CLIENT_CONSENT_REMEMBER] = "remember",
	[CLIENT_CONSENT_TRUSTED] = "trusted",
};

static const char *const algs[CLIENT_ALGS] = {
	[CLIENT_ALG_RS256] = "RS256",
	[CLIENT_ALG_SITE] = "site",
};

/* The place of `word` among the `n` words. False: it is none of them, or empty. */
static bool
find(const char *const *words, unsigned n, struct str word, unsigned *at)
{
	for (*at = 0; word.n > 0 && *at < n; ++*at)
		if (str_is(word, words[*at]))
			return true;
	*at = 0;
	return false;
}

const char *
client_method_word(enum client_method method)
{
	return method < CLIENT_METHODS ? methods[method] : "";
}

const char *
client_consent_word(enum client_consent consent)
{
	return consent < CLIENT_CONSENTS ? consents[consent] : "";
}

const char *
client_alg_word(enum client_alg alg)
{
	return alg < CLIENT_ALGS ? algs[alg] : "";
}

bool
client_method_read(struct str word, enum client_method *method)
{
	unsigned at;
	bool found = find(methods, CLIENT_METHODS, word, &at);

	*method = (enum client_method)at;
	return found;
}

bool
client_consent_read(struct str word, enum client_consent *consent)
{
	unsigned at;
	bool found = find(consents, CLIENT_CONSENTS, word, &at);

	*consent = (enum client_consent)at;
	return found;
}

bool
client_alg_read(struct str word, enum client_alg *alg)
{
	unsigned at;
	bool found = find(algs, CLIENT_ALGS, word, &at);

	*alg = (enum client_alg)at;
	return found;
}

bool
client_id_is_valid(struct str id)
{
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

		if (!plain && (i == 0 || (c != '.' && c != '_' && c != '-')))
			return false;
	}
	return id.n > 0 && id.n <= CLIENT_ID_MAX && !str_starts_with(id, STR("doorward"));
}
