/* By a program of the host's, called as sendmail is. */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "bin/mail/mail_deliver.h"
#include "bin/process.h"

#define SAID_MAX 8192
#define ENVIRONMENT_MAX 4200

/* Such programs end lines with LF (sendmail(8), msmtp(1)). */
static bool
put_local_lines(struct buf *out, struct str message)
{
	for (size_t i = 0; i < message.n; i++)
		if (message.p[i] != '\r')
			buf_addc(out, message.p[i]);
	return !out->failed;
}

/* Where programs look for their settings; whoever started us may have left nothing. */
static void
put_home(char home[ENVIRONMENT_MAX])
{
	const struct passwd *me = getpwuid(geteuid());

	snprintf(home, ENVIRONMENT_MAX, "HOME=%s", me != NULL ? me->pw_dir : "/");
}

/* No shell, and `--` before what somebody has typed. */
static int
run(const char *program, const struct mail_envelope *mail, struct str message,
    struct buf *said)
{
	static char path[] = "PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";
	static char dots[] = "-i", sender[] = "-f", end[] = "--";
	char home[ENVIRONMENT_MAX];
	char *from = str_dup(mail->from), *to = str_dup(mail->to);
	char *const argv[] = {
		(char *)(size_t)program, dots, sender, from, end, to, NULL
	};
	char *const envp[] = { path, home, NULL };
	const struct process process = { .argv = argv,
					 .envp = envp,
					 .input = message,
					 .with_errors = true,
					 .deadline_ms = MAIL_DEADLINE_S * 1000 };
	int status = PROCESS_NOT_STARTED;
	bool too_long;

	put_home(home);
	if (from != NULL && to != NULL)
		status = process_run(&process, said, &too_long);
	free(from);
	free(to);
	return status;
}

static void
judge(int status, const char *program, struct str said, struct mail_result *result)
{
	char line[MAIL_LINE];

	mail_one_line(said, line);
	if (status == EX_OK)
		result->outcome = MAIL_SENT;
	else if (status == PROCESS_LATE)
		mail_failed(result, MAIL_LATER, true, "%s did not end in %d s", program,
			    MAIL_DEADLINE_S);
	else if (status < 0 || status == 126 || status == 127)
		mail_failed(result, MAIL_LATER, true, "%s could not be run", program);
	else if (status == EX_NOUSER)
		mail_failed(result, MAIL_NEVER, false, "%s: no such user (%s)", program,
			    line);
	else
		mail_failed(result, MAIL_LATER, false, "%s ended with %d (%s)", program,
			    status, line);
}

void
mail_deliver_sendmail(const struct mail_envelope *mail, struct mail_result *result)
{
	const char *program = mail->server.path.p;
	struct buf message, said;
	int status;

	buf_init(&message, mail->message.n);
	buf_init(&said, SAID_MAX);
	if (put_local_lines(&message, mail->message)) {
		status = run(program, mail, buf_str(&message), &said);
		judge(status, program, buf_str(&said), result);
	} else {
		mail_failed(result, MAIL_LATER, true, "there is no memory");
	}
	buf_done(&message);
	buf_done(&said);
}
