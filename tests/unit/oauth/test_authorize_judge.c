#include "check.h"

#include <string.h>

#include "oauth/authorize/judge.h"

#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define PKCE "&code_challenge_method=S256&code_challenge=" CHALLENGE
#define PLACE "client_id=app&redirect_uri=https://app.example/cb"
#define GOOD PLACE "&response_type=code"
#define WANT GOOD "&scope=openid%20email" PKCE

static struct asked asked;
static struct wish wish;
static struct refusal refusal;

static struct client
app(void)
{
	return (struct client){ .id = STR("app"),
				.redirects = STR("https://app.example/cb\n"
						 "https://app.example/two?x=1"),
				.method = CLIENT_METHOD_BASIC,
				.scopes = CLIENT_SCOPE_OPENID | CLIENT_SCOPE_EMAIL,
				.pkce = true };
}

static void
ask(const char *query)
{
	asked_done(&asked);
	assert_int_equal(asked_read(&asked, str_of(query)), ERR_OK);
}

static int
done(void **state)
{
	(void)state;
	asked_done(&asked);
	return 0;
}

/* The error that the client is told; empty: none. */
static const char *
told(const char *query, const struct client *client)
{
	ask(query);
	assert_int_equal(judge_client_id(&asked), MISTAKE_NONE);
	assert_int_equal(judge_redirect(&asked, client), MISTAKE_NONE);
	return judge_wish(&asked, client, &wish, &refusal) ? "" : refusal.error;
}

static void
names_the_mistake_for_which_no_address_can_be_trusted(void **state)
{
	static const struct {
		const char *query;
		enum mistake id, redirect;
	} rows[] = {
		{ "", MISTAKE_CLIENT_MISSING, MISTAKE_REDIRECT_MISSING },
		{ "client_id=", MISTAKE_CLIENT_MISSING, MISTAKE_REDIRECT_MISSING },
		{ "client_id=%zz", MISTAKE_CLIENT_MISSING, MISTAKE_REDIRECT_MISSING },
		{ "client_id=app&client_id=app", MISTAKE_CLIENT_TWICE,
		  MISTAKE_REDIRECT_MISSING },
		{ "client_id=&client_id=app", MISTAKE_CLIENT_TWICE,
		  MISTAKE_REDIRECT_MISSING },
		{ "client_id=doorward", MISTAKE_CLIENT_UNKNOWN,
		  MISTAKE_REDIRECT_MISSING },
		{ "client_id=app%0a", MISTAKE_CLIENT_UNKNOWN, MISTAKE_REDIRECT_MISSING },
		{ "client_id=app&redirect_uri=", MISTAKE_NONE, MISTAKE_REDIRECT_MISSING },
		{ GOOD "&redirect_uri=https://app.example/cb", MISTAKE_NONE,
		  MISTAKE_REDIRECT_TWICE },
		{ PLACE "/", MISTAKE_NONE, MISTAKE_REDIRECT_UNKNOWN },
		{ "client_id=app&redirect_uri=https://app.example/two", MISTAKE_NONE,
		  MISTAKE_REDIRECT_UNKNOWN },
		{ "client_id=app&redirect_uri=https://app.example/two%3fx=1",
		  MISTAKE_NONE, MISTAKE_NONE },
	};
	struct client client = app();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		ask(rows[i].query);
		assert_int_equal(judge_client_id(&asked), rows[i].id);
		assert_int_equal(judge_redirect(&asked, &client), rows[i].redirect);
	}
}

static void
reads_a_good_request(void **state)
{
	struct client client = app();

	(void)state;
	assert_string_equal(told(WANT
				 "&state=a%2Bb%20c&nonce=n&prompt=login%20consent"
				 "&max_age=60&login_hint=ann&id_token_hint=x.y.z"
				 "&acr_values=unknown%20phr%202fa&unknown=1&unknown=2",
				 &client),
			    "");
	assert_int_equal(wish.scopes, CLIENT_SCOPE_OPENID | CLIENT_SCOPE_EMAIL);
	assert_true(str_is(asked.value[ASKED_STATE], "a+b c"));
	assert_true(str_is(wish.nonce, "n"));
	assert_true(str_is(wish.challenge, CHALLENGE));
	assert_true(str_is(wish.login_hint, "ann"));
	assert_true(str_is(wish.id_token_hint, "x.y.z"));
	assert_int_equal(wish.prompts, PROMPT_LOGIN | PROMPT_CONSENT);
	assert_int_equal(wish.max_age, 60);
	assert_int_equal(wish.n_acr, 2);
	assert_int_equal(wish.acr[0], ACR_PHR);
	assert_int_equal(wish.acr[1], ACR_2FA);
}

static void
an_empty_parameter_counts_as_absent(void **state)
{
	struct client client = app();

	(void)state;
	assert_string_equal(told(WANT "&request=&request_uri=&registration=&prompt="
				      "&max_age=&response_mode=&nonce=&state=",
				 &client),
			    "");
	assert_int_equal(wish.max_age, -1);
	assert_int_equal(wish.prompts, 0);
}

static void
drops_scopes_that_are_unknown_or_not_registered(void **state)
{
	struct client client = app();

	(void)state;
	assert_string_equal(
		told(GOOD "&scope=openid%20groups%20root%20offline_access" PKCE, &client),
		"");
	assert_int_equal(wish.scopes, CLIENT_SCOPE_OPENID);
	assert_string_equal(told(GOOD "&scope=email" PKCE, &client), "");
	assert_int_equal(wish.scopes, CLIENT_SCOPE_EMAIL);
}

static void
tells_the_client_each_mistake_by_the_error_of_the_standard(void **state)
{
	static const struct {
		const char *query, *error, *word;
	} rows[] = {
		{ WANT "&scope=openid", "invalid_request", "scope" },
		{ WANT "&state=1&state=1", "invalid_request", "state" },
		{ WANT "&nonce=&nonce=", "invalid_request", "nonce" },
		{ WANT "&code_challenge=" CHALLENGE, "invalid_request",
		  "code_challenge" },
		{ WANT "&state=%zz", "invalid_request", "encoded" },
		{ WANT "&nonce=%00", "invalid_request", "encoded" },
		{ WANT "&other=%ff", "invalid_request", "encoded" },
		{ WANT "&state=a%0d%0ab", "invalid_request", "state" },
		{ WANT "&nonce=a%0ab", "invalid_request", "nonce" },
		{ WANT "&request=e30", "request_not_supported", "request" },
		{ WANT "&request_uri=https://x.example", "request_uri_not_supported",
		  "request_uri" },
		{ WANT "&registration=%7B%7D", "registration_not_supported",
		  "registration" },
		{ PLACE "&scope=openid" PKCE, "invalid_request", "response_type" },
		{ PLACE "&scope=openid&response_type=token" PKCE,
		  "unsupported_response_type", "response_type" },
		{ PLACE "&scope=openid&response_type=code%20id_token" PKCE,
		  "unsupported_response_type", "response_type" },
		{ WANT "&response_mode=fragment", "invalid_request", "response_mode" },
		{ WANT "&response_mode=form_post", "invalid_request", "response_mode" },
		{ GOOD PKCE, "invalid_scope", "missing" },
		{ GOOD "&scope=root" PKCE, "invalid_scope", "registered" },
		{ GOOD "&scope=openid", "invalid_request", "code_challenge" },
		{ GOOD "&scope=openid&code_challenge_method=S256", "invalid_request",
		  "code_challenge" },
		{ GOOD "&scope=openid&code_challenge=" CHALLENGE, "invalid_request",
		  "S256" },
		{ GOOD
		  "&scope=openid&code_challenge_method=plain&code_challenge=" CHALLENGE,
		  "invalid_request", "S256" },
		{ GOOD
		  "&scope=openid&code_challenge_method=s256&code_challenge=" CHALLENGE,
		  "invalid_request", "S256" },
		{ GOOD "&scope=openid&code_challenge_method=S256&code_challenge=short",
		  "invalid_request", "SHA-256" },
		{ WANT "&prompt=none%20login", "invalid_request", "prompt" },
		{ WANT "&prompt=none%20unknown", "invalid_request", "prompt" },
		{ WANT "&max_age=-1", "invalid_request", "max_age" },
		{ WANT "&max_age=1h", "invalid_request", "max_age" },
		{ WANT "&max_age=99999999999999999999", "invalid_request", "max_age" },
	};
	struct client client = app();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		assert_string_equal(told(rows[i].query, &client), rows[i].error);
		assert_non_null(strstr(refusal.description, rows[i].word));
		for (const char *c = refusal.description; *c != '\0'; c++)
			assert_true(*c >= ' ' && *c <= '~' && *c != '"' && *c != '\\');
	}
}

/* What comes of a request that `fill` makes `size` bytes longer than `start`, or as long. */
static const char *
told_long(const char *start, char fill, size_t n, const struct client *client)
{
	const char *error;
	struct buf query;

	buf_init(&query, 4 * ASKED_MAX);
	buf_addz(&query, start);
	while (n-- > 0)
		buf_addc(&query, fill);
	error = told(buf_z(&query), client);
	buf_done(&query);
	return error;
}

static void
refuses_a_nonce_or_a_request_that_is_too_long(void **state)
{
	static const char other[] = WANT "&x=";
	struct client client = app();

	(void)state;
	assert_string_equal(told_long(WANT "&nonce=", 'n', WISH_NONCE_MAX, &client), "");
	assert_string_equal(told_long(WANT "&nonce=", 'n', WISH_NONCE_MAX + 1, &client),
			    "invalid_request");
	assert_string_equal(told_long(other, 'x', ASKED_MAX + 1 - sizeof(other), &client),
			    "");
	assert_string_equal(told_long(other, 'x', ASKED_MAX + 2 - sizeof(other), &client),
			    "invalid_request");
}

static void
only_a_client_that_may_do_without_PKCE_may_send_no_challenge(void **state)
{
	struct client client = app();

	(void)state;
	client.pkce = false;
	assert_string_equal(told(GOOD "&scope=openid", &client), "");
	assert_int_equal(wish.challenge.n, 0);
	assert_string_equal(told(GOOD "&scope=openid&code_challenge_method=plain"
				      "&code_challenge=" CHALLENGE,
				 &client),
			    "invalid_request");
	client.method = CLIENT_METHOD_NONE;
	assert_string_equal(told(GOOD "&scope=openid", &client), "invalid_request");
}

static void
ignores_hints_that_it_cannot_use(void **state)
{
	struct client client = app();

	(void)state;
	assert_string_equal(told(WANT
				 "&login_hint=a%0ab&acr_values=urn:x%20%202&prompt=create"
				 "&ui_locales=de&claims=%7B%7D&display=x",
				 &client),
			    "");
	assert_int_equal(wish.login_hint.n, 0);
	assert_int_equal(wish.n_acr, 0);
	assert_int_equal(wish.prompts, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_the_mistake_for_which_no_address_can_be_trusted),
		cmocka_unit_test(reads_a_good_request),
		cmocka_unit_test(an_empty_parameter_counts_as_absent),
		cmocka_unit_test(drops_scopes_that_are_unknown_or_not_registered),
		cmocka_unit_test(
			tells_the_client_each_mistake_by_the_error_of_the_standard),
		cmocka_unit_test(refuses_a_nonce_or_a_request_that_is_too_long),
		cmocka_unit_test(
			only_a_client_that_may_do_without_PKCE_may_send_no_challenge),
		cmocka_unit_test(ignores_hints_that_it_cannot_use),
	};

	return cmocka_run_group_tests(tests, NULL, done);
}
