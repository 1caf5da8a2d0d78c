/* The findings of `doorward doctor`, one line each, as text or JSON. */
#include <stdarg.h>
#include <stdio.h>

#include "bin/doctor/doctor.h"
#include "json/json.h"

#define TEXT_MAX 600

enum state { STATE_OK, STATE_BAD, STATE_NOT_ASKED };

static void
put_text(struct doctor *d, const char *check, enum state state, const char *fix,
	 const char *text)
{
	static const char *const words[] = { "ok", "BAD", "--" };

	buf_addf(&d->out, "%-4s %-14s %s%s\n", words[state], check,
		 state == STATE_NOT_ASKED ? "not asked: " : "", text);
	if (fix != NULL)
		buf_addf(&d->out, "     -> %s\n", fix);
}

static void
put_json(struct doctor *d, const char *check, enum state state, const char *fix,
	 const char *text)
{
	json_put_open(&d->out, '{');
	json_put_member(&d->out, "check", str_of(check));
	if (state == STATE_NOT_ASKED) {
		json_put_name(&d->out, "good");
		json_put_null(&d->out);
	} else {
		json_put_member_bool(&d->out, "good", state == STATE_OK);
	}
	json_put_member(&d->out, "text", str_of(text));
	if (fix != NULL)
		json_put_member(&d->out, "fix", str_of(fix));
	json_put_close(&d->out, '}');
}

void
doctor_find(struct doctor *d, const char *check, const char *fix, const char *format, ...)
{
	char text[TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	d->bad = d->bad || fix != NULL;
	(d->json ? put_json : put_text)(d, check, fix == NULL ? STATE_OK : STATE_BAD, fix,
					text);
}

void
doctor_skip(struct doctor *d, const char *check, const char *hint, const char *format,
	    ...)
{
	char text[TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	(d->json ? put_json : put_text)(d, check, STATE_NOT_ASKED, hint, text);
}

bool
doctor_is_explained(struct doctor *d, const char *check, const struct answer *a)
{
	if (a->status != 503 || d->cause == NULL)
		return false;
	doctor_skip(d, check, NULL, "the answer is 503, as %s above is bad", d->cause);
	return true;
}

const char *
doctor_answer(const struct answer *a, char text[DOCTOR_ANSWER_SIZE])
{
	if (a->status == 0)
		snprintf(text, DOCTOR_ANSWER_SIZE, "gives no answer (%s)",
			 a->lost != NULL ? a->lost : "none at all");
	else
		snprintf(text, DOCTOR_ANSWER_SIZE, "answers %d", a->status);
	return text;
}
