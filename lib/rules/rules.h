/*
 * The rules of the gate: what a path demands of a visitor.
 *
 *   /members              signed-in
 *   /members/admin        any-of admin,owner login-within 10m
 *   /wiki                 methods GET open
 *   /wiki                 any-of editor
 *   /reports              all-of staff,finance api
 *   /payments             any-of finance factor login-within 1h
 *   /keys                 any-of admin phr
 *   /members/logo.png     open
 *   /old                  refuse
 *   /api/reports          any-of staff scope reports.read
 *   /api/feed             client reader,mirror
 *   /dav                  any-of member basic
 *
 * The longest prefix decides. Only whole segments count (/members is no prefix of
 * /membership), and a slash at its end has no meaning. Among several rules with the
 * same prefix, the one that names the method decides, and otherwise the one without
 * methods. If there is none, the method is refused. GET includes HEAD. A path without
 * a rule is for visitors who have signed in. Paths are written as in an address:
 * /my%20files.
 *
 * A program's token that is shown as the password of Basic counts only where the rule
 * has the word basic.
 *
 * People count as signed in, and so do programs with a token that the operator issued.
 * The token of a client (identity.h) opens only paths whose rule names its scope or
 * the client.
 *
 * Some file systems do not distinguish /Members and /members. So if a path would match
 * another rule in another case, it must satisfy that rule as well.
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
	RULE_CLIENTS,   /* only clients that the rule names */
	RULE_SIGNED_IN, /* and these clients */
	RULE_OPEN
};

struct rule {
	char *text; /* owned: the rule as written; the lists below borrow from it */
	char *path; /* owned; prefix borrows from it */
	struct str prefix; /* decoded, without its last slash; "" is the whole site */
	enum rule_access access;
	bool api;             /* never answer with a redirect */
	bool basic;           /* a program's token may be the password of Basic */
	int64_t login_within; /* seconds since the login; 0: any time */
	enum acr proved;      /* the login was proved at least so strongly; 0: anyhow */
	struct str any_of[RULE_MAX_ROLES];
	size_t n_any_of;
	struct str all_of[RULE_MAX_ROLES];
	size_t n_all_of;
	struct str methods[RULE_MAX_METHODS];
	size_t n_methods;
	struct str scopes[RULE_MAX_SCOPES]; /* a client's token needs all of these … */
	size_t n_scopes;
	struct str clients[RULE_MAX_CLIENTS]; /* … and must be of one of these clients */
	size_t n_clients;
	char where[96]; /* "doorward.conf:12" for people */
};

struct rules {
	struct rule *rule; /* sorted once all are added */
	size_t n, size;
	size_t longest; /* of all prefixes */
	bool sorted;
};

/* The visitor and the request. Everything is borrowed. */
struct rules_question {
	struct str path; /* from path_canonical */
	struct str method;
	const struct identity *who; /* NULL: nobody */
	int64_t now;
};

/* From the hardest refusal to an unconditional yes. Zero refuses. */
enum rules_answer {
	RULES_REFUSED = 0,   /* nobody may, or the rules cannot be read */
	RULES_METHOD,        /* not with this method */
	RULES_SIGN_IN,       /* not signed in */
	RULES_OTHER_TOKEN,   /* a kind of token, a client or a scope that the rule does
			     * not name */
	RULES_NOT_ENTITLED,  /* signed in, but without the roles */
	RULES_SIGN_IN_AGAIN, /* the login is too old, or the token is not of a login */
	RULES_WANTS_PHR,     /* a passkey is missing, or the token is not of a login */
	RULES_WANTS_FACTOR,  /* a second factor is missing, or the token is not of a
			      * login */
	RULES_ALLOW
};

struct rules_verdict {
	enum rules_answer answer;
	bool open;               /* allowed without a login */
	bool api;                /* one of the rules that were asked is marked `api` */
	const struct rule *rule; /* the rule that decided; NULL: no rule names the path */
};

/* No rules. rules_done frees those that were added. */
void rules_init(struct rules *rs);
void rules_done(struct rules *rs);

/*
 * Read one rule and add it. `where` is the file and line, for people. A rule that is
 * not understood is ERR_SYNTAX with the reason. It is never skipped: after an error
 * here, the caller must refuse every request.
 */
enum err rules_add(struct rules *rs, struct str text, const char *where, struct why *why);

/*
 * Sort the rules. Call this once, after the last rules_add. ERR_EXISTS if two rules
 * have the same prefix and a method in common.
 */
enum err rules_sort(struct rules *rs, struct why *why);

/* The words of a rule. This single table reads, suggests and explains them. */
struct rule_parsing;
struct rule_word {
	const char *word;  /* NULL: the end of the table */
	const char *takes; /* the argument after it: "ROLE,ROLE"; "": none */
	const char *means; /* one line for people */
	bool (*read)(struct rule_parsing *p); /* false: it is repeated, or its list is
					       * bad */
};
extern const struct rule_word rule_words[];

/* Read one rule; rules_add does it for its caller. */
enum err rule_parse(struct str text, const char *where, struct rule *r, struct why *why);

/*
 * A rule without a path, as a .htaccess gives it ("any-of admin api"). It can only
 * demand more than the settings, so `open` and methods are refused.
 */
enum err rule_parse_extra(struct str text, const char *where, struct rule *r,
			  struct why *why);
void rule_done(struct rule *r);

/* Decide. `extra` may be NULL. If it is given, both it and the rules must agree. */
void rules_decide(const struct rules *rs, const struct rule *extra,
		  const struct rules_question *q, struct rules_verdict *v);

/* A short English phrase for an answer. A static string. */
const char *rules_answer_text(enum rules_answer a);

#endif
