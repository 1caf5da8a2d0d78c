#include "check.h"
#include "request_of.h"

#include <stdio.h>

#include "oauth/token/client_proof.h"
#include "ticket/ticket.h"

#define SECRET "dwx_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static struct client_proof p;
static struct form form;
static struct request req;
static enum client_shown shown;

/* Read what comes with this header (NULL: none) and this form. */
static enum client_shown
read_proof(const char *header, const char *fields)
{
	char authorization[512];
	char *variables[] = { "REQUEST_METHOD=POST", authorization, NULL };

	snprintf(authorization, sizeof(authorization), "HTTP_AUTHORIZATION=%s",
		 header != NULL ? header : "");
	if (header == NULL)
		variables[1] = NULL;
	req = request_of(variables);
	assert_int_equal(form_parse(&form, str_of(fields)), ERR_OK);
	assert_int_equal(client_proof_read(&req, &form, &p, &shown), ERR_OK);
	return shown;
}

static void
done(void)
{
	static const unsigned char none[SHA256_SIZE];

	client_proof_done(&p);
	assert_memory_equal(p.hash, none, sizeof(none));
	form_done(&form);
	request_done(&req);
}

/* The hash of the secret that is kept for the client. */
static void
has_secret(const char *text)
{
	unsigned char hash[SHA256_SIZE];

	assert_true(ticket_hash(TICKET_CLIENT_SECRET, str_of(text), hash));
	assert_int_equal(p.proof.secret.n, SHA256_SIZE);
	assert_memory_equal(p.proof.secret.p, hash, SHA256_SIZE);
}

/* "app:" and SECRET; "%61pp:" and its first letters encoded. */
static void
basic_is_decoded_as_a_form_is(void **state)
{
	static const char *const headers[] = {
		"Basic "
		"YXBwOmR3eF9BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB",
		"basic  "
		"YXBwOmR3eF9BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB",
		"Basic "
		"JTYxcHA6JTY0d3hfQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB"
		"QQ",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(headers); i++) {
		assert_int_equal(read_proof(headers[i], "client_secret=&client_id=app"),
				 CLIENT_SHOWN);
		assert_true(str_is(p.proof.client, "app"));
		assert_true(str_is(p.proof.method, "client_secret_basic"));
		has_secret(SECRET);
		done();
	}
}

static void
a_form_shows_a_secret_or_only_a_name(void **state)
{
	(void)state;
	assert_int_equal(read_proof(NULL, "client_id=app&client_secret=" SECRET),
			 CLIENT_SHOWN);
	assert_true(str_is(p.proof.method, "client_secret_post"));
	has_secret(SECRET);
	done();
	assert_int_equal(read_proof(NULL, "client_id=app&client_secret="), CLIENT_SHOWN);
	assert_true(str_is(p.proof.method, "none") && p.proof.secret.n == 0);
	done();
}

/* Its hash is that of no secret that was given to anybody. */
static void
what_is_no_secret_is_hashed_all_the_same(void **state)
{
	(void)state;
	assert_int_equal(read_proof(NULL, "client_id=app&client_secret=x"), CLIENT_SHOWN);
	assert_int_equal(p.proof.secret.n, SHA256_SIZE);
	done();
}

static void
what_shows_nothing_or_too_much_is_refused(void **state)
{
	static const struct {
		const char *header, *fields;
		enum client_shown shown;
	} rows[] = {
		{ NULL, "", CLIENT_SHOWN_NONE },
		{ NULL, "client_id=", CLIENT_SHOWN_NONE },
		{ NULL, "client_id=a&client_id=b", CLIENT_SHOWN_NONE },
		{ NULL, "client_secret=x", CLIENT_SHOWN_NONE },
		{ NULL, "client_id=app&client_assertion=e30.e30.", CLIENT_SHOWN_NONE },
		{ "Bearer x", "client_id=app", CLIENT_SHOWN_NONE },
		{ "Basic", "client_id=app", CLIENT_SHOWN_NONE },
		{ "Basic !", "client_id=app", CLIENT_SHOWN_NONE },
		{ "Basic OnNlY3JldA==", "", CLIENT_SHOWN_NONE }, /* :secret */
		{ "Basic YXBwOiV6eg==", "", CLIENT_SHOWN_NONE }, /* app:%zz */
		{ "Basic YSZiOnM=", "", CLIENT_SHOWN_NONE },     /* a&b:s */
		{ "Basic /zr/", "", CLIENT_SHOWN_NONE },         /* no UTF-8 */
		{ "Basic YXBwOnM=", "client_id=b", CLIENT_SHOWN_TWICE },
		{ "Basic YXBwOnM=", "client_secret=s", CLIENT_SHOWN_TWICE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (read_proof(rows[i].header, rows[i].fields) != rows[i].shown)
			fail_msg("%s with %s", rows[i].header, rows[i].fields);
		assert_int_equal(p.proof.secret.n, 0);
		done();
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(basic_is_decoded_as_a_form_is),
		cmocka_unit_test(a_form_shows_a_secret_or_only_a_name),
		cmocka_unit_test(what_is_no_secret_is_hashed_all_the_same),
		cmocka_unit_test(what_shows_nothing_or_too_much_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
