#include "mail/mail_message.h"

#include <time.h>

#include "mail/mail_address.h"
#include "mail/mail_encode.h"

#define BOUNDARY "=_doorward" /* no body holds "=_": mail_encode_is_plain */

static void
put_date(struct buf *out, int64_t seconds)
{
	time_t t = (time_t)seconds;
	struct tm tm;
	char text[64];

	if (gmtime_r(&t, &tm) != NULL &&
	    strftime(text, sizeof(text), "Date: %a, %d %b %Y %H:%M:%S +0000\n", &tm) > 0)
		buf_addz(out, text);
}

static void
put_from(struct buf *out, const struct mail_message *m)
{
	static const struct str field = { "From: ", 6 };

	buf_add(out, field);
	if (m->from_name.n > 0) {
		mail_encode_name(out, field.n, m->from_name);
		buf_addz(out, "\n ");
	}
	buf_addf(out, "<%.*s>\n", STR_ARG(m->from));
}

static void
put_headers(struct buf *out, const struct mail_message *m)
{
	put_date(out, m->date);
	put_from(out, m);
	buf_addf(out, "To: <%.*s>\n", STR_ARG(m->to));
	buf_addf(out, "Reply-To: <%.*s>\n",
		 STR_ARG(m->reply_to.n > 0 ? m->reply_to : m->from));
	buf_addz(out, "Subject: ");
	mail_encode_text(out, 9, m->subject);
	buf_addf(out, "\nMessage-ID: <%.*s@%.*s>\n", STR_ARG(m->id),
		 STR_ARG(mail_address_domain(m->from)));
	buf_addz(out, "Auto-Submitted: auto-generated\nMIME-Version: 1.0\n");
	if (m->language.n > 0)
		buf_addf(out, "Content-Language: %.*s\n", STR_ARG(m->language));
	buf_addz(out,
		 "Content-Type: multipart/alternative; boundary=\"" BOUNDARY "\"\n\n");
}

static void
put_part(struct buf *out, const char *type, struct str body)
{
	bool plain = mail_encode_is_plain(body);

	buf_addf(out,
		 "--" BOUNDARY "\nContent-Type: %s; charset=utf-8\n"
		 "Content-Transfer-Encoding: %s\n\n",
		 type, plain ? "7bit" : "quoted-printable");
	if (plain)
		buf_add(out, body);
	else
		mail_encode_quoted(out, body);
	buf_addc(out, '\n');
}

static bool
is_id(struct str id)
{
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '.')
			return false;
	}
	return id.n > 0;
}

/* Lines end like this in a mail (RFC 5321, 2.3.8). */
static void
put_lines(struct buf *out, struct str text)
{
	while (text.n > 0) {
		buf_add(out, str_cut(&text, '\n'));
		buf_addz(out, "\r\n");
	}
}

enum err
mail_message_write(const struct mail_message *m, struct buf *out)
{
	struct buf text, all;
	enum err e;

	if (!mail_address_is_valid(m->from) || !mail_address_is_valid(m->to) ||
	    (m->reply_to.n > 0 && !mail_address_is_valid(m->reply_to)) || !is_id(m->id) ||
	    str_has_control(m->language))
		return ERR_SYNTAX;
	buf_init(&text, MAIL_MESSAGE_MAX);
	buf_init(&all, MAIL_MESSAGE_MAX);
	mail_encode_wrapped(&text, m->text);
	put_headers(&all, m);
	put_part(&all, "text/plain", buf_str(&text));
	put_part(&all, "text/html", m->html);
	buf_addz(&all, "--" BOUNDARY "--\n");
	put_lines(out, buf_str(&all));
	e = text.failed || all.failed || out->failed ? ERR_LIMIT : ERR_OK;
	buf_done(&text);
	buf_done(&all);
	return e;
}
