#include "people/session_end.h"

#include "base/log.h"
#include "people/revocations_publish.h"
#include "revocation/revocations_write.h"

/*
 * What is logged for each reason, and whether the answer waits until all verifiers are
 * told.
 */
static const struct {
	const char *word;
	bool in_passing; /* it ended beside what was asked for */
} reasons[SESSION_END_REASONS] = {
	[SESSION_END_LOGOUT] = { "logout", false },
	[SESSION_END_DISPLACED] = { "displaced", true },
	[SESSION_END_REUSE] = { "reuse", false },
	[SESSION_END_LOST] = { "lost", false },
	[SESSION_END_BEFORE] = { "over before", false },
	[SESSION_END_USER] = { "ended by user", false },
	[SESSION_END_PASSWORD] = { "password", false },
	[SESSION_END_ADDRESS] = { "address", false },
	[SESSION_END_DISABLED] = { "disabled", false },
	[SESSION_END_DELETED] = { "deleted", false },
	[SESSION_END_OPERATOR] = { "operator", false },
	[SESSION_END_CHANGED] = { "changed", false },
};

static enum err
write_with(enum err (*write)(struct db *db, const char *path, struct why *why),
	   const struct session_hearers *hearers, struct why *why)
{
	if (hearers->revocation_off)
		return ERR_OK;
	if (hearers->revocation_file == NULL)
		return why_set(why, ERR_NOT_FOUND, "revocation_file is not set");
	return write(hearers->db, hearers->revocation_file, why);
}

enum err
session_end_prepare(const struct session_hearers *hearers, struct why *why)
{
	return write_with(revocations_renew, hearers, why);
}

bool
session_end_is_told(const struct session_hearers *hearers, struct str sids)
{
	return !hearers->revocation_off && hearers->revocation_file != NULL &&
	       revocations_hold(hearers->revocation_file, sids);
}

/* More `sids` failed than there was room for. */
static bool
all_know(const struct session_hearers *hearers, const struct buf *sids)
{
	return sids != NULL && !sids->failed &&
	       (sids->n == 0 || session_end_is_told(hearers, buf_str(sids)));
}

enum err
session_end(const struct session_hearers *hearers, enum session_reason reason,
	    const struct buf *sids, struct why *why)
{
	struct why inner = { "" };
	enum err e;

	if (reason <= SESSION_END_NONE || reason >= SESSION_END_REASONS)
		return why_set(why, ERR_SYNTAX, "a session ends for a reason");
	if (all_know(hearers, sids) ||
	    (e = write_with(revocations_publish, hearers, &inner)) == ERR_OK)
		return ERR_OK;
	why_set(why, e, "ended (%s), but the verifiers were not told: %.350s",
		reasons[reason].word, inner.text[0] != '\0' ? inner.text : err_text(e));
	if (!reasons[reason].in_passing)
		return e;
	LOG(LOG_ERROR, "revocation_failed", { "reason", str_of(reasons[reason].word) },
	    { "error", str_of(err_text(e)) }, { "why", str_of(inner.text) });
	return ERR_OK;
}
