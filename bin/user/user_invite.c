/*
 * doorward user invite: links by which people come in, made, listed, mailed again and
 * taken back.
 */
#include <stdio.h>
#include <string.h>

#include "access/urls.h"
#include "base/text.h"
#include "bin/db/database.h"
#include "bin/user/user.h"
#include "config/config.h"
#include "crypto/secret.h"
#include "mail/mail_link.h"
#include "store/links.h"
#include "json/json.h"

#define ROLES_MAX 64
#define USES_MAX 10000
#define DAYS_MAX 90
#define DATA_MAX 4096 /* bytes of its data, as the database takes them */

struct invitation {
	const char *roles[ROLES_MAX];
	size_t n_roles;
	const char *mail; /* NULL: the link is handed over by other means */
	int64_t uses, days;
};

/* ---- make ---- */

static bool
is_listed(const struct config_list *list, const char *word)
{
	for (size_t i = 0; i < list->n; i++)
		if (strcmp(list->items[i], word) == 0)
			return true;
	return false;
}

/* May these settings make it? `why` says what to do. */
static enum err
check(const struct config *c, const struct invitation *in, struct why *why)
{
	if (c->registration == REGISTRATION_CLOSED)
		return why_set(why, ERR_EXISTS,
			       "registration is closed, so no invitation would be taken: "
			       "set registration = invited");
	if (c->mail_key == NULL)
		return why_set(why, ERR_EXISTS,
			       "mail_key is not set, and an invitation's link is made "
			       "with it: see man doorward.conf");
	if (in->mail != NULL && !config_has_mail(c))
		return why_set(why, ERR_EXISTS,
			       "mail_server and mail_from are not set, so no mail can go "
			       "to %s: leave out --mail and hand the link over yourself",
			       in->mail);
	for (size_t i = 0; in->uses > 1 && i < in->n_roles; i++)
		if (!is_listed(&c->registration_roles, in->roles[i]))
			return why_set(why, ERR_EXISTS,
				       "an invitation for many gives only roles of "
				       "registration_roles, and %s is none of them",
				       in->roles[i]);
	return user_mail(in->mail, why);
}

/* Its data as JSON: see the function link_make. */
static void
put_data(const struct config *c, const struct invitation *in, struct buf *data)
{
	const struct config_list *usual = &c->registration_roles;
	bool all_usual = in->uses > 1 && in->n_roles == 0;
	size_t n = all_usual ? usual->n : in->n_roles;

	json_put_open(data, '{');
	if (in->mail != NULL)
		json_put_member(data, "address", str_of(in->mail));
	json_put_name(data, "roles");
	json_put_open(data, '[');
	for (size_t i = 0; i < n; i++)
		json_put_str(data, str_of(all_usual ? usual->items[i] : in->roles[i]));
	json_put_close(data, ']');
	json_put_close(data, '}');
}

/* Make it and its mail; the line to print goes to `url`. */
static enum err
make(struct database *d, const struct invitation *in, struct str key, struct buf *url,
     struct why *why)
{
	char id[UUID_SIZE] = "";
	struct links_new link = { .kind = TICKET_INVITE,
				  .uses = in->uses,
				  .life = in->days * 86400,
				  .template = str_of(in->mail != NULL ? "invite" : NULL),
				  .actor = str_of(d->actor) };
	struct buf data;
	bool made;
	enum err e;

	buf_init(&data, DATA_MAX);
	put_data(&d->config, in, &data);
	link.data = buf_str(&data);
	e = data.failed ? why_set(why, ERR_LIMIT, "more roles than a link can carry")
			: links_make(d->db, &link, id, &made, why);
	if (e == ERR_OK && !made)
		e = user_explain(ERR_SYNTAX, why);
	if (e == ERR_OK)
		e = mail_link_url(key, TICKET_INVITE, str_of(id), d->config.public_url,
				  URL_ACCOUNT_LINK, url);
	if (e != ERR_OK && why->text[0] == '\0')
		why_set(why, e, "the link cannot be made: %s", err_text(e));
	buf_done(&data);
	return e;
}

static int
run(struct database *d, const struct invitation *in)
{
	struct why why = { "" };
	struct buf key, url;
	enum err e = check(&d->config, in, &why);

	buf_init(&key, 4096);
	buf_init(&url, 1024);
	/* the key first: an invitation that cannot be shown is not to be made */
	if (e == ERR_OK)
		e = secret_read_key(d->config.mail_key, &key, &why);
	if (e == ERR_OK)
		e = make(d, in, buf_str(&key), &url, &why);
	if (e == ERR_OK)
		printf("%s\n", buf_z(&url));
	if (e == ERR_OK && in->mail != NULL)
		fprintf(stderr, "the same goes to %s by mail\n", in->mail);
	buf_done(&key);
	buf_done(&url);
	return database_result(e, &why);
}

static int
invite(int argc, char **argv)
{
	const char *uses = NULL, *days = NULL;
	struct invitation in = { .uses = 1, .days = 7 };
	const struct command_option options[] = { { "role", .values = in.roles,
						    .n = &in.n_roles, .max = ROLES_MAX },
						  { "mail", .value = &in.mail },
						  { "uses", .value = &uses },
						  { "days", .value = &days },
						  { NULL } };
	struct database d;
	int result;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	if (uses != NULL && !str_to_int(str_of(uses), 1, USES_MAX, &in.uses))
		return command_fail("--uses %s: a number from 1 to %d is wanted", uses,
				    USES_MAX);
	if (days != NULL && !str_to_int(str_of(days), 1, DAYS_MAX, &in.days))
		return command_fail("--days %s: a number from 1 to %d is wanted", days,
				    DAYS_MAX);
	if (in.mail != NULL && in.uses > 1)
		return command_fail("--mail is for one person, and --uses for many");
	if (!user_roles_are_good(in.roles, in.n_roles))
		return COMMAND_NO;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	result = run(&d, &in);
	database_close(&d);
	return result;
}

/* ---- list ---- */

/* Columns of links_list. */
enum { ID, ADDRESS, ROLES, USES_LEFT, CREATED_AT, ENDS_AT, STATE };

static void
put_json(struct buf *out, const struct db_rows *rows)
{
	json_put_open(out, '[');
	for (size_t i = 0; i < db_count(rows); i++) {
		struct str roles = db_str(rows, i, ROLES);

		json_put_open(out, '{');
		json_put_member(out, "id", db_str(rows, i, ID));
		json_put_member(out, "state", db_str(rows, i, STATE));
		if (!db_is_null(rows, i, ADDRESS))
			json_put_member(out, "address", db_str(rows, i, ADDRESS));
		json_put_name(out, "roles");
		json_put_open(out, '[');
		while (roles.n > 0)
			json_put_str(out, str_cut(&roles, ' '));
		json_put_close(out, ']');
		json_put_member_int(out, "uses_left", db_int(rows, i, USES_LEFT));
		json_put_member_int(out, "created_at", db_int(rows, i, CREATED_AT));
		json_put_member_int(out, "ends_at", db_int(rows, i, ENDS_AT));
		json_put_close(out, '}');
	}
	json_put_close(out, ']');
	buf_addc(out, '\n');
}

static void
put_text(struct buf *out, const struct db_rows *rows)
{
	char text[32];

	command_header(out, "ID                                   STATE    LEFT  "
			    "ENDS (UTC)        ADDRESS                   ROLES");
	for (size_t i = 0; i < db_count(rows); i++) {
		struct str address = db_str(rows, i, ADDRESS);

		buf_addf(out, "%.*s %-8.*s %4lld  ", STR_ARG(db_str(rows, i, ID)),
			 STR_ARG(db_str(rows, i, STATE)),
			 (long long)db_int(rows, i, USES_LEFT));
		buf_add(out, database_time(rows, i, ENDS_AT, text));
		buf_addf(out, "  %-24.*s  %.*s\n",
			 STR_ARG(address.n > 0 ? address : STR("-")),
			 STR_ARG(db_str(rows, i, ROLES)));
	}
}

static int
list(int argc, char **argv)
{
	bool json = false;
	const struct command_option options[] = { { "json", .flag = &json }, { NULL } };
	struct db_rows *rows = NULL;
	struct why why = { "" };
	struct database d;
	enum err e;

	if (!command_options(&argc, argv, options) || argc != 1)
		return COMMAND_MISUSED;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	e = links_list(d.db, &rows, &why);
	return database_show(&d, e, &why, &rows, json ? put_json : put_text);
}

/* ---- resend, withdraw ---- */

static enum err
resend_one(struct database *d, struct str id, struct why *why)
{
	enum links_resent outcome = LINKS_RESENT_MISSING;
	enum err e;

	if (d->config.registration == REGISTRATION_CLOSED)
		return why_set(why, ERR_EXISTS,
			       "registration is closed, so no invitation would be taken: "
			       "set registration = invited");
	if (!config_has_mail(&d->config))
		return why_set(why, ERR_EXISTS,
			       "mail_key, mail_server and mail_from are not all set: no "
			       "mail can be sent");
	e = links_resend(d->db, id, STR(""), str_of(d->actor), &outcome, why);
	if (e != ERR_OK || outcome == LINKS_RESENT_OK)
		return e;
	if (outcome == LINKS_RESENT_USED)
		return why_set(why, ERR_EXISTS, "that invitation is used up");
	if (outcome == LINKS_RESENT_NOWHERE)
		return why_set(why, ERR_EXISTS, "that invitation has no address of mail");
	return why_set(why, ERR_NOT_FOUND, "there is no invitation %.*s", STR_ARG(id));
}

static int
resend(int argc, char **argv)
{
	struct why why = { "" };
	struct database d;
	enum err e;

	if (!command_options(&argc, argv, NULL) || argc != 2)
		return COMMAND_MISUSED;
	if (!text_is_uuid(str_of(argv[1])))
		return command_no("there is no invitation %s", argv[1]);
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	e = resend_one(&d, str_of(argv[1]), &why);
	database_close(&d);
	return database_result(e, &why);
}

static int
withdraw(int argc, char **argv)
{
	struct why why = { "" };
	struct database d;
	bool done = false;
	enum err e;

	if (!command_options(&argc, argv, NULL) || argc != 2)
		return COMMAND_MISUSED;
	if (!text_is_uuid(str_of(argv[1])))
		return command_no("there is no invitation %s", argv[1]);
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	e = links_withdraw(d.db, str_of(argv[1]), str_of(d.actor), &done, &why);
	if (e == ERR_OK && !done)
		e = why_set(&why, ERR_NOT_FOUND,
			    "there is no invitation %s that could still be used",
			    argv[1]);
	database_close(&d);
	return database_result(e, &why);
}

int
user_invite(int argc, char **argv)
{
	static const struct command_action actions[] = {
		{ "list", list },
		{ "resend", resend },
		{ "withdraw", withdraw },
		{ NULL },
	};

	if (argc > 1 && argv[1][0] != '-')
		return command_dispatch(argc, argv, actions);
	return invite(argc, argv);
}
