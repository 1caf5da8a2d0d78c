#include "people/login.h"

#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "crypto/secret.h"
#include "people/slots.h"
#include "store/logins.h"

#define NAME_MAX_BYTES 255

/* What one try gathers on its way. */
struct progress {
	struct logins_row row;
	struct str name; /* empty when it cannot be anyone's */
	struct device device;
	unsigned char device_hash[SHA256_SIZE];
	struct logins_device known; /* borrows from the two */
	struct password_answer answer;
	char new_hash[PASSWORD_HASH_SIZE];
};

static struct str
bytes_str(const unsigned char hash[SHA256_SIZE], bool present)
{
	return (struct str){ (const char *)hash, present ? SHA256_SIZE : 0 };
}

/* What is not a secret of ours, or too old, is no device. */
static enum err
read_device(const struct login_policy *policy, const struct login_try *try,
	    struct progress *p)
{
	bool good = false;
	enum err e =
		device_read(policy->secret, try->device, try->now, &p->device, &good);

	if (e != ERR_OK || !good)
		return e;
	p->known = (struct logins_device){ .hash = bytes_str(p->device_hash, true),
					   .user = str_of(p->device.user),
					   .version = p->device.version };
	return device_hash(&p->device, p->device_hash);
}

static enum err
prepare(const struct login_policy *policy, const struct login_try *try,
	struct progress *p)
{
	*p = (struct progress){ .row.disabled = true };
	if (try->name.n <= NAME_MAX_BYTES && str_is_utf8(try->name) &&
	    !str_has_control(try->name))
		p->name = try->name;
	else
		p->name = STR("");
	return read_device(policy, try, p);
}

/* Why the try failed, as a word; NULL: it did not. */
static const char *
refusal(const struct progress *p)
{
	if (!p->row.found)
		return "unknown";
	if (p->row.hash[0] == '\0')
		return "no_password";
	if (p->answer.unsupported)
		return "unsupported_hash";
	if (!p->answer.match)
		return "password";
	if (p->row.disabled)
		return "disabled";
	return NULL;
}

/* The one hash of the try; and, after a right one, the one that replaces it. */
static enum err
compare(const struct login_policy *policy, const struct login_try *try,
	struct progress *p, struct why *why)
{
	struct str hash = p->row.found ? str_of(p->row.hash) : STR("");
	enum err e = password_check(&policy->cost, hash, try->password, &p->answer, why);

	if (e != ERR_OK || refusal(p) != NULL || !p->answer.upgrade)
		return e;
	return password_hash(&policy->cost, try->password, p->new_hash, why);
}

/* A known device keeps its nonce, and with it its bucket; its secret starts anew. */
static enum err
renew_device(const struct login_policy *policy, const struct login_try *try,
	     const struct progress *p, char secret[DEVICE_SIZE])
{
	struct device d = p->device;
	enum err e = p->row.device_known ? ERR_OK : device_new(&d);

	if (e != ERR_OK)
		return e;
	memcpy(d.user, p->row.id, sizeof(d.user));
	d.version = p->row.device_version;
	d.made_at = try->now;
	return device_issue(policy->secret, &d, secret);
}

static enum err
open_session(const struct login_policy *policy, const struct login_try *try,
	     const struct progress *p, struct login *l, enum logins_opened *opened,
	     struct why *why)
{
	unsigned char refresh[SHA256_SIZE], replaces[SHA256_SIZE];
	bool replace = refresh_hash(try->replaces, replaces);
	struct logins_session s = { .name = p->name,
				    .address = try->address,
				    .agent = try->agent,
				    .new_hash = str_of(p->new_hash),
				    .remember = try->remember,
				    .browser = try->browser,
				    .sessions_max = policy->sessions_max };
	enum err e = refresh_new(l->refresh);

	*opened = LOGINS_OVERTAKEN;
	if (e == ERR_OK)
		e = renew_device(policy, try, p, l->device);
	if (e != ERR_OK)
		return e;
	if (!refresh_hash(str_of(l->refresh), refresh))
		return ERR_CRYPTO;
	s.refresh = bytes_str(refresh, true);
	s.device = bytes_str(p->device_hash, p->row.device_known);
	s.replaces = bytes_str(replaces, replace);
	s.idle_seconds =
		try->remember ? policy->session_idle : policy->session_browser_life;
	s.life_seconds =
		try->remember ? policy->session_life : policy->session_browser_life;
	return logins_open(policy->db, &p->row, &s, &l->session, opened, &l->wait,
			   &l->displaced, why);
}

static void
sleep_until(int64_t ms)
{
	int64_t left = ms - clock_monotonic_ms();

	if (left > 0)
		nanosleep(&(struct timespec){ .tv_sec = left / 1000,
					      .tv_nsec = left % 1000 * 1000000L },
			  NULL);
}

static enum err
try_once(const struct login_policy *policy, const struct login_try *try,
	 struct progress *p, struct login *l, struct why *why)
{
	int slot = -1;
	enum logins_opened opened;
	enum err e;

	if ((e = prepare(policy, try, p)) != ERR_OK)
		return e;
	/* the slot first: so no more tries are under way than there are slots */
	if ((e = slots_take(policy->state_dir, policy->slots, &slot, why)) != ERR_OK)
		goto out;
	if ((e = logins_begin(policy->db, p->name, try->address, &p->known, &p->row,
			      why)) != ERR_OK)
		goto out;
	if (p->row.wait > 0) {
		l->outcome = LOGIN_THROTTLED;
		l->wait = p->row.wait;
		l->reason = "throttled";
		goto out;
	}
	if ((e = compare(policy, try, p, why)) != ERR_OK) {
		logins_unjudged(policy->db, &p->row, p->name, try->address, &p->known,
				NULL);
		goto out;
	}
	slots_give(&slot);
	l->reason = refusal(p);
	if (l->reason != NULL) {
		e = logins_failed(policy->db, &p->row, try->address, l->reason, why);
		goto out;
	}
	if ((e = open_session(policy, try, p, l, &opened, why)) != ERR_OK)
		goto out;
	if (opened == LOGINS_OPENED) {
		l->outcome = LOGIN_ALLOWED;
	} else if (opened == LOGINS_WAIT) {
		l->outcome = LOGIN_THROTTLED;
		l->too_often = true;
		l->reason = "logins";
	} else {
		l->reason = "changed_meanwhile";
	}
out:
	slots_give(&slot);
	return e;
}

enum err
login_check(const struct login_policy *policy, const struct login_try *try,
	    struct login *l, struct why *why)
{
	int64_t start = clock_monotonic_ms();
	struct progress p;
	enum err e;

	*l = (struct login){ .outcome = LOGIN_REFUSED };
	e = try_once(policy, try, &p, l, why);
	if (e != ERR_OK || l->outcome != LOGIN_ALLOWED) {
		secret_wipe(&l->session, sizeof(l->session));
		secret_wipe(l->refresh, sizeof(l->refresh));
		secret_wipe(l->device, sizeof(l->device));
	}
	if (e != ERR_OK)
		l->outcome = LOGIN_REFUSED;
	else if (l->outcome == LOGIN_REFUSED)
		sleep_until(start + policy->min_ms);
	secret_wipe(&p, sizeof(p));
	return e;
}

void
login_done(struct login *l)
{
	secret_wipe(l, sizeof(*l));
}
