#include <stdio.h>

#include "bin/mail/mail.h"
#include "bin/mail/mail_make.h"
#include "crypto/secret.h"
#include "mail/mail_message.h"

static bool
needs_are_met(const struct config *c)
{
	static const char *const needs[] = { "mail_server", "mail_from" };
	struct why why;

	for (size_t i = 0; i < sizeof(needs) / sizeof(*needs); i++)
		if (config_need(c, needs[i], &why) != ERR_OK) {
			command_fail("%s", why.text);
			return false;
		}
	return true;
}

bool
sender_open(struct sender *s)
{
	struct why why = { "" };
	enum err e = ERR_OK;

	*s = (struct sender){ 0 };
	buf_init(&s->key, SECRET_KEY_MAX);
	if (!command_config(&s->config) || !needs_are_met(&s->config))
		return false;
	mail_server_parse(str_of(s->config.mail_server), &s->server);
	if (s->config.mail_key != NULL)
		e = secret_read_key(s->config.mail_key, &s->key, &why);
	if (e == ERR_OK)
		e = mail_texts_open(&s->texts, &s->config, &why);
	if (e != ERR_OK)
		command_fail("%s", why.text[0] != '\0' ? why.text : err_text(e));
	return e == ERR_OK;
}

void
sender_close(struct sender *s)
{
	mail_texts_close(&s->texts);
	buf_done(&s->key);
	config_done(&s->config);
}

/* Errors that are the same at each try, whatever the time. */
static bool
is_for_good(enum err e)
{
	return e == ERR_SYNTAX || e == ERR_NOT_FOUND || e == ERR_LIMIT;
}

void
sender_deliver(const struct sender *s, const struct mail_taken *mail,
	       struct mail_result *result)
{
	struct mail_envelope envelope = { .config = &s->config,
					  .server = s->server,
					  .from = str_of(s->config.mail_from),
					  .to = str_of(mail->recipient) };
	struct why why = { "" };
	struct buf message;
	char label[64];
	enum err e;

	buf_init(&message, MAIL_MESSAGE_MAX);
	e = mail_make(&s->texts, buf_str(&s->key), mail, &message, &why);
	if (e == ERR_OK) {
		snprintf(label, sizeof(label), "%06lld-%s", (long long)mail->id,
			 mail->template);
		envelope.label = label;
		envelope.message = buf_str(&message);
		mail_deliver(&envelope, result);
	} else {
		mail_failed(result, is_for_good(e) ? MAIL_NEVER : MAIL_LATER, false, "%s",
			    why.text[0] != '\0' ? why.text : err_text(e));
	}
	buf_done(&message);
}
