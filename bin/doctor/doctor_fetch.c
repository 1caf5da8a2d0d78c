#include "bin/doctor/doctor_fetch.h"

#include "bin/curl.h"

static bool
put_url(const struct ask *ask, struct buf *config)
{
	struct buf url;
	bool good;

	buf_init(&url, DOCTOR_ANSWER_MAX);
	buf_add(&url, ask->site);
	good = buf_add(&url, ask->path) && curl_option(config, "url", buf_str(&url));
	buf_done(&url);
	return good;
}

static bool
put_token(const struct ask *ask, struct buf *config)
{
	struct buf line;
	bool good;

	if (ask->token.n == 0)
		return true;
	buf_init(&line, DOCTOR_ANSWER_MAX);
	buf_addz(&line, "Authorization: Bearer ");
	good = buf_add(&line, ask->token) &&
	       curl_option(config, "header", buf_str(&line));
	buf_done(&line);
	return good;
}

static bool
put_body(const struct ask *ask, struct buf *config)
{
	struct buf text;
	bool good;

	if (ask->type == NULL)
		return true;
	buf_init(&text, DOCTOR_ANSWER_MAX);
	buf_addf(&text, "Content-Type: %s", ask->type);
	good = curl_option(config, "header", buf_str(&text)) &&
	       curl_option(config, "header", STR("Expect:"));
	buf_clear(&text);
	for (size_t i = 0; i < ask->body; i++)
		buf_addc(&text, 'a');
	good = good && !text.failed && curl_option(config, "data-binary", buf_str(&text));
	buf_done(&text);
	return good;
}

static bool
put_config(const struct ask *ask, struct buf *config)
{
	static const char *const flags[] = { "silent", "include", "globoff", "path-as-is",
					     "http1.1" };

	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		curl_flag(config, flags[i]);
	return curl_option(config, "proto", STR("=http,https")) &&
	       curl_option(config, "max-time", STR("20")) &&
	       curl_option(config, "header",
			   ask->page ? STR("Accept: text/html") : STR("Accept: */*")) &&
	       put_url(ask, config) && put_token(ask, config) && put_body(ask, config);
}

static const char *
curl_problem(int status)
{
	switch (status) {
	case 0:
		return "no answer";
	case 6:
		return "the host's name is unknown";
	case 7:
		return "nobody listens there";
	case 28:
		return "no answer within 20 seconds";
	case 35:
		return "TLS cannot be agreed upon";
	case 60:
		return "the certificate is not good";
	case CURL_NOT_INSTALLED:
		return "curl is not installed";
	default:
		return "curl could not ask";
	}
}

/* Head and body of the last answer. 100 Continue and similar answers come before it. */
static bool
split(struct answer *a)
{
	struct str rest = buf_str(&a->bytes);

	for (;;) {
		int64_t status;
		size_t end = 0;

		if (rest.n < 12 || !str_starts_with(rest, STR("HTTP/1.")) ||
		    !str_to_int(str_sub(rest, 9, 3), 100, 599, &status))
			return false;
		while (end + 4 <= rest.n &&
		       !str_eq(str_sub(rest, end, 4), STR("\r\n\r\n")))
			end++;
		if (end + 4 > rest.n)
			return false;
		a->status = (int)status;
		a->head = str_sub(rest, 0, end + 2);
		a->body = str_sub(rest, end + 4, rest.n);
		if (status >= 200)
			return true;
		rest = a->body;
	}
}

void
doctor_fetch(const struct ask *ask, struct answer *a)
{
	struct buf config;
	bool too_long;
	int status;

	*a = (struct answer){ .lost = "curl could not be started" };
	buf_init(&a->bytes, DOCTOR_ANSWER_MAX);
	buf_init(&config, DOCTOR_ANSWER_MAX);
	if (put_config(ask, &config)) {
		status = curl_run(buf_str(&config), STR(""), &a->bytes, &too_long);
		a->lost = split(a) ? NULL : curl_problem(status);
	}
	buf_done(&config);
}

void
doctor_answer_done(struct answer *a)
{
	buf_done(&a->bytes);
}

static bool
next_line(struct str *rest, struct str *name, struct str *value)
{
	struct str line = str_cut(rest, '\n');

	if (line.n == 0)
		return false;
	*name = str_cut(&line, ':');
	*value = line;
	if (str_ends_with(*value, STR("\r")))
		value->n--;
	*value = str_trim(*value);
	return true;
}

bool
doctor_header(const struct answer *a, struct str wanted, struct str *value)
{
	struct str rest = a->head, name;

	while (next_line(&rest, &name, value))
		if (str_eq_nocase(name, wanted))
			return true;
	return false;
}

bool
doctor_header_starts(const struct answer *a, struct str prefix)
{
	struct str rest = a->head, name, value;

	while (next_line(&rest, &name, &value))
		if (str_eq_nocase(str_sub(name, 0, prefix.n), prefix))
			return true;
	return false;
}
