#include "admin/event_words.h"

static const struct event_words table[] = {
	{ "login_ok", "event.login_ok" },
	{ "login_failed", "event.login_failed" },
	{ "login_throttled", "event.login_throttled" },
	{ "login_too_often", "event.login_too_often" },
	{ "factor_wanted", "event.factor_wanted" },
	{ "factor_failed", "event.factor_failed" },
	{ "factor_throttled", "event.factor_throttled" },
	{ "passkey_refused", "event.passkey_refused" },
	{ "recovery_used", "event.recovery_used" },
	{ "session_proven", "event.session_proven" },
	{ "session_renewed", "event.session_renewed" },
	{ "session_ended", "event.session_ended" },
	{ "sessions_ended", "event.sessions_ended" },
	{ "logout", "event.logout" },
	{ "refresh_reuse", "event.refresh_reuse" },
	{ "refresh_lost", "event.refresh_lost" },
	{ "sid_revoked", "event.sid_revoked" },
	{ "password_changed", "event.password_changed" },
	{ "password_refused", "event.password_refused" },
	{ "password_throttled", "event.password_throttled" },
	{ "factor_added", "event.factor_added" },
	{ "factor_removed", "event.factor_removed" },
	{ "factor_renamed", "event.factor_renamed" },
	{ "factor_reset", "event.factor_reset" },
	{ "recovery_made", "event.recovery_made" },
	{ "profile_changed", "event.profile_changed" },
	{ "address_asked", "event.address_asked" },
	{ "address_set", "event.address_set" },
	{ "data_taken", "event.data_taken" },
	{ "user_added", "event.user_added" },
	{ "user_renamed", "event.user_renamed" },
	{ "user_disabled", "event.user_disabled" },
	{ "user_enabled", "event.user_enabled" },
	{ "user_unlocked", "event.user_unlocked" },
	{ "user_deleted", "event.user_deleted" },
	{ "roles_changed", "event.roles_changed" },
	{ "rights_changed", "event.rights_changed" },
	{ "address_unlocked", "event.address_unlocked" },
	{ "link_made", "event.link_made" },
	{ "link_used", "event.link_used" },
	{ "link_resent", "event.link_resent" },
	{ "link_withdrawn", "event.link_withdrawn" },
	{ "mail_sent", "event.mail_sent" },
	{ "mail_withheld", "event.mail_withheld" },
	{ "mail_given_up", "event.mail_given_up" },
	{ "mail_retried", "event.mail_retried" },
	{ "mail_dropped", "event.mail_dropped" },
	{ "token_issued", "event.token_issued" },
	{ "token_made", "event.token_made" },
	{ "token_ended", "event.token_ended" },
	{ "oauth_code", "event.oauth_code" },
	{ "oauth_consent", "event.oauth_consent" },
	{ "oauth_grant_ended", "event.oauth_grant_ended" },
	{ "oauth_code_reuse", "event.oauth_code_reuse" },
	{ "oauth_refresh_reuse", "event.oauth_refresh_reuse" },
	{ "oauth_withdrawn", "event.oauth_withdrawn" },
	{ "client_added", "event.client_added" },
	{ "client_changed", "event.client_changed" },
	{ "client_secret_made", "event.client_secret_made" },
	{ "client_removed", "event.client_removed" },
	{ "users_exported", "event.users_exported" },
	{ "key_made", "event.key_made" },
	{ "key_imported", "event.key_imported" },
	{ "key_exported", "event.key_exported" },
	{ "key_retired", "event.key_retired" },
	{ "keys_published", "event.keys_published" },
	{ "keys_rotated", "event.keys_rotated" },
	{ "keys_fetched", "event.keys_fetched" },
	{ "jws_signed", "event.jws_signed" },
	{ "database_migrated", "event.database_migrated" },
	{ "tidied", "event.tidied" },
	{ "retention_set", "event.retention_set" },
	{ NULL, NULL },
};

const struct event_words *
event_words_at(size_t i)
{
	return table[i].event != NULL ? &table[i] : NULL;
}

const char *
event_words_phrase(struct str event)
{
	for (size_t i = 0; table[i].event != NULL; i++)
		if (str_is(event, table[i].event))
			return table[i].phrase;
	return NULL;
}
