/* doorward setup-link: the link for the first admin of a site without users. */
#include "bin/db/setup_link.h"

#include <stdio.h>

#include "access/urls.h"
#include "bin/db/database.h"
#include "crypto/secret.h"
#include "store/links.h"

#define URL_MAX 4096

enum err
setup_link_new(const struct config *c, struct buf *url, unsigned char hash[SHA256_SIZE],
	       struct why *why)
{
	char ticket[TICKET_SIZE] = "";
	enum err e = config_need(c, "public_url", why);

	if (e == ERR_OK && (e = ticket_new(TICKET_SETUP, ticket)) == ERR_OK &&
	    !ticket_hash(TICKET_SETUP, str_of(ticket), hash))
		e = ERR_CRYPTO;
	if (e == ERR_OK)
		buf_addf(url, "%s%s?token=%s", c->public_url, URL_ACCOUNT_LINK, ticket);
	if (e == ERR_OK && url->failed)
		e = ERR_MEMORY;
	if (e != ERR_OK && why->text[0] == '\0')
		why_set(why, e, "the link cannot be made: %s", err_text(e));
	secret_wipe(ticket, sizeof(ticket));
	return e;
}

static int
run(struct database *d)
{
	unsigned char hash[SHA256_SIZE];
	struct why why = { "" };
	struct buf url;
	bool made = false;
	enum err e;

	buf_init(&url, URL_MAX);
	e = setup_link_new(&d->config, &url, hash, &why);
	if (e == ERR_OK)
		e = links_setup(d->db, (struct str){ (char *)hash, sizeof(hash) },
				str_of(d->actor), &made, &why);
	if (e == ERR_OK && !made)
		e = why_set(&why, ERR_EXISTS,
			    "there are users already, and the link is for the first one; "
			    "`doorward user role NAME --add doorward-admin` makes one of "
			    "them an admin");
	if (e == ERR_OK)
		printf("%s\n", buf_z(&url));
	buf_done(&url);
	return database_result(e, &why);
}

int
setup_link_command(int argc, char **argv)
{
	struct database d;
	int result;

	if (!command_options(&argc, argv, NULL) || argc != 1)
		return COMMAND_MISUSED;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	result = run(&d);
	database_close(&d);
	return result;
}
