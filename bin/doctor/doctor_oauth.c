/* What other programs see that want to use the login: the metadata, and who answers there. */
#include "access/urls.h"
#include "bin/doctor/doctor.h"
#include "metadata/metadata.h"

#define METADATA "metadata"
#define PUBLISH "doorward key publish, and let the server show that file"

static void
fetch(const struct doctor *d, const char *path, struct answer *a)
{
	struct ask ask = { .site = d->site, .path = str_of(path) };

	doctor_fetch(&ask, a);
}

/* Does the document say of this site what is true? */
static bool
is_true(struct doctor *d, const char *path, const struct answer *a)
{
	char said[DOCTOR_ANSWER_SIZE];
	struct why why = { "" };

	if (a->status != 200)
		doctor_find(d, METADATA, PUBLISH, "%s %s", path, doctor_answer(a, said));
	else if (metadata_check(a->body, d->site, &why) != ERR_OK)
		doctor_find(d, METADATA,
			    "issuer and public_url are this address; then doorward key "
			    "publish",
			    "%s: %.300s", path, why.text);
	else
		return true;
	return false;
}

/* Where there is no provider, this file only leads to the keys. A site may do without. */
static void
check_keys_alone(struct doctor *d)
{
	char said[DOCTOR_ANSWER_SIZE];
	struct answer a;

	fetch(d, METADATA_URL_OAUTH, &a);
	if (a.status != 200)
		doctor_skip(d, METADATA, PUBLISH, METADATA_URL_OAUTH " %s",
			    doctor_answer(&a, said));
	else if (is_true(d, METADATA_URL_OAUTH, &a))
		doctor_find(d, METADATA, NULL, "they lead to the public keys");
	doctor_answer_done(&a);
}

/* An address that is for clients with a token: whoever has none is refused. */
static void
check_program(struct doctor *d)
{
	char said[DOCTOR_ANSWER_SIZE];
	struct answer a;

	fetch(d, URL_OAUTH_USERINFO, &a);
	if (a.status == 401)
		doctor_find(d, "provider", NULL, "it asks for a token");
	else if (!doctor_is_explained(d, "provider", &a))
		doctor_find(d, "provider",
			    a.status >= 500 ? "the server's error log says why; then "
					      "doorward config check, as the programs' "
					      "user"
					    : "oauth = on, and pass " URL_OAUTH
					      " to oauth.fcgi",
			    URL_OAUTH_USERINFO " %s, and not 401",
			    doctor_answer(&a, said));
	doctor_answer_done(&a);
}

/* Both files are the same document. */
static void
check_provider(struct doctor *d, const struct answer *openid)
{
	struct answer a;

	fetch(d, METADATA_URL_OAUTH, &a);
	if (is_true(d, METADATA_URL_OPENID, openid) &&
	    is_true(d, METADATA_URL_OAUTH, &a)) {
		bool same = str_eq(openid->body, a.body);

		doctor_find(d, METADATA, same ? NULL : PUBLISH,
			    same ? "each address in them is this site's"
				 : METADATA_URL_OPENID " and " METADATA_URL_OAUTH
						       " differ");
	}
	doctor_answer_done(&a);
	check_program(d);
}

void
doctor_oauth(struct doctor *d)
{
	bool off = d->inside && !d->config.oauth;
	struct answer a;

	fetch(d, METADATA_URL_OPENID, &a);
	if (off && a.status == 200 && metadata_is_ours(a.body))
		doctor_find(d, METADATA, "doorward key publish",
			    METADATA_URL_OPENID " says that there is a provider, and "
						"oauth is off");
	else if (off || (!d->inside && a.status != 200))
		check_keys_alone(d);
	else
		check_provider(d, &a);
	doctor_answer_done(&a);
}
