/* doorward client: what its files share. */
#ifndef COMMAND_CLIENT_H
#define COMMAND_CLIENT_H

#include "bin/db/database.h"
#include "client/client_row.h"
#include "store/oauth/clients.h"

#define CLIENT_ROLES_MAX 64

/* What was typed after `client add` and `client set`; NULL or 0: it was not. */
struct client_typed {
	const char *name, *method, *scope, *audience, *consent, *pkce, *alg, *claims;
	const char *program, *url; /* --for, --url */
	const char *redirects[CLIENT_URLS_MAX];
	const char *logouts[CLIENT_URLS_MAX];
	const char *roles[CLIENT_ROLES_MAX];
	const char *groups[CLIENT_ROLES_MAX];
	size_t n_redirects, n_logouts, n_roles, n_groups;
};

/* What becomes of it. The texts are borrowed, also from `text`. */
struct client_filled {
	struct clients_wish wish;
	struct str redirects[CLIENT_URLS_MAX];
	struct str logouts[CLIENT_URLS_MAX];
	struct str scopes[CLIENT_SCOPES];
	struct str roles[CLIENT_ROLES_MAX];
	struct str groups[CLIENT_ROLES_MAX];
	bool pkce, id_token_claims;
	struct buf text;
};

/* Remove the options of add and set from argv. False after a complaint. */
bool client_take_options(int *argc, char **argv, struct client_typed *typed);

/* True if anything was typed. */
bool client_is_change(const struct client_typed *typed);

/*
 * Judge what was typed, with what is registered already (`now`, of clients_list; NULL: a
 * new client, which gets a default for the rest). False after a complaint. The caller ends
 * `f` with client_filled_done in any case.
 */
bool client_fill(struct client_filled *f, const struct client_typed *typed, struct str id,
		 const struct db_rows *now, const struct config *config);
void client_filled_done(struct client_filled *f);

/* client list (client_list.c). */
command_run client_list;

#endif
