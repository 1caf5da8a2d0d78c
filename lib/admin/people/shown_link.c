/* A link that nobody mails: the admin sees it once, and hands it on. */
#include "admin/people/people_pages.h"

#include <openssl/crypto.h>

#include "access/urls.h"
#include "config/config.h"

enum err
shown_link_new(struct shown_link *link, struct why *why)
{
	enum err e = ticket_new(TICKET_RESET_SHOWN, link->text);

	if (e != ERR_OK)
		return why_set(why, e, "no ticket for a link: %s", err_text(e));
	if (!ticket_hash(TICKET_RESET_SHOWN, str_of(link->text), link->hash))
		return why_set(why, ERR_CRYPTO, "no hash of a ticket");
	return ERR_OK;
}

void
shown_link_done(struct shown_link *link)
{
	OPENSSL_cleanse(link, sizeof(*link));
}

void
shown_link_send(struct app *app, const struct request *req, struct response *res,
		const struct visit *v, const struct shown_link *link, struct str name)
{
	struct admin_frame frame;
	struct page *page = &frame.page;
	struct why why = { "" };
	struct buf url;
	enum err e;

	buf_init(&url, 1024);
	buf_addz(&url, app->config->public_url);
	buf_addz(&url, URL_ACCOUNT_LINK "?token=");
	buf_addz(&url, link->text);
	if ((e = admin_page(app, req, v, "admin_link", &frame)) == ERR_OK) {
		page_text(page, "name", name);
		page_text(page, "link", buf_str(&url));
		page_send(page, 200, res);
	} else {
		admin_unavailable(app, req, res, e, &why);
	}
	admin_frame_done(&frame);
	buf_done(&url);
}
