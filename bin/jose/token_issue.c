/*
 * doorward token issue: a token for a program of a person. Its row is stored as that of a
 * token which the person makes on the account page.
 */
#include <stdio.h>

#include "base/text.h"
#include "bin/command.h"
#include "bin/db/database.h"
#include "bin/db/trail.h"
#include "bin/jose/token.h"
#include "bin/key/key.h"
#include "store/program/programs.h"
#include "token/program_token.h"

#define MORE_MAX 8192

struct issue {
	const char *sub, *label, *name, *life, *prefix;
	const char *roles[CLAIMS_ROLES];
	size_t n_roles;
	const char *claims[CLAIMS_MORE]; /* NAME=JSON */
	size_t n_claims;
	bool raw;

	/* found out from them: */
	char sid[PROGRAM_SID_SIZE];
	struct str role[CLAIMS_ROLES];
	struct buf path; /* the prefix in its one form */
	int64_t now, seconds;
	struct programs_owner owner;
};

/* ---- what is asked for ---- */

static enum err
fill_more(struct claims *c, const struct issue *o, struct why *why)
{
	for (size_t i = 0; i < o->n_claims; i++) {
		struct str json = str_of(o->claims[i]);
		struct str name = str_cut(&json, '=');
		enum err e = claims_add(c, name, json);

		if (e != ERR_OK)
			return why_set(
				why, e, "--claim %.*s: %s", STR_ARG(str_sub(name, 0, 64)),
				e == ERR_EXISTS ? "it is given twice, or a claim of ours"
				: e == ERR_LIMIT
					? "too long, or too many"
					: "NAME=JSON is wanted: n=1, or t='\"text\"'");
	}
	return ERR_OK;
}

/* Whether the further claims can be read, before anybody is asked. */
static bool
read_claims(const struct issue *o)
{
	struct why why = { "" };
	struct claims c;
	bool good;

	claims_init(&c);
	good = fill_more(&c, o, &why) == ERR_OK;
	if (!good)
		command_fail("%s", why.text);
	claims_done(&c);
	return good;
}

/* Complains, and is false, if the options make no token. */
static bool
read_options(struct issue *o, const struct config *c)
{
	const char *reason = "";

	o->seconds = c->token_life;
	if (!command_now(&o->now) ||
	    (o->life != NULL && !command_duration("life", o->life, &o->seconds)))
		return false;
	if (o->seconds < 1 || o->seconds > c->program_token_life) {
		command_fail("--life: from 1s to %llds, which is program_token_life",
			     (long long)c->program_token_life);
		return false;
	}
	if (o->prefix != NULL &&
	    !program_prefix_read(str_of(o->prefix), &o->path, &reason)) {
		command_fail("--prefix: %s", reason);
		return false;
	}
	for (size_t i = 0; i < o->n_roles; i++)
		o->role[i] = str_of(o->roles[i]);
	if (!read_claims(o))
		return false;
	if (program_token_sid(o->sid) == ERR_OK)
		return true;
	command_fail("no random bytes");
	return false;
}

static bool
has_role(const struct programs_owner *owner, struct str role)
{
	struct str rest = str_of(owner->roles);

	while (rest.n > 0)
		if (str_eq(str_cut(&rest, ' '), role))
			return true;
	return false;
}

/* The owner must be a person who has these roles. */
static enum err
find_owner(struct issue *o, struct db *db, struct why *why)
{
	enum err e = programs_owner(db, str_of(o->sub), &o->owner, why);

	if (e != ERR_OK)
		return e;
	if (!o->owner.found)
		return why_set(
			why, ERR_NOT_FOUND,
			"--sub: nobody has the id %.64s; `doorward user show NAME` "
			"shows the id of a user",
			o->sub);
	if (o->owner.disabled)
		return why_set(why, ERR_PERMISSION, "--sub: the user %s is disabled",
			       o->owner.name);
	for (size_t i = 0; i < o->n_roles; i++)
		if (!has_role(&o->owner, o->role[i]))
			return why_set(why, ERR_PERMISSION,
				       "--role: the user %s does not have the role %.64s",
				       o->owner.name, o->roles[i]);
	return ERR_OK;
}

/* ---- signing ---- */

static enum err
open_signer(const struct config *config, struct signer *s, struct why *why)
{
	const struct signer_keys keys = {
		.signing = config->signing_keys,
		.encryption = config->token_encryption ? config->encryption_keys : NULL,
		.alg = config->signing_alg,
	};
	enum err e = config_need(config, "signing_keys", why);

	*s = (struct signer){ .encrypts = false };
	if (e == ERR_OK && config->token_encryption)
		e = config_need(config, "encryption_keys", why);
	return e != ERR_OK ? e
			   : signer_open(s, &keys, str_of(config->issuer),
					 str_of(config->audience), why);
}

/* Rotation knows how long tokens of logins live. It must be told about others. */
static enum err
keep_key(const struct config *config, int64_t now, int64_t life, struct key_dir *dir,
	 struct why *why)
{
	*dir = (struct key_dir){ .lock = -1 };
	if (config->signing_keys == NULL ||
	    life <= key_longest_life(config) - key_grace(config))
		return ERR_OK;
	return key_keep(config, now, now + life, dir, why);
}

/* ---- the token of a person ---- */

static const char *
refusal_of(enum programs_made made)
{
	switch (made) {
	case PROGRAMS_CHANGED:
		return "the user was renamed, or lost a role, at this moment";
	case PROGRAMS_LABEL:
		return "--label: from 1 to 100 characters, none of them invisible";
	case PROGRAMS_FULL:
		return "the user has 100 tokens for programs already; `doorward token "
		       "list "
		       "NAME` shows them";
	default:
		return "--sub: the user was disabled or deleted at this moment";
	}
}

/* Store its row. Without it the token is not given away. */
static enum err
write_row(const struct issue *o, struct database *d, struct why *why)
{
	const char *label = o->label != NULL ? o->label : o->name; /* an older word */
	const struct programs_token t = {
		.id = str_of(o->sid),
		.user = str_of(o->sub),
		.name = str_of(o->owner.name),
		.label = str_of(label != NULL ? label : "doorward token issue"),
		.roles = o->role,
		.n_roles = o->n_roles,
		.prefix = buf_str(&o->path),
		.expires = o->now + o->seconds,
		.tell = config_has_mail(&d->config),
	};
	enum programs_made made;
	struct buf more;
	enum err e;

	buf_init(&more, MORE_MAX);
	for (size_t i = 0; i < o->n_claims; i++)
		buf_addf(&more, "%sclaim=%s", i > 0 ? " " : "", o->claims[i]);
	e = more.failed ? why_set(why, ERR_LIMIT, "--claim: too long")
			: programs_issue(d->db, &t, buf_str(&more), str_of(d->actor),
					 &made, why);
	buf_done(&more);
	if (e == ERR_OK && made != PROGRAMS_MADE)
		e = why_set(why, ERR_PERMISSION, "%s", refusal_of(made));
	return e;
}

static enum err
sign(const struct issue *o, const struct config *c, struct signer *s, struct buf *token,
     struct why *why)
{
	const struct program_token t = {
		.sid = str_of(o->sid),
		.subject = str_of(o->sub),
		.name = str_of(o->owner.name),
		.roles = o->role,
		.n_roles = o->n_roles,
		.site = str_of(c->public_url),
		.prefix = buf_str(&o->path),
	};
	struct claims claims;
	struct buf jti, audience;
	enum err e;

	claims_init(&claims);
	buf_init(&jti, 64);
	buf_init(&audience, 1024);
	if ((e = fill_more(&claims, o, why)) == ERR_OK)
		e = program_token_sign(s, &t, &claims, o->now, o->seconds, &jti,
				       &audience, token, why);
	claims_done(&claims);
	buf_done(&jti);
	buf_done(&audience);
	return e;
}

/* Nothing stays in `token` that has no row. */
static enum err
make(struct issue *o, struct database *d, struct buf *token, struct why *why)
{
	struct signer signer = { .encrypts = false };
	struct key_dir dir;
	enum err e = find_owner(o, d->db, why);

	if (e != ERR_OK)
		return e;
	if ((e = keep_key(&d->config, o->now, o->seconds, &dir, why)) == ERR_OK)
		e = open_signer(&d->config, &signer, why);
	if (e == ERR_OK)
		e = sign(o, &d->config, &signer, token, why);
	if (e == ERR_OK)
		e = write_row(o, d, why);
	if (e != ERR_OK)
		buf_clear(token);
	signer_close(&signer);
	key_dir_close(&dir);
	return e;
}

int
token_issue_command(int argc, char **argv)
{
	struct issue o = { 0 };
	const struct command_option options[] = {
		{ "sub", .value = &o.sub },
		{ "label", .value = &o.label },
		{ "name", .value = &o.name },
		{ "life", .value = &o.life },
		{ "prefix", .value = &o.prefix },
		{ "role", .values = o.roles, .n = &o.n_roles, .max = CLAIMS_ROLES },
		{ "claim", .values = o.claims, .n = &o.n_claims, .max = CLAIMS_MORE },
		{ "raw", .flag = &o.raw },
		{ NULL }
	};
	struct database d;
	struct buf token;
	struct why why = { "" };
	int status = COMMAND_FAILED;

	if (!command_options(&argc, argv, options) || argc != 1 || o.sub == NULL ||
	    o.sub[0] == '\0')
		return COMMAND_MISUSED;
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	buf_init(&token, 2 * JWT_MAX);
	buf_init(&o.path, PROGRAM_PREFIX_MAX);
	if (!read_options(&o, &d.config))
		status = COMMAND_FAILED;
	else if (make(&o, &d, &token, &why) != ERR_OK)
		status = command_fail("%s", why.text);
	else
		status = command_write_line(buf_str(&token), o.raw) ? COMMAND_OK
								    : COMMAND_FAILED;
	buf_done(&o.path);
	buf_done(&token);
	database_close(&d);
	return status;
}

/* ---- the token of doctor ---- */

static bool
write_down(const char *sub, const char *sid, const struct config *config, struct str jti,
	   int64_t life)
{
	char seconds[24];
	struct trail t;
	bool good;

	trail_init(&t, "token_issued", config);
	t.subject = sub;
	t.sid = sid;
	snprintf(seconds, sizeof(seconds), "%llds", (long long)life);
	trail_put(&t, "life", str_of(seconds));
	trail_put(&t, "jti", jti);
	trail_put(&t, "sub", str_of(sub));
	good = trail_first(&t);
	trail_done(&t);
	return good;
}

enum err
token_make(const struct config *config, const char *sub, int64_t now, int64_t life,
	   struct buf *token, struct why *why)
{
	char sid[PROGRAM_SID_SIZE];
	struct program_token t = { .subject = str_of(sub), .name = str_of(sub) };
	struct signer signer = { .encrypts = false };
	struct claims claims;
	struct buf jti;
	enum err e = program_token_sid(sid);

	claims_init(&claims);
	buf_init(&jti, 64);
	t.sid = str_of(e == ERR_OK ? sid : "");
	if (e == ERR_OK)
		e = open_signer(config, &signer, why);
	if (e == ERR_OK)
		e = program_token_sign(&signer, &t, &claims, now, life, &jti, NULL, token,
				       why);
	if (e == ERR_OK && !write_down(sub, sid, config, buf_str(&jti), life))
		e = why_set(why, ERR_DATABASE, "no token: it could not be written down");
	if (e != ERR_OK)
		buf_clear(token);
	claims_done(&claims);
	buf_done(&jti);
	signer_close(&signer);
	return e;
}
