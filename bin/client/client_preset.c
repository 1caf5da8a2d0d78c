#include "bin/client/client_preset.h"

#include <string.h>

#include "base/text.h"

#define PERSON (CLIENT_SCOPE_OPENID | CLIENT_SCOPE_PROFILE | CLIENT_SCOPE_EMAIL)

/*
 * What the programs send, from their sources and manuals:
 *
 * Nextcloud's user_oidc sends client_secret_post where the metadata names it, and reads
 * name, address and groups from the ID token. Without pretty URLs its path begins with
 * index.php.
 *
 * Forgejo puts the name of its authentication source into the path; ours is "doorward".
 *
 * WordPress means the plugin OpenID Connect Generic Client, which has two redirect URIs to
 * choose from and sends client_secret_post.
 *
 * oauth2-proxy read the address only from the ID token for a long time.
 */
static const struct client_preset presets[] = {
	{ .program = "nextcloud",
	  .name = "Nextcloud",
	  .method = CLIENT_METHOD_POST,
	  .scopes = PERSON | CLIENT_SCOPE_GROUPS,
	  .id_token_claims = true,
	  .redirects = { "/apps/user_oidc/code", "/index.php/apps/user_oidc/code" },
	  .logouts = { "/" } },
	{ .program = "forgejo",
	  .name = "Forgejo",
	  .method = CLIENT_METHOD_BASIC,
	  .scopes = PERSON | CLIENT_SCOPE_GROUPS,
	  .redirects = { "/user/oauth2/doorward/callback" } },
	{ .program = "grafana",
	  .name = "Grafana",
	  .method = CLIENT_METHOD_BASIC,
	  .scopes = PERSON | CLIENT_SCOPE_GROUPS,
	  .redirects = { "/login/generic_oauth" },
	  .logouts = { "/login" /* of Grafana */ } },
	{ .program = "wordpress",
	  .name = "WordPress",
	  .method = CLIENT_METHOD_POST,
	  .scopes = PERSON,
	  .redirects = { "/wp-admin/admin-ajax.php?action=openid-connect-authorize",
			 "/openid-connect-authorize" },
	  .logouts = { "", "/", "/wp-login.php?loggedout=true&wp_lang=en_US" } },
	{ .program = "oauth2-proxy",
	  .name = "oauth2-proxy",
	  .method = CLIENT_METHOD_BASIC,
	  .scopes = PERSON | CLIENT_SCOPE_GROUPS,
	  .id_token_claims = true,
	  .redirects = { "/oauth2/callback" },
	  .logouts = { "/" } },
	{ .program = NULL },
};

const struct client_preset *
client_preset_find(const char *program)
{
	for (const struct client_preset *p = presets; p->program != NULL; p++)
		if (strcmp(p->program, program) == 0)
			return p;
	return NULL;
}

const char *
client_preset_near(const char *program)
{
	return text_nearest(str_of(program), presets, sizeof(*presets));
}

bool
client_preset_names(struct buf *out)
{
	for (const struct client_preset *p = presets; p->program != NULL; p++)
		buf_addf(out, "%s%s", p == presets ? "" : ", ", p->program);
	return !out->failed;
}
