#include "check.h"

#include "oauth/authorize/decide.h"

static const struct person here = {
	.here = true, .auth_age = 100, .proved = ACR_1FA, .has_factor = true, .may = true
};
static const struct person nobody = { .here = false };
static const struct client trusted = { .consent = CLIENT_CONSENT_TRUSTED };
static const struct client asking = { .consent = CLIENT_CONSENT_ASK };
static const struct client remembering = { .consent = CLIENT_CONSENT_REMEMBER };
static const struct progress start = { .stored = false };

static struct decision d;

static enum next
next(struct wish wish, const struct client *client, struct person person,
     struct progress progress)
{
	if (wish.scopes == 0)
		wish.scopes = CLIENT_SCOPE_OPENID;
	if (wish.max_age == 0)
		wish.max_age = -1;
	decide(&wish, client, &person, HINTED_NOBODY, &progress, &d);
	return d.next;
}

static void
nobody_is_led_to_the_login(void **state)
{
	(void)state;
	assert_int_equal(next((struct wish){ 0 }, &trusted, nobody, start), NEXT_LOGIN);
	assert_int_equal(d.need, NEED_NOTHING);
	assert_int_equal(
		next((struct wish){ .prompts = PROMPT_LOGIN }, &trusted, nobody, start),
		NEXT_LOGIN);
	assert_int_equal(d.need, NEED_FRESH);
	assert_false(d.other);
	assert_int_equal(next((struct wish){ .prompts = PROMPT_SELECT_ACCOUNT }, &trusted,
			      nobody, start),
			 NEXT_LOGIN);
	assert_true(d.other);
}

static void
prompt_none_shows_no_page_ever(void **state)
{
	struct wish silent = { .prompts = PROMPT_NONE };
	struct person stranger = here;

	(void)state;
	stranger.may = false;
	assert_int_equal(next(silent, &trusted, nobody, start), NEXT_REFUSE);
	assert_string_equal(d.refusal.error, "login_required");
	assert_int_equal(next(silent, &asking, here, start), NEXT_REFUSE);
	assert_string_equal(d.refusal.error, "consent_required");
	assert_int_equal(next(silent, &trusted, stranger, start), NEXT_REFUSE);
	assert_string_equal(d.refusal.error, "access_denied");
	silent.max_age = 99;
	assert_int_equal(next(silent, &trusted, here, start), NEXT_REFUSE);
	assert_string_equal(d.refusal.error, "login_required");
	silent.max_age = 100;
	silent.acr[0] = ACR_2FA;
	silent.n_acr = 1;
	assert_int_equal(next(silent, &trusted, here, start), NEXT_GRANT);
}

static void
prompt_none_renews_a_token_that_has_run_out_once(void **state)
{
	struct wish silent = { .prompts = PROMPT_NONE };
	struct progress first = { .renewable = true };
	struct progress second = { .renewable = true, .stored = true };

	(void)state;
	assert_int_equal(next(silent, &trusted, nobody, first), NEXT_RENEW);
	assert_int_equal(next(silent, &trusted, nobody, second), NEXT_REFUSE);
}

static void
a_login_that_is_too_old_is_asked_for_until_it_is_new(void **state)
{
	static const struct wish wishes[] = {
		{ .prompts = PROMPT_LOGIN },
		{ .prompts = PROMPT_SELECT_ACCOUNT },
		{ .max_age = 99 },
	};
	struct person person = here;
	struct progress back = { .stored = true };
	struct progress fresh = { .stored = true, .fresh = true };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(next(wishes[i], &trusted, here, start), NEXT_LOGIN);
		assert_int_equal(d.need, NEED_FRESH);
		assert_int_equal(next(wishes[i], &trusted, here, back), NEXT_LOGIN);
		person.auth_age = 1;
		assert_int_equal(next(wishes[i], &trusted, person, fresh), NEXT_GRANT);
	}
	assert_int_equal(next((struct wish){ .max_age = 100 }, &trusted, here, start),
			 NEXT_GRANT);
}

static void
a_new_login_that_has_become_too_old_on_a_page_is_asked_for_again(void **state)
{
	struct wish wish = { .scopes = CLIENT_SCOPE_OPENID, .max_age = 30 };
	struct progress progress = { .stored = true, .fresh = true, .allowed = true };
	struct person person = here;

	(void)state;
	person.auth_age = 60;
	decide(&wish, &trusted, &person, HINTED_NOBODY, &progress, &d);
	assert_int_equal(d.next, NEXT_GRANT);
	person.auth_age = 61;
	decide(&wish, &trusted, &person, HINTED_NOBODY, &progress, &d);
	assert_int_equal(d.next, NEXT_LOGIN);
	assert_int_equal(d.need, NEED_FRESH);
}

static void
max_age_of_zero_asks_for_a_new_login_in_any_case(void **state)
{
	struct wish wish = { .scopes = CLIENT_SCOPE_OPENID, .max_age = 0 };
	struct progress progress = start;
	struct person person = here;

	(void)state;
	person.auth_age = 0;
	decide(&wish, &trusted, &person, HINTED_NOBODY, &progress, &d);
	assert_int_equal(d.next, NEXT_LOGIN);
	progress.fresh = true;
	decide(&wish, &trusted, &person, HINTED_NOBODY, &progress, &d);
	assert_int_equal(d.next, NEXT_GRANT);
}

static void
somebody_else_than_the_hint_names_is_asked_to_log_in_and_refused_then(void **state)
{
	struct wish wish = { .scopes = CLIENT_SCOPE_OPENID, .max_age = -1 };
	struct progress progress = start;

	(void)state;
	decide(&wish, &trusted, &here, HINTED_OTHER, &progress, &d);
	assert_int_equal(d.next, NEXT_LOGIN);
	assert_int_equal(d.need, NEED_FRESH);
	assert_true(d.other);
	progress.fresh = true;
	decide(&wish, &trusted, &here, HINTED_OTHER, &progress, &d);
	assert_int_equal(d.next, NEXT_REFUSE);
	assert_string_equal(d.refusal.error, "login_required");
	progress.fresh = false;
	wish.prompts = PROMPT_NONE;
	decide(&wish, &trusted, &here, HINTED_OTHER, &progress, &d);
	assert_int_equal(d.next, NEXT_REFUSE);
	assert_string_equal(d.refusal.error, "login_required");
}

static void
who_may_not_use_the_client_gets_a_page_before_any_question(void **state)
{
	struct wish wish = { .acr = { ACR_2FA }, .n_acr = 1 };
	struct progress allowed = { .allowed = true };
	struct person stranger = here;

	(void)state;
	stranger.may = false;
	assert_int_equal(next(wish, &asking, stranger, start), NEXT_FORBIDDEN);
	assert_int_equal(next(wish, &asking, stranger, allowed), NEXT_FORBIDDEN);
}

static void
a_stronger_login_is_asked_for_once_and_only_of_who_can_prove_it(void **state)
{
	struct wish factor = { .acr = { ACR_2FA }, .n_acr = 1 };
	struct wish either = { .acr = { ACR_PHR, ACR_2FA }, .n_acr = 2 };
	struct progress stepped = { .stepped = true };
	struct person person = here;

	(void)state;
	assert_int_equal(next(factor, &trusted, person, start), NEXT_LOGIN);
	assert_int_equal(d.need, NEED_FACTOR);
	assert_int_equal(next(factor, &trusted, person, stepped), NEXT_GRANT);
	assert_int_equal(next(either, &trusted, person, start), NEXT_LOGIN);
	assert_int_equal(d.need, NEED_FACTOR);
	person.has_passkey = true;
	assert_int_equal(next(either, &trusted, person, start), NEXT_LOGIN);
	assert_int_equal(d.need, NEED_PHR);
	person.proved = ACR_PHR;
	assert_int_equal(next(either, &trusted, person, start), NEXT_GRANT);
	person = here;
	person.has_factor = false;
	assert_int_equal(next(either, &trusted, person, start), NEXT_GRANT);
}

static void
asks_for_consent_as_the_client_is_registered(void **state)
{
	struct wish plain = { .scopes = CLIENT_SCOPE_OPENID };
	struct wish more = { .scopes = CLIENT_SCOPE_OPENID | CLIENT_SCOPE_EMAIL };
	struct wish anew = { .prompts = PROMPT_CONSENT };
	struct progress allowed = { .allowed = true };
	struct person person = here;

	(void)state;
	assert_int_equal(next(plain, &remembering, person, start), NEXT_ASK);
	person.has_allowed = CLIENT_SCOPE_OPENID;
	assert_int_equal(next(plain, &remembering, person, start), NEXT_GRANT);
	assert_int_equal(next(more, &remembering, person, start), NEXT_ASK);
	assert_int_equal(next(plain, &asking, person, start), NEXT_ASK);
	assert_int_equal(next(plain, &asking, person, allowed), NEXT_GRANT);
	assert_int_equal(next(anew, &trusted, person, start), NEXT_ASK);
	assert_int_equal(next(anew, &remembering, person, start), NEXT_ASK);
	assert_int_equal(next(more, &trusted, person, start), NEXT_GRANT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_is_led_to_the_login),
		cmocka_unit_test(prompt_none_shows_no_page_ever),
		cmocka_unit_test(prompt_none_renews_a_token_that_has_run_out_once),
		cmocka_unit_test(a_login_that_is_too_old_is_asked_for_until_it_is_new),
		cmocka_unit_test(
			a_new_login_that_has_become_too_old_on_a_page_is_asked_for_again),
		cmocka_unit_test(max_age_of_zero_asks_for_a_new_login_in_any_case),
		cmocka_unit_test(
			somebody_else_than_the_hint_names_is_asked_to_log_in_and_refused_then),
		cmocka_unit_test(
			who_may_not_use_the_client_gets_a_page_before_any_question),
		cmocka_unit_test(
			a_stronger_login_is_asked_for_once_and_only_of_who_can_prove_it),
		cmocka_unit_test(asks_for_consent_as_the_client_is_registered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
