/*
 * What the actions of `doorward user` have in common: how they end.
 */
#include <stdio.h>
#include <string.h>

#include "bin/db/database.h"
#include "bin/user/user.h"
#include "mail/mail_address.h"

enum err
user_explain(enum err e, struct why *why)
{
	if (e == ERR_SYNTAX)
		return why_set(
			why, e,
			"a name is 1 to 255 bytes of UTF-8 without control or invisible "
			"characters; a role 1 to 64 of A-Z a-z 0-9 _ . : -; 64 roles of "
			"768 bytes at most; a display name is 1 to "
			"100 "
			"characters; a language is a tag like pt-br");
	return e;
}

enum err
user_mail(const char *mail, struct why *why)
{
	if (mail == NULL || mail_address_is_valid(str_of(mail)))
		return ERR_OK;
	return why_set(why, ERR_SYNTAX,
		       "%s is no address of mail: local@domain in ASCII, without a "
		       "display name, of %d bytes at most",
		       strlen(mail) > MAIL_ADDRESS_MAX || str_has_control(str_of(mail))
			       ? "that"
			       : mail,
		       MAIL_ADDRESS_MAX);
}

int
user_changed(struct database *d, enum err e, bool found, int64_t ended, const char *name,
	     enum session_reason reason, struct why *why)
{
	int result = COMMAND_OK;

	/* also when nothing changed: the last try may not have told the verifiers */
	if (e == ERR_OK && reason != SESSION_END_NONE)
		e = database_end(d, reason, why);
	if (e == ERR_OK && !found)
		result = command_no(
			"there is no user %s; `doorward user list` shows them all", name);
	if (e == ERR_OK && ended > 0)
		fprintf(stderr, "%lld session%s %s\n", (long long)ended,
			command_plural(ended),
			reason == SESSION_END_CHANGED ? "told to renew" : "ended");
	if (e != ERR_OK)
		result = database_result(e, why);
	database_close(d);
	return result;
}

bool
user_roles_are_good(const char *const *roles, size_t n_roles)
{
	for (size_t i = 0; i < n_roles; i++) {
		if (command_is_role(roles[i]))
			continue;
		command_no(
			"%s is no role: one is 1 to 64 of A-Z a-z 0-9 _ . : - (give the "
			"option once for each)",
			roles[i][0] == '\0' ? "an empty word" : roles[i]);
		return false;
	}
	return true;
}
