#include "people/session_new.h"

#include <string.h>

/* The secret of the device gets a new time. */
static enum err
make_device(const struct flow_policy *policy, const struct session_owner *owner,
	    int64_t now, char secret[DEVICE_SIZE], unsigned char hash[SHA256_SIZE])
{
	struct device d;
	enum err e = ERR_OK;

	if (owner->user.n != sizeof(d.user) - 1)
		return ERR_SYNTAX;
	if (owner->known != NULL)
		d = *owner->known;
	else
		e = device_new(&d);
	if (e != ERR_OK)
		return e;
	memcpy(d.user, owner->user.p, owner->user.n);
	d.user[owner->user.n] = '\0';
	d.version = owner->device_version;
	d.made_at = now;
	if ((e = device_hash(&d, hash)) != ERR_OK)
		return e;
	return device_issue(policy->secret, &d, secret);
}

enum err
session_new(const struct flow_policy *policy, const struct flow_wishes *wishes,
	    const struct session_owner *owner, struct flow_opened *opened,
	    struct session_new *n)
{
	bool remember = wishes->remember;
	enum err e = refresh_new(opened->refresh);

	if (e == ERR_OK)
		e = make_device(policy, owner, wishes->now, opened->device, n->device);
	if (e != ERR_OK)
		return e;
	if (!refresh_hash(str_of(opened->refresh), n->refresh))
		return ERR_CRYPTO;
	n->row = (struct logins_session){
		.agent = wishes->agent,
		.news = wishes->news,
		.refresh = { (const char *)n->refresh, SHA256_SIZE },
		.remember = remember,
		.browser = wishes->browser,
		.idle_seconds =
			remember ? policy->session_idle : policy->session_browser_life,
		.life_seconds =
			remember ? policy->session_life : policy->session_browser_life,
		.sessions_max = policy->sessions_max,
	};
	if (refresh_hash(wishes->replaces, n->replaces))
		n->row.replaces = (struct str){ (const char *)n->replaces, SHA256_SIZE };
	return ERR_OK;
}
