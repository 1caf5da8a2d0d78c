#include "oauth/authorize/decide.h"

#include <string.h>

#define MINUTE 60

static void
refuse(struct decision *d, const char *error, const char *description)
{
	d->next = NEXT_REFUSE;
	refusal_set(&d->refusal, error, description);
}

static void
lead(struct decision *d, enum need need, bool other)
{
	d->next = NEXT_LOGIN;
	d->need = need;
	d->other = other;
}

static bool
asks(const struct wish *wish, unsigned prompt)
{
	return (wish->prompts & prompt) != 0;
}

/* Nobody is here. */
static void
decide_absent(const struct wish *wish, const struct progress *progress,
	      struct decision *d)
{
	bool fresh = asks(wish, PROMPT_LOGIN | PROMPT_SELECT_ACCOUNT);

	if (!asks(wish, PROMPT_NONE))
		lead(d, fresh ? NEED_FRESH : NEED_NOTHING,
		     asks(wish, PROMPT_SELECT_ACCOUNT));
	else if (progress->renewable && !progress->stored)
		d->next = NEXT_RENEW;
	else
		refuse(d, "login_required", "nobody is signed in");
}

/*
 * Is the login older than the client accepts? 0 asks for a new one, as prompt=login does.
 * A page may be answered some time after a new login: a minute is given for that, so that
 * a small number does not ask for one login after the other.
 */
static bool
is_old(const struct wish *wish, const struct person *person,
       const struct progress *progress)
{
	if (wish->max_age == 0)
		return !progress->fresh;
	return wish->max_age > 0 && person->auth_age > wish->max_age &&
	       (!progress->fresh || person->auth_age > MINUTE);
}

/* Is the login too old, or of somebody else? True if `d` says what follows. */
static bool
decide_login(const struct wish *wish, const struct person *person, enum hinted hinted,
	     const struct progress *progress, struct decision *d)
{
	bool old = is_old(wish, person, progress);
	bool wanted =
		!progress->fresh && asks(wish, PROMPT_LOGIN | PROMPT_SELECT_ACCOUNT);
	bool other = hinted == HINTED_OTHER || asks(wish, PROMPT_SELECT_ACCOUNT);

	if (progress->fresh && hinted == HINTED_OTHER) {
		refuse(d, "login_required",
		       "another person has signed in than id_token_hint names");
		return true;
	}
	if (!old && !wanted && hinted != HINTED_OTHER)
		return false;
	if (asks(wish, PROMPT_NONE))
		refuse(d, "login_required",
		       old ? "the login is older than max_age"
			   : "another person is signed in than id_token_hint names");
	else
		lead(d, NEED_FRESH, other);
	return true;
}

/*
 * What the person can still prove of what the client prefers. It is only wished for, so it
 * is asked for once, and those who cannot prove it are not asked.
 */
static enum need
lacks(const struct wish *wish, const struct person *person)
{
	for (size_t i = 0; i < wish->n_acr; i++) {
		if (person->proved >= wish->acr[i])
			return NEED_NOTHING;
		if (wish->acr[i] == ACR_PHR && person->has_passkey)
			return NEED_PHR;
		if (wish->acr[i] == ACR_2FA && person->has_factor)
			return NEED_FACTOR;
	}
	return NEED_NOTHING;
}

static bool
has_to_ask(const struct wish *wish, const struct client *client,
	   const struct person *person)
{
	if (asks(wish, PROMPT_CONSENT))
		return true;
	switch (client->consent) {
	case CLIENT_CONSENT_TRUSTED:
		return false;
	case CLIENT_CONSENT_REMEMBER:
		return (wish->scopes & ~person->has_allowed) != 0;
	default:
		return true;
	}
}

void
decide(const struct wish *wish, const struct client *client, const struct person *person,
       enum hinted hinted, const struct progress *progress, struct decision *d)
{
	bool silent = asks(wish, PROMPT_NONE);
	enum need need = lacks(wish, person);

	memset(d, 0, sizeof(*d));
	if (!person->here) {
		decide_absent(wish, progress, d);
	} else if (decide_login(wish, person, hinted, progress, d)) {
		return;
	} else if (!person->may) {
		d->next = NEXT_FORBIDDEN;
		if (silent)
			refuse(d, "access_denied", "this person may not use the client");
	} else if (!silent && !progress->stepped && need != NEED_NOTHING) {
		lead(d, need, false);
	} else if (!progress->allowed && has_to_ask(wish, client, person)) {
		d->next = NEXT_ASK;
		if (silent)
			refuse(d, "consent_required", "the person has to be asked");
	} else {
		d->next = NEXT_GRANT;
	}
}
