#include "bin/mail/mail_make.h"

#include <stdio.h>

#include "access/urls.h"
#include "base/clock.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "mail/mail_address.h"
#include "mail/mail_link.h"
#include "mail/mail_message.h"
#include "json/json.h"

#define ID_BYTES 16
#define ID_SIZE (2 * ID_BYTES + 1)
#define LINK_MAX 2048
#define TIME_MAX (INT64_C(1) << 53)

/*
 * The same for each try, so that a mailbox that gets a mail twice can recognise it. It
 * does not show how many mails there are.
 */
static enum err
make_id(const struct mail_taken *m, const char *public_url, struct buf *id)
{
	unsigned char hash[SHA256_SIZE];
	struct buf text;
	enum err e;

	buf_init(&text, 1024);
	buf_addf(&text, "%s %lld %lld", public_url, (long long)m->id,
		 (long long)m->created_at);
	e = text.failed ? ERR_LIMIT : sha256(buf_str(&text), hash);
	if (e == ERR_OK)
		text_add_hex(id, (struct str){ (const char *)hash, ID_BYTES });
	buf_done(&text);
	return e;
}

/* What the row says in addition; borrowed from `root`. */
static void
take_data(const struct json_t *root, struct mail_values *v)
{
	struct str what = STR("");

	json_get_str(root, "what", &what);
	v->of_totp = str_is(what, "totp");
	v->of_passkey = str_is(what, "passkey");
	v->of_codes = str_is(what, "recovery");
	json_get_str(root, "passkey", &v->passkey);
	json_get_str(root, "left", &v->left);
	json_get_str(root, "label", &v->label);
	json_get_str(root, "roles", &v->roles);
	json_get_str(root, "prefix", &v->prefix);
	json_get_int(root, "expires", 0, TIME_MAX, &v->until);
	json_get_str(root, "name", &v->name);
	json_get_str(root, "browser", &v->browser);
	json_get_str(root, "system", &v->system);
	json_get_str(root, "network", &v->network);
}

static enum err
make_link(const struct mail_taken *m, struct str mail_key, const char *public_url,
	  struct buf *link, struct why *why)
{
	enum ticket_kind kind;
	enum err e;

	if (m->link[0] == '\0')
		return ERR_OK;
	kind = mail_link_kind(str_of(m->kind));
	e = mail_link_url(mail_key, kind, str_of(m->link), public_url,
			  kind == TICKET_FACTOR ? URL_LOGIN_FACTOR : URL_ACCOUNT_LINK,
			  link);
	return e == ERR_OK ? e : why_set(why, e, "its link could not be made");
}

static enum err
write_message(const struct config *c, const struct mail_taken *m, struct str id,
	      const struct mail_rendered *r, struct buf *out, struct why *why)
{
	struct mail_message message = {
		.from = str_of(c->mail_from),
		.from_name = str_of(c->site_name),
		.reply_to = str_of(c->mail_reply_to),
		.to = str_of(m->recipient),
		.subject = buf_str(&r->subject),
		.text = buf_str(&r->text),
		.html = buf_str(&r->html),
		.language = str_of(r->language),
		.id = id,
	};
	enum err e = clock_now(&message.date);

	if (e != ERR_OK)
		return why_set(why, e, "the clock of this host is not set");
	if ((e = mail_message_write(&message, out)) != ERR_OK)
		why_set(why, e, "the mail could not be written: %s", err_text(e));
	return e;
}

/* With the values at hand. */
static enum err
make(const struct mail_texts *texts, const struct mail_taken *m,
     const struct mail_values *values, struct buf *out, struct why *why)
{
	struct mail_rendered r;
	struct buf id;
	enum err e;

	buf_init(&r.subject, MAIL_TEXT_MAX);
	buf_init(&r.text, MAIL_TEXT_MAX);
	buf_init(&r.html, MAIL_TEXT_MAX);
	buf_init(&id, ID_SIZE);
	e = mail_render(texts, m->template, str_of(m->language), values, &r, why);
	if (e == ERR_OK)
		e = make_id(m, texts->config->public_url, &id);
	if (e == ERR_OK)
		e = write_message(texts->config, m, buf_str(&id), &r, out, why);
	buf_done(&r.subject);
	buf_done(&r.text);
	buf_done(&r.html);
	buf_done(&id);
	return e;
}

enum err
mail_make(const struct mail_texts *texts, struct str mail_key, const struct mail_taken *m,
	  struct buf *out, struct why *why)
{
	struct mail_values values = { .name = str_of(m->name),
				      .at = m->created_at,
				      .until = m->ends_at };
	struct json_t *root = NULL;
	struct buf link;
	enum err e;

	if (!mail_address_is_valid(str_of(m->recipient)))
		return why_set(
			why, ERR_SYNTAX,
			"the address is none that mail is sent to (RFC 6531 is not "
			"spoken here)");
	buf_init(&link, LINK_MAX);
	if ((e = make_link(m, mail_key, texts->config->public_url, &link, why)) != ERR_OK)
		goto out;
	values.link = buf_str(&link);
	if (m->data[0] != '\0' &&
	    (e = json_parse(str_of(m->data), &json_usual, &root, why)) != ERR_OK)
		goto out;
	take_data(root, &values);
	e = make(texts, m, &values, out, why);
out:
	json_free(root);
	buf_done(&link);
	return e;
}
