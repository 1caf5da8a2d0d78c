#include "bin/mail/mail_deliver.h"

void
mail_deliver(const struct mail_envelope *mail, struct mail_result *result)
{
	static void (*const by_kind[])(const struct mail_envelope *,
				       struct mail_result *) = {
		[MAIL_SERVER_SMTP] = mail_deliver_smtp,
		[MAIL_SERVER_SMTPS] = mail_deliver_smtp,
		[MAIL_SERVER_SENDMAIL] = mail_deliver_sendmail,
		[MAIL_SERVER_FILE] = mail_deliver_file,
	};

	*result = (struct mail_result){ .outcome = MAIL_LATER };
	by_kind[mail->server.kind](mail, result);
}
