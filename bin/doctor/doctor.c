/*
 * doorward doctor: the usual mistakes of an installation, and the line that repairs
 * each.
 */
#include "bin/doctor/doctor.h"

#include <stdio.h>

#include "base/clock.h"
#include "bin/command.h"
#include "bin/jose/token.h"
#include "bin/who.h"
#include "http/target.h"
#include "json/json.h"

#define OUT_MAX (1024 * 1024)
#define TOKEN_LIFE 60

/*
 * The token opens everything that the site's tokens open. So it is sent to no other
 * site, lives for one minute, and is recorded in the audit first. Without it, doctor
 * looks only from outside.
 */
static void
make_token(struct doctor *d)
{
	struct why why = { "" };
	char name[WHO_SIZE];
	enum err e = ERR_NOT_FOUND;

	if (!d->inside)
		why_set(&why, e, "the settings were not read");
	else if (!str_eq(d->site, str_of(d->config.public_url)))
		why_set(&why, e, "a token is sent to public_url only");
	else if (d->config.signing_keys == NULL)
		why_set(&why, e, "signing_keys is not set");
	else if (who_is_operator(&d->config, name))
		why_set(&why, e, "%s may make one: sudo -u %s doorward doctor", name,
			name);
	else
		e = token_make(&d->config, "doorward-doctor", d->now, TOKEN_LIFE,
			       &d->token, &why);
	if (e == ERR_OK)
		return;
	buf_clear(&d->token);
	snprintf(d->no_token, sizeof(d->no_token), "%.300s", why.text);
}

static int
examine(struct doctor *d)
{
	if (d->json) {
		json_put_open(&d->out, '{');
		json_put_member(&d->out, "site", d->site);
		json_put_name(&d->out, "checks");
		json_put_open(&d->out, '[');
	}
	doctor_inside(d);
	make_token(d);
	doctor_gate(d, doctor_outside(d));
	if (d->json) {
		json_put_close(&d->out, ']');
		json_put_member_bool(&d->out, "good", !d->bad);
		json_put_close(&d->out, '}');
		buf_addc(&d->out, '\n');
	}
	config_done(&d->config);
	if (!command_write(buf_str(&d->out)))
		return COMMAND_FAILED;
	return d->bad ? COMMAND_NO : COMMAND_OK;
}

int
doctor_command(int argc, char **argv)
{
	struct doctor d = { .bad = false };
	const struct command_option options[] = {
		{ "gated", .values = d.gated, .n = &d.n_gated, .max = DOCTOR_GATED_MAX },
		{ "json", .flag = &d.json },
		{ NULL }
	};
	int result;

	if (!command_options(&argc, argv, options) || argc != 2)
		return COMMAND_MISUSED;
	d.site = str_of(argv[1]);
	if (str_ends_with(d.site, STR("/")))
		d.site.n--;
	if (!target_is_origin(d.site))
		return command_fail("%s: an address like https://example.org is wanted",
				    argv[1]);
	if (clock_now(&d.now) != ERR_OK)
		return command_fail("the clock of this host is not set");
	buf_init(&d.token, 16384);
	buf_init(&d.out, OUT_MAX);
	result = examine(&d);
	buf_done(&d.token);
	buf_done(&d.out);
	return result;
}
