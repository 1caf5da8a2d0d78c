#include "check.h"

#include "client/client_scope.h"
#include "oauth/token/person_claims.h"

#define EVERYTHING                                                                       \
	(CLIENT_SCOPE_OPENID | CLIENT_SCOPE_PROFILE | CLIENT_SCOPE_EMAIL |               \
	 CLIENT_SCOPE_GROUPS)

static const struct oauth_grant ann = {
	.name = { "ann", 3 },
	.display_name = { "Ann \"A\" \\", 9 },
	.groups = { "member editor", 13 },
	.address = { "ann@b.example", 13 },
	.language = { "de", 2 },
	.address_verified = true,
};

/* Names and values, with a space in front of each. */
static void
says(const struct oauth_grant *g, unsigned scopes, const char *wanted)
{
	struct person_claims p;
	struct buf text;

	buf_init(&text, 1000);
	assert_int_equal(person_claims_make(g, scopes, &p), ERR_OK);
	for (size_t i = 0; i < p.n; i++)
		buf_addf(&text, " %.*s %.*s", STR_ARG(p.list[i].name),
			 STR_ARG(p.list[i].json));
	assert_string_equal(buf_z(&text), wanted);
	buf_done(&text);
	person_claims_done(&p);
}

static void
each_scope_says_its_own(void **state)
{
	(void)state;
	says(&ann, CLIENT_SCOPE_OPENID | CLIENT_SCOPE_OFFLINE, "");
	says(&ann, CLIENT_SCOPE_PROFILE,
	     " name \"Ann \\\"A\\\" \\\\\" preferred_username \"ann\" locale \"de\"");
	says(&ann, CLIENT_SCOPE_EMAIL, " email \"ann@b.example\" email_verified true");
	says(&ann, CLIENT_SCOPE_GROUPS, " groups [\"member\",\"editor\"]");
}

static void
what_is_not_known_is_not_said(void **state)
{
	struct oauth_grant g = { .name = { "bob", 3 } };

	(void)state;
	says(&g, EVERYTHING, " name \"bob\" preferred_username \"bob\" groups []");
	g.address = ann.address;
	says(&g, CLIENT_SCOPE_EMAIL, " email \"ann@b.example\" email_verified false");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_scope_says_its_own),
		cmocka_unit_test(what_is_not_known_is_not_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
