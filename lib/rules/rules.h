/*
 * The gate's rules: what a path asks of whoever wants it.
 *
 *   /members              signed-in
 *   /members/admin        any-of admin,owner login-within 10m
 *   /wiki                 methods GET open
 *   /wiki                 any-of editor
 *   /reports              all-of staff,finance api
 *   /members/logo.png     open
 *   /old                  refuse
 *   /api/reports          any-of staff scope reports.read
 *   /api/feed             client reader,mirror
 *
 * The longest prefix decides, whole segments only (/members is no prefix of
 * /membership); a slash at its end means nothing. Of several rules with one
 * prefix the one that names the method decides, else the one without methods;
 * when there is none, the method is refused. GET stands for HEAD too. What no
 * rule names is for those signed in. A path is written as in an address:
 * /my%20files.
 *
 * Signed in are people, and programs with a token of the operator's making; the
 * token of a client (identity.h) opens only what names its scope or itself.
 *
 * Some trees do not tell /Members from /members. So a path that would come
 * under another rule in another case must satisfy that rule as well.
 */
#ifndef RULES_H
#define RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "token/identity.h"

#define RULES_MAX 10000
#define RULE_MAX_BYTES 4096
#define RULE_MAX_ROLES 32
#define RULE_MAX_METHODS 16
#define RULE_MAX_SCOPES 16
#define RULE_MAX_CLIENTS 16

enum rule_access {
	RULE_REFUSE = 0,
	RULE_CLIENTS,   /* only clients that it names */
	RULE_SIGNED_IN, /* and these clients */
	RULE_OPEN
};

struct rule {
	char *text;        /* owned: as it was written; the lists below borrow from it */
	char *path;        /* owned; prefix borrows from it */
	struct str prefix; /* decoded, without its last slash; "" is the whole site */
	enum rule_access access;
	bool api;             /* never answered with a redirect */
	int64_t login_within; /* seconds since the password was given; 0: any */
	struct str any_of[RULE_MAX_ROLES];
	size_t n_any_of;
	struct str all_of[RULE_MAX_ROLES];
	size_t n_all_of;
	struct str methods[RULE_MAX_METHODS];
	size_t n_methods;
	struct str scopes[RULE_MAX_SCOPES]; /* a client's token needs all of them … */
	size_t n_scopes;
	struct str clients[RULE_MAX_CLIENTS]; /* … and is of one of these */
	size_t n_clients;
	char where[96]; /* "doorward.conf:12" for people */
};

struct rules {
	struct rule *rule; /* sorted once all are added */
	size_t n, size;
	size_t longest; /* of all prefixes */
	bool sorted;
};

/* Who asks, and for what. Everything borrows. */
struct rules_question {
	struct str path; /* from path_canonical */
	struct str method;
	const struct identity *who; /* NULL: nobody */
	int64_t now;
};

/* From the hardest refusal to the plain yes; zero refuses. */
enum rules_answer {
	RULES_REFUSED = 0,  /* nobody may, or the rules cannot be read */
	RULES_METHOD,       /* not with this method */
	RULES_SIGN_IN,      /* not signed in */
	RULES_OTHER_TOKEN,  /* a token of a kind, client or scope that it does not name */
	RULES_NOT_ENTITLED, /* signed in, without the roles */
	RULES_SIGN_IN_AGAIN, /* the login is too old, or the token is not of one */
	RULES_ALLOW
};

struct rules_verdict {
	enum rules_answer answer;
	bool open;               /* allowed without a login */
	bool api;                /* one of the rules that were asked says so */
	const struct rule *rule; /* which one decided; NULL: none names the path */
};

/* No rules; rules_done frees those that were added. */
void rules_init(struct rules *rs);
void rules_done(struct rules *rs);

/*
 * Read one rule and add it. `where` is the file and line for people. What is
 * not understood is ERR_SYNTAX with the reason, never skipped: who gets an
 * error here must refuse every request.
 */
enum err rules_add(struct rules *rs, struct str text, const char *where, struct why *why);

/*
 * Sort; to be called once, after the last rules_add. ERR_EXISTS when two rules
 * have one prefix and a method in common.
 */
enum err rules_sort(struct rules *rs, struct why *why);

/* The words of a rule: the one table that reads, suggests and explains them. */
struct rule_parsing;
struct rule_word {
	const char *word;  /* NULL: the end of the table */
	const char *takes; /* what follows it: "ROLE,ROLE"; "": nothing */
	const char *means; /* one line for people */
	bool (*read)(struct rule_parsing *p); /* false: repeated, or a bad list */
};
extern const struct rule_word rule_words[];

/* Read one rule; rules_add does it for its caller. */
enum err rule_parse(struct str text, const char *where, struct rule *r, struct why *why);

/*
 * A rule without a path, as .htaccess hands it over ("any-of admin api"). It
 * can only ask for more than the settings: `open` and methods are refused.
 */
enum err rule_parse_extra(struct str text, const char *where, struct rule *r,
			  struct why *why);
void rule_done(struct rule *r);

/* Decide. `extra` may be NULL; both it and the rules must agree. */
void rules_decide(const struct rules *rs, const struct rule *extra,
		  const struct rules_question *q, struct rules_verdict *v);

/* A short English phrase for an answer; a static string. */
const char *rules_answer_text(enum rules_answer a);

#endif
