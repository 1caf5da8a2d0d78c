/*
 * One-time links as a program handles them, for test_store_links.py:
 *
 *   links_probe CONNINFO MAIL_KEY < LINES
 *
 *   make KIND USER DATA TEMPLATE    the ticket; of kind setup a random one
 *   peek TICKET                     the kind, the user's name and the data
 *   use TICKET NAME HASH            the outcome
 *   mail RECIPIENT                  a notice about nobody
 *
 * Words are parted by tabs, - is an empty one. Each line is answered with one: what is
 * said above, `none`, or `error` and why.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "db/schema.h"
#include "store/links.h"
#include "store/mail.h"
#include "ticket/ticket_fields.h"

static struct db *db;
static struct str mail_key;

static struct str
word(char **line)
{
	struct str s = str_of(strsep(line, "\t\n"));

	return str_is(s, "-") ? STR("") : s;
}

static void
failed(enum err e, const struct why *why)
{
	printf("error %s: %s\n", err_text(e), why->text);
}

static enum ticket_kind
kind_of(struct str name)
{
	enum ticket_kind k = 0;

	while (k < TICKET_KINDS && !str_is(name, ticket_row(k)->name))
		k++;
	return k;
}

static void
make(char *line)
{
	struct links_new link = { .kind = kind_of(word(&line)),
				  .uses = 1,
				  .actor = STR("operator:test") };
	bool hashed = link.kind == TICKET_SETUP, made = false;
	unsigned char hash[SHA256_SIZE], id_bytes[TICKET_UUID];
	char id[UUID_SIZE], ticket[TICKET_SIZE] = "";
	struct why why = { "" };
	enum err e = ERR_OK;

	link.user = word(&line);
	link.data = word(&line);
	link.template = word(&line);
	if (hashed && (e = ticket_new(link.kind, ticket)) == ERR_OK &&
	    ticket_hash(link.kind, str_of(ticket), hash))
		link.hash = (struct str){ (const char *)hash, sizeof(hash) };
	if (e == ERR_OK)
		e = links_make(db, &link, id, &made, &why);
	if (e == ERR_OK && made && !hashed && ticket_put_uuid(id_bytes, str_of(id)))
		e = ticket_make(link.kind, mail_key,
				(struct str){ (const char *)id_bytes, sizeof(id_bytes) },
				STR(""), ticket);
	if (e != ERR_OK)
		failed(e, &why);
	else
		printf("%s\n", made ? ticket : "none");
}

/* The kind of a ticket that is one of ours, and its key. */
static bool
open_ticket(struct str ticket, struct links_key *key, char id[UUID_SIZE],
	    unsigned char hash[SHA256_SIZE])
{
	unsigned char fields[TICKET_FIELDS_MAX];
	bool good = false;

	*key = (struct links_key){ .kind = TICKET_SETUP };
	if (ticket_hash(TICKET_SETUP, ticket, hash)) {
		key->hash = (struct str){ (const char *)hash, SHA256_SIZE };
		return true;
	}
	for (enum ticket_kind k = TICKET_INVITE; !good && k <= TICKET_FACTOR; k++) {
		key->kind = k;
		if (ticket_check(k, mail_key, STR(""), time(NULL), ticket, fields,
				 &good) != ERR_OK)
			return false;
	}
	ticket_get_uuid(fields, id);
	key->id = str_of(id);
	return good;
}

static void
peek(char *line)
{
	static const char *const states[] = { "unknown", "good", "used", "expired",
					      "dead" };
	unsigned char hash[SHA256_SIZE];
	struct why why = { "" };
	struct links_key key;
	struct link link;
	char id[UUID_SIZE];
	enum err e = ERR_OK;

	link.state = LINK_UNKNOWN;
	if (open_ticket(word(&line), &key, id, hash))
		e = links_peek(db, &key, &link, &why);
	if (e != ERR_OK)
		failed(e, &why);
	else if (link.state != LINK_GOOD)
		printf("%s\n", states[link.state]);
	else
		printf("%s\t%s\t%s\n", ticket_row(key.kind)->name, link.name,
		       link.address);
}

static void
use(char *line)
{
	static const char *const outcomes[] = { "gone",    "incomplete", "name", "taken",
						"address", "mail",       "ok" };
	enum links_used outcome = LINKS_GONE;
	struct str ticket = word(&line);
	struct links_given given = { .name = word(&line),
				     .hash = word(&line),
				     .mail = STR("first@example.org"),
				     .address = STR("192.0.2.1") };
	unsigned char ticket_sha[SHA256_SIZE];
	char id[UUID_SIZE], user[UUID_SIZE];
	struct why why = { "" };
	struct links_key key;
	enum err e = ERR_OK;

	if (open_ticket(ticket, &key, id, ticket_sha))
		e = links_use(db, &key, &given, &outcome, user, &why);
	if (e != ERR_OK)
		failed(e, &why);
	else
		printf("%s\n", outcomes[outcome]);
}

static void
mail(char *line)
{
	struct mail m = { .template = STR("notice"), .recipient = word(&line) };
	struct why why = { "" };
	enum err e = mail_add(db, &m, &why);

	if (e != ERR_OK)
		failed(e, &why);
	else
		printf("ok\n");
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(char *line);
	} commands[] = {
		{ "make", make }, { "peek", peek }, { "use", use }, { "mail", mail }
	};
	struct why why = { "" };
	char line[8192], *rest;

	if (argc != 3 ||
	    db_open(&db, argv[1], "account", &embedded_schema, &why) != ERR_OK) {
		fprintf(stderr, "links_probe: %s\n", why.text);
		return 2;
	}
	mail_key = str_of(argv[2]);
	while (fgets(rest = line, sizeof(line), stdin) != NULL) {
		struct str name = word(&rest);

		for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
			if (str_is(name, commands[i].name))
				commands[i].run(rest);
		fflush(stdout);
	}
	db_close(db);
	return 0;
}
