/* Writes mails to files, for trials. */
#include <stdio.h>
#include <time.h>

#include "base/clock.h"
#include "base/file.h"
#include "bin/mail/mail_deliver.h"

/* One file for each mail. The names sort in the order in which the mails came. */
void
mail_deliver_file(const struct mail_envelope *mail, struct mail_result *result)
{
	const struct file_access access = { 0600, FILE_ANYONE, FILE_ANYONE };
	int64_t now = 0;
	time_t seconds;
	char path[4096], when[32] = "";
	struct why why;
	struct tm tm;

	if (clock_now(&now) == ERR_OK && (seconds = (time_t)now) > 0 &&
	    gmtime_r(&seconds, &tm) != NULL)
		strftime(when, sizeof(when), "%Y%m%dT%H%M%SZ", &tm);
	snprintf(path, sizeof(path), "%.*s/%s-%s.eml", STR_ARG(mail->server.path), when,
		 mail->label);
	if (file_replace(path, mail->message, &access, &why) == ERR_OK)
		result->outcome = MAIL_SENT;
	else
		mail_failed(result, MAIL_LATER, true, "%s", why.text);
}
