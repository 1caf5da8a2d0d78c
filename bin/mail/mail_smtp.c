/* By SMTP (RFC 5321), which curl(1) speaks. */
#include <stdio.h>
#include <string.h>

#include "bin/curl.h"
#include "bin/mail/mail_deliver.h"
#include "bin/process.h"
#include "config/config_host.h"

#define CONFIG_MAX 8192
#define SAID_MAX 8192
#define CONNECT_S "20"
#define TEXT_(n) #n
#define TEXT(n) TEXT_(n)

/* curl's exit statuses of which something is to be said (curl(1), EXIT CODES). */
enum {
	CURL_NO_HOST = 6,
	CURL_NO_CONNECTION = 7,
	CURL_ODD_REPLY = 8,
	CURL_LATE = 28,
	CURL_NO_TLS = 35,
	CURL_COMMAND_FAILED = 55,
	CURL_BROKEN = 56,
	CURL_BAD_CERTIFICATE = 60,
	CURL_TLS_MISSING = 64,
	CURL_LOGIN_DENIED = 67
};

/*
 * The URL: the path is the name that we greet with (EHLO), which is the site's where it has
 * one; servers that look at the name refuse that of a container.
 */
static bool
put_url(struct buf *config, const struct mail_envelope *mail)
{
	struct str host = config_host(mail->config);
	struct buf url;
	bool good;

	buf_init(&url, 1024);
	buf_addz(&url, mail->config->mail_server);
	if (host.n > 0 && host.p[0] != '[')
		buf_addf(&url, "/%.*s", STR_ARG(host));
	good = !url.failed && curl_option(config, "url", buf_str(&url));
	buf_done(&url);
	return good;
}

static enum err
put_login(struct buf *config, const char *path, struct why *why)
{
	struct str name, password;
	struct buf file, both;
	enum err e;

	buf_init(&file, MAIL_CREDENTIALS_MAX);
	buf_init(&both, MAIL_CREDENTIALS_MAX);
	if ((e = mail_credentials(path, &file, &name, &password, why)) == ERR_OK) {
		buf_add(&both, name);
		buf_addc(&both, ':');
		buf_add(&both, password);
		if (both.failed || !curl_option(config, "user", buf_str(&both)))
			e = ERR_MEMORY;
	}
	buf_done(&file);
	buf_done(&both);
	return e;
}

static enum err
put_config(struct buf *config, const struct mail_envelope *mail, struct why *why)
{
	bool tls = mail->config->mail_tls == MAIL_TLS_REQUIRED;

	if (!put_url(config, mail) || !curl_option(config, "mail-from", mail->from) ||
	    !curl_option(config, "mail-rcpt", mail->to))
		return ERR_MEMORY;
	curl_option(config, "upload-file", STR(PROCESS_MORE));
	curl_option(config, "proto", STR("=smtp,smtps"));
	curl_option(config, "noproxy", STR("*"));
	curl_option(config, "connect-timeout", STR(CONNECT_S));
	curl_option(config, "max-time", STR(TEXT(MAIL_DEADLINE_S)));
	/* the status of the server's last answer, in a line of its own */
	curl_option(config, "stderr", STR("-"));
	buf_addz(config, "write-out = \"\\n%{response_code}\"\n");
	curl_flag(config, "silent");
	curl_flag(config, "show-error");
	if (tls && mail->server.kind == MAIL_SERVER_SMTP)
		curl_flag(config, "ssl-reqd");
	if (mail->config->mail_credentials != NULL)
		return put_login(config, mail->config->mail_credentials, why);
	return config->failed ? ERR_MEMORY : ERR_OK;
}

/*
 * Take the last line off, which is the code of the server's last answer (write-out); 0: it
 * has answered nothing.
 */
static int64_t
take_code(struct str *said)
{
	size_t n = said->n;
	int64_t code = 0;

	while (n > 0 && said->p[n - 1] != '\n')
		n--;
	if (!str_to_int(str_sub(*said, n, said->n), 100, 599, &code))
		code = 0;
	*said = str_sub(*said, 0, n);
	return code;
}

static bool
says(struct str said, const char *words)
{
	return memmem(said.p, said.n, words, strlen(words)) != NULL;
}

/*
 * Did the server judge this mail, and not us or its own state? It did so when it answered the
 * recipient or what was sent (RFC 5321, 4.2.1: a code of 5 is for good).
 */
static bool
is_about_mail(int status, struct str said)
{
	return (status == CURL_COMMAND_FAILED &&
		(says(said, "RCPT failed") || says(said, "DATA failed"))) ||
	       (status == CURL_ODD_REPLY && !says(said, "server response"));
}

static const char *
problem(int status)
{
	switch (status) {
	case CURL_NOT_INSTALLED:
		return "curl is not installed";
	case CURL_NO_HOST:
		return "the mail server's name is not known";
	case CURL_NO_CONNECTION:
		return "the mail server cannot be reached";
	case CURL_LATE:
		return "the mail server did not answer in time";
	case CURL_NO_TLS:
		return "the mail server does not speak TLS as it should";
	case CURL_BAD_CERTIFICATE:
		return "the mail server's certificate is not good";
	case CURL_TLS_MISSING:
		return "the mail server offers no STARTTLS";
	case CURL_LOGIN_DENIED:
		return "the mail server refused the name or the password";
	case CURL_BROKEN:
		return "the connection to the mail server broke";
	default:
		return "the mail server did not take it";
	}
}

static void
judge(int status, struct str said, struct mail_result *result)
{
	int64_t code = take_code(&said);
	char line[MAIL_LINE];

	mail_one_line(said, line);
	if (status == 0)
		result->outcome = MAIL_SENT;
	else if (is_about_mail(status, said) && code >= 400)
		mail_failed(result, code >= 500 ? MAIL_NEVER : MAIL_LATER, false,
			    "the mail server answered %lld (%s)", (long long)code, line);
	else
		mail_failed(result, MAIL_LATER, true, "%s (%s)", problem(status), line);
}

void
mail_deliver_smtp(const struct mail_envelope *mail, struct mail_result *result)
{
	struct why why = { "" };
	struct buf config, said;
	bool too_long;
	int status;
	enum err e;

	buf_init(&config, CONFIG_MAX);
	buf_init(&said, SAID_MAX);
	if ((e = put_config(&config, mail, &why)) == ERR_OK) {
		status = curl_run(buf_str(&config), mail->message, &said, &too_long);
		judge(status, buf_str(&said), result);
	} else {
		mail_failed(result, MAIL_LATER, true, "%s",
			    why.text[0] != '\0' ? why.text : err_text(e));
	}
	buf_done(&config);
	buf_done(&said);
}
