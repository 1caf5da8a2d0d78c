/* What a visitor sees of the login, its stylesheet, the keys and the limits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/origin.h"
#include "access/urls.h"
#include "bin/doctor/doctor.h"
#include "http/date.h"
#include "http/target.h"
#include "jose/keyset/keyset.h"

#define CLOCK_LEEWAY 30

static void
fetch(const struct doctor *d, struct str path, struct answer *a)
{
	struct ask ask = { .site = d->site, .path = path };

	doctor_fetch(&ask, a);
}

static void
check_https(struct doctor *d)
{
	if (str_starts_with(d->site, STR("https://")))
		doctor_find(d, "https", NULL, "cookies are kept");
	else if (target_leads_to_loopback(d->site))
		doctor_find(d, "https", NULL, "not needed on this very host");
	else
		doctor_find(d, "https",
			    "get a certificate (certbot), and public_url = https://…",
			    "browsers drop the login's cookies over plain HTTP");
}

static void
check_clock(struct doctor *d, const struct answer *a)
{
	struct str date;
	int64_t theirs;

	if (!doctor_header(a, STR("Date"), &date) || !date_read(date, &theirs))
		return;
	if (llabs((long long)(theirs - d->now)) <= CLOCK_LEEWAY)
		doctor_find(d, "clock", NULL, "the server's is ours");
	else
		doctor_find(
			d, "clock", "timedatectl set-ntp true, on both hosts",
			"the server's clock is %lld seconds off ours: tokens will look "
			"expired or unborn",
			(long long)(theirs - d->now));
}

/* Why nobody answered, and what to do then. */
static const char *
lost_fix(const char *lost)
{
	static const char *const fixes[][2] = {
		{ "the host's name is unknown", "give the name an address (DNS)" },
		{ "TLS cannot be agreed upon",
		  "the server's TLS: certificate and key, and the port for HTTPS" },
		{ "the certificate is not good",
		  "a certificate for this name that has not run out (certbot renew)" },
		{ "curl is not installed", "apt install curl" },
	};

	for (size_t i = 0; i < sizeof(fixes) / sizeof(*fixes); i++)
		if (strcmp(lost, fixes[i][0]) == 0)
			return fixes[i][1];
	return "start the web server, or check the address";
}

enum login { LOGIN_LOST, LOGIN_BAD, LOGIN_GOOD };

static enum login
check_login(struct doctor *d)
{
	enum login login = LOGIN_BAD;
	struct answer a;
	struct str server;

	fetch(d, STR(URL_HEALTH), &a);
	if (a.lost != NULL) {
		doctor_find(d, "login", lost_fix(a.lost), URL_HEALTH ": %s", a.lost);
		login = LOGIN_LOST;
	} else if (a.status == 200) {
		doctor_find(d, "login", NULL, "it runs");
		login = LOGIN_GOOD;
	} else if (!doctor_is_explained(d, "login", &a)) {
		doctor_find(d, "login",
			    a.status == 404 ? "include doorward.conf, or its .htaccess"
					    : "the server's error log says why; then "
					      "doorward config check, as the programs' "
					      "user",
			    URL_HEALTH " answers %d", a.status);
	}
	check_clock(d, &a);
	if (doctor_header(&a, STR("Server"), &server))
		d->lighttpd = str_starts_with(server, STR("lighttpd"));
	doctor_answer_done(&a);
	return login;
}

/* A page that redirects to itself: canonical_redirect, and Host was changed. */
static void
check_name(struct doctor *d)
{
	struct ask ask = { .site = d->site, .path = STR(URL_GOODBYE), .page = true };
	struct str location = { "", 0 }, rest;
	struct answer a;

	doctor_fetch(&ask, &a);
	if (a.status == 303 && doctor_header(&a, STR("Location"), &location) &&
	    origin_holds(d->site, location, &rest) && str_eq(rest, ask.path))
		doctor_find(
			d, "name",
			"ProxyPreserveHost On in the proxy, or canonical_redirect = off",
			"pages lead to themselves: the programs see another Host than "
			"browsers name");
	doctor_answer_done(&a);
}

/* The page names its stylesheet by the hash of its content. */
static void
check_stylesheet(struct doctor *d)
{
	char said[DOCTOR_ANSWER_SIZE];
	struct answer page, css;
	struct str rest, type = { "", 0 }, path = { "", 0 };

	fetch(d, STR(URL_LOGIN), &page);
	for (rest = page.body; rest.n > 0; rest = str_sub(rest, 1, rest.n))
		if (str_starts_with(rest, STR("href=\"" URL_LOGIN "/doorward-"))) {
			rest = str_sub(rest, 6, rest.n);
			path = str_sub(rest, 0, str_index(rest, '"'));
			if (str_ends_with(path, STR(".css")))
				break;
		}
	fetch(d, path.n > 0 ? path : STR(URL_LOGIN "/"), &css);
	doctor_header(&css, STR("Content-Type"), &type);
	if (css.status == 200 && str_starts_with(type, STR("text/css")))
		doctor_find(d, "stylesheet", NULL, "%.*s", STR_ARG(path));
	else
		doctor_find(
			d, "stylesheet",
			"pass everything below /login/ to login.fcgi, not only /login",
			"the login page's stylesheet %.*s %s", STR_ARG(path),
			doctor_answer(&css, said));
	doctor_answer_done(&page);
	doctor_answer_done(&css);
}

/* " (ES256, RS256)" */
static void
put_algs(const struct keyset *set, struct buf *out)
{
	const struct alg *alg;

	for (size_t i = 0; (alg = alg_at(i)) != NULL; i++)
		for (size_t j = 0; j < set->n; j++)
			if (set->keys[j].alg == alg) {
				buf_addf(out, "%s%s", out->n == 0 ? " (" : ", ",
					 alg->name);
				break;
			}
	if (out->n > 0)
		buf_addc(out, ')');
}

static void
check_jwks(struct doctor *d)
{
	struct buf algs;
	struct why why = { "" };
	struct keyset set = { 0 };
	char said[DOCTOR_ANSWER_SIZE];
	struct answer a;
	enum err e = ERR_NOT_FOUND;

	fetch(d, STR("/.well-known/jwks.json"), &a);
	if (a.status == 200)
		e = keyset_parse(a.body, KEYSET_VERIFY, &set, &why);
	buf_init(&algs, 512);
	put_algs(&set, &algs);
	if (e != ERR_OK)
		doctor_find(d, "public keys",
			    "doorward key publish, and let the server show that file",
			    "/.well-known/jwks.json %s%s%.300s", doctor_answer(&a, said),
			    why.text[0] != '\0' ? ": " : "", why.text);
	else if (keyset_is_secret(&set))
		doctor_find(
			d, "public keys",
			"take the file away, then doorward key rotate: it is known now",
			"/.well-known/jwks.json shows a secret key to everyone");
	else
		doctor_find(d, "public keys", NULL, "%zu of them%s", set.n, buf_z(&algs));
	buf_done(&algs);
	keyset_done(&set);
	doctor_answer_done(&a);
}

/* A text that is no token: a program that gets it says so. */
static void
check_authorization(struct doctor *d)
{
	struct ask ask = { .site = d->site,
			   .path = STR("/protected"),
			   .token = STR("not-a-token") };
	char said[DOCTOR_ANSWER_SIZE];
	struct str value = { "", 0 };
	struct answer a;

	doctor_fetch(&ask, &a);
	doctor_header(&a, STR("WWW-Authenticate"), &value);
	if (a.status == 404)
		doctor_skip(d, "authorization", NULL, "/protected is not there to ask");
	else if (a.status == 401 && value.n > 0 &&
		 str_index(value, ',') < value.n) /* realm="…", error="invalid_token" */
		doctor_find(d, "authorization", NULL, "the header reaches the programs");
	else if (a.status == 401)
		doctor_find(d, "authorization",
			    "CGIPassAuth On, where the programs are; or token_header in "
			    "the settings",
			    "the server keeps the Authorization header from the programs "
			    "(/protected answers as if there were none)");
	else if (!doctor_is_explained(d, "authorization", &a))
		doctor_find(d, "authorization",
			    a.status == 503 ? "the server's error log says why; then "
					      "doorward config check, as the programs' "
					      "user"
					    : "pass /protected to protected.fcgi",
			    "/protected %s; a bad token is to be refused with 401",
			    doctor_answer(&a, said));
	doctor_answer_done(&a);
}

/* A program without a token is refused there. A site may do without these pages. */
static void
check_admin(struct doctor *d)
{
	char said[DOCTOR_ANSWER_SIZE];
	struct answer a;

	fetch(d, STR(URL_ADMIN), &a);
	if (a.status == 401)
		doctor_find(d, "admin pages", NULL, "they ask who is there");
	else if (a.status >= 500 && !doctor_is_explained(d, "admin pages", &a))
		doctor_find(d, "admin pages",
			    "the server's error log says why; then doorward config "
			    "check, as the programs' user",
			    URL_ADMIN " %s", doctor_answer(&a, said));
	else if (a.status < 500)
		doctor_skip(d, "admin pages", "pass " URL_ADMIN " to admin.fcgi",
			    URL_ADMIN " %s, so it is not admin.fcgi that answers",
			    doctor_answer(&a, said));
	doctor_answer_done(&a);
}

/* Some servers empty a body that is too long, and call the program all the same. */
static void
check_body_limit(struct doctor *d)
{
	struct ask ask = { .site = d->site,
			   .path = STR(URL_LOGIN),
			   .type = "application/json",
			   .body = 20000 };
	char said[DOCTOR_ANSWER_SIZE];
	struct answer a;

	doctor_fetch(&ask, &a);
	if (a.status == 413)
		doctor_find(d, "body limit", NULL, "what is too long is refused");
	else if (!doctor_is_explained(d, "body limit", &a))
		doctor_find(
			d, "body limit",
			"take LimitRequestBody out in front of /login: the programs have "
			"their own limit",
			"/login %s to 20000 bytes of JSON, and not 413",
			doctor_answer(&a, said));
	doctor_answer_done(&a);
}

/* The settings or keys below the document root: the worst of all mistakes. */
static void
check_private_files(struct doctor *d)
{
	static const char *const paths[] = {
		"/doorward/doorward.conf",  "/doorward.conf",
		"/doorward/session.secret", "/session.secret",
		"/doorward/mail.key",       "/mail.key",
		"/doorward/pgpass"
	};
	size_t bad = 0, unanswered = 0;

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		struct answer a;

		fetch(d, str_of(paths[i]), &a);
		unanswered += a.status == 0;
		if (a.status == 200) {
			bad++;
			doctor_find(d, "private files",
				    "move it out of the document root, then make new "
				    "keys and "
				    "a new database password",
				    "everyone can read %s", paths[i]);
		}
		doctor_answer_done(&a);
	}
	if (bad == 0 && unanswered > 0)
		doctor_skip(d, "private files", NULL, "the server gave no answer");
	else if (bad == 0)
		doctor_find(d, "private files", NULL, "none is shown");
}

/* If nobody answers, there is nothing else to check. */
static void
skip_all(struct doctor *d)
{
	static const char *const checks[] = { "https",         "stylesheet",
					      "body limit",    "public keys",
					      "authorization", "admin pages",
					      "metadata",      "private files" };

	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++)
		doctor_skip(d, checks[i], NULL, "nobody answers");
}

bool
doctor_outside(struct doctor *d)
{
	enum login login = check_login(d);

	if (login == LOGIN_LOST) {
		skip_all(d);
		return false;
	}
	check_https(d);
	if (login == LOGIN_GOOD) {
		check_name(d);
		check_stylesheet(d);
		check_body_limit(d);
	} else {
		doctor_skip(d, "stylesheet", NULL, "the login does not run");
		doctor_skip(d, "body limit", NULL, "the login does not run");
	}
	check_jwks(d);
	check_authorization(d);
	check_admin(d);
	doctor_oauth(d);
	check_private_files(d);
	return true;
}
