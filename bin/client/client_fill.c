/* From what was typed to what is stored: every value is judged, and defaults are added. */
#include <stdio.h>
#include <string.h>

#include "access/urls.h"
#include "bin/client/client.h"
#include "bin/client/client_preset.h"
#include "client/client_redirect.h"

#define TEXT_MAX 65536
#define DEFAULT_SCOPES "openid profile email"
#define NAME_MAX_CHARACTERS 100

bool
client_take_options(int *argc, char **argv, struct client_typed *t)
{
	const struct command_option options[] = {
		{ "name", .value = &t->name },
		{ "redirect", .values = t->redirects, .n = &t->n_redirects,
		  .max = CLIENT_URLS_MAX },
		{ "logout", .values = t->logouts, .n = &t->n_logouts,
		  .max = CLIENT_URLS_MAX },
		{ "method", .value = &t->method },
		{ "scope", .value = &t->scope },
		{ "audience", .value = &t->audience },
		{ "role", .values = t->roles, .n = &t->n_roles, .max = CLIENT_ROLES_MAX },
		{ "group", .values = t->groups, .n = &t->n_groups,
		  .max = CLIENT_ROLES_MAX },
		{ "consent", .value = &t->consent },
		{ "pkce", .value = &t->pkce },
		{ "alg", .value = &t->alg },
		{ "id-token-claims", .value = &t->claims },
		{ "for", .value = &t->program },
		{ "url", .value = &t->url },
		{ NULL }
	};

	*t = (struct client_typed){ NULL };
	return command_options(argc, argv, options);
}

bool
client_is_change(const struct client_typed *t)
{
	return t->name != NULL || t->method != NULL || t->scope != NULL ||
	       t->audience != NULL || t->consent != NULL || t->pkce != NULL ||
	       t->alg != NULL || t->claims != NULL || t->program != NULL ||
	       t->url != NULL || t->n_redirects > 0 || t->n_logouts > 0 ||
	       t->n_roles > 0 || t->n_groups > 0;
}

/* Complain. Always false. */
static bool
refuse(const char *option, const char *value, const char *text)
{
	command_fail("--%s: %s%s%s", option, value[0] == '\0' ? "an empty value" : value,
		     text[0] == ',' ? "" : " ", text);
	return false;
}

/* ---- single values ---- */

static bool
check_name(const char *name)
{
	struct str s = str_of(name);
	size_t characters = 0;

	for (size_t i = 0; i < s.n; i++)
		characters += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	if (str_is_utf8(s) && !str_has_control(s) && characters >= 1 &&
	    characters <= NAME_MAX_CHARACTERS && s.n <= 255 && str_trim(s).n == s.n)
		return true;
	command_fail("--name: a name has 1 to %d characters, none of them invisible",
		     NAME_MAX_CHARACTERS);
	return false;
}

/* Any address of http or https, because nobody is led to it. */
static bool
check_audience(const char *audience, const struct config *config)
{
	struct str s = str_of(audience), own = str_of(config->public_url), rest;
	enum client_redirect_fault fault = client_redirect_judge(s, false);

	if (s.n == 0)
		return true;
	if (fault != CLIENT_REDIRECT_GOOD && fault != CLIENT_REDIRECT_PLAIN)
		return refuse("audience", audience, client_redirect_fault_text(fault));
	rest = str_sub(s, own.n, s.n);
	if (own.n > 0 && str_starts_with(s, own) && str_is(rest, URL_OAUTH))
		return refuse("audience", audience,
			      "is the one that clients without an audience have");
	return true;
}

static bool
take_switch(const char *option, const char *typed, const char *yes, const char *no,
	    bool *value)
{
	char text[64];

	*value = strcmp(typed, yes) == 0;
	if (*value || strcmp(typed, no) == 0)
		return true;
	snprintf(text, sizeof(text), "is neither %s nor %s", yes, no);
	return refuse(option, typed, text);
}

static bool
check_words(const struct client_typed *t)
{
	enum client_method method;
	enum client_consent consent;
	enum client_alg alg;

	if (t->method != NULL && !client_method_read(str_of(t->method), &method))
		return refuse("method", t->method,
			      "is none of client_secret_basic, client_secret_post, none");
	if (t->consent != NULL && !client_consent_read(str_of(t->consent), &consent))
		return refuse("consent", t->consent, "is none of ask, remember, trusted");
	if (t->alg != NULL && !client_alg_read(str_of(t->alg), &alg))
		return refuse("alg", t->alg, "is neither RS256 nor site");
	return true;
}

/* ---- lists ---- */

static bool
holds(const struct str *words, size_t n, struct str word)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(words[i], word))
			return true;
	return false;
}

/* A word that is there already is not added again. False: the list is full. */
static bool
add_word(struct str *words, size_t *n, size_t max, struct str word)
{
	if (holds(words, *n, word))
		return true;
	if (*n == max)
		return false;
	words[(*n)++] = word;
	return true;
}

/* One empty value makes a list empty. */
static bool
is_emptied(const char *const *typed, size_t n)
{
	return n == 1 && typed[0][0] == '\0';
}

static bool
take_roles(const char *option, const char *const *typed, size_t n, struct str *words,
	   struct clients_list *list)
{
	*list = (struct clients_list){ .given = n > 0, .words = words };
	for (size_t i = 0; !is_emptied(typed, n) && i < n; i++) {
		if (!command_is_role(typed[i]))
			return refuse(option, typed[i],
				      "is no role: one is 1 to 64 of A-Z a-z 0-9 _ . : - "
				      "(give the option once for each)");
		add_word(words, &list->n, CLIENT_ROLES_MAX, str_of(typed[i]));
	}
	return true;
}

static bool
take_scopes(struct client_filled *f, const char *typed, unsigned preset)
{
	struct clients_list *list = &f->wish.scopes;
	struct str unknown;
	unsigned scopes = preset;

	*list = (struct clients_list){ .given = typed != NULL || preset != 0,
				       .words = f->scopes };
	if (typed != NULL && !client_scope_read_all(str_of(typed), &scopes, &unknown)) {
		command_fail("--scope: %.*s is none of openid, profile, email, groups, "
			     "offline_access",
			     STR_ARG(unknown));
		return false;
	}
	if (typed != NULL && scopes == 0)
		return refuse("scope", typed, "names no scope");
	for (size_t i = 0; i < CLIENT_SCOPES; i++)
		if ((scopes & 1u << i) != 0)
			f->scopes[list->n++] = str_of(client_scope_word(i));
	return true;
}

/* The address `path` of the program at `url`. Empty: no memory. */
static struct str
below(struct client_filled *f, const char *url, const char *path)
{
	struct str base = str_of(url);
	size_t at = f->text.n;

	while (str_ends_with(base, STR("/")))
		base.n--;
	buf_add(&f->text, base);
	buf_addz(&f->text, path);
	return f->text.failed ? STR("") : str_sub(buf_str(&f->text), at, f->text.n);
}

struct addresses {
	const char *option;
	const char *const *typed;
	size_t n_typed;
	const char *const *preset; /* paths; NULL: there are none */
	const char *url;
	struct str *words;
};

/* False after a complaint. */
static bool
take_address(const char *option, struct str uri, bool is_public, struct str *words,
	     struct clients_list *list)
{
	enum client_redirect_fault fault = client_redirect_judge(uri, is_public);

	if (fault != CLIENT_REDIRECT_GOOD) {
		command_fail("--%s: %.*s%s %s", option, STR_ARG(uri),
			     uri.n == 0 ? "an empty value" : "",
			     client_redirect_fault_text(fault));
		return false;
	}
	if (add_word(words, &list->n, CLIENT_URLS_MAX, uri))
		return true;
	command_fail("--%s: more than %d addresses", option, CLIENT_URLS_MAX);
	return false;
}

/* Those of the preset, and those that were typed. */
static bool
take_addresses(struct client_filled *f, const struct addresses *a, bool is_public,
	       struct clients_list *list)
{
	*list = (struct clients_list){ .given = a->n_typed > 0 || a->preset != NULL,
				       .words = a->words };
	for (size_t i = 0; a->preset != NULL && i < CLIENT_PRESET_URLS; i++)
		if (a->preset[i] != NULL &&
		    !take_address("url", below(f, a->url, a->preset[i]), is_public,
				  a->words, list))
			return false;
	for (size_t i = 0; !is_emptied(a->typed, a->n_typed) && i < a->n_typed; i++)
		if (!take_address(a->option, str_of(a->typed[i]), is_public, a->words,
				  list))
			return false;
	return true;
}

/* ---- what depends on each other ---- */

/* What it is now must be good with another method, too. */
static bool
check_registered(const struct db_rows *now, bool is_public)
{
	struct str lines = db_str(now, 0, CLIENTS_REDIRECTS);

	while (lines.n > 0) {
		struct str uri = str_cut(&lines, '\n');
		enum client_redirect_fault fault = client_redirect_judge(uri, is_public);

		if (fault == CLIENT_REDIRECT_GOOD)
			continue;
		command_fail("--method: the registered %.*s %s", STR_ARG(uri),
			     client_redirect_fault_text(fault));
		return false;
	}
	return true;
}

static bool
fill_addresses(struct client_filled *f, const struct client_typed *t,
	       const struct client_preset *preset, const struct db_rows *now,
	       bool is_public)
{
	const struct addresses redirects = {
		"redirect",     t->redirects,
		t->n_redirects, preset ? preset->redirects : NULL,
		t->url,         f->redirects
	};
	const struct addresses logouts = { "logout",     t->logouts,
					   t->n_logouts, preset ? preset->logouts : NULL,
					   t->url,       f->logouts };
	struct clients_wish *wish = &f->wish;

	if (!take_addresses(f, &redirects, is_public, &wish->redirects) ||
	    !take_addresses(f, &logouts, is_public, &wish->logouts))
		return false;
	if (wish->redirects.n == 0 && (now == NULL || wish->redirects.given)) {
		command_fail("a client needs --redirect URL, or --for PROGRAM --url URL");
		return false;
	}
	if (now != NULL && !wish->redirects.given && t->method != NULL)
		return check_registered(now, is_public);
	return true;
}

/* PKCE is required of public clients in any case, and by default of all. */
static bool
fill_pkce(struct client_filled *f, const struct client_typed *t, bool is_new,
	  bool is_public)
{
	f->pkce = true;
	if (t->pkce != NULL &&
	    !take_switch("pkce", t->pkce, "required", "optional", &f->pkce))
		return false;
	if (is_public && !f->pkce)
		return refuse("pkce", t->pkce,
			      "is not for a client without a secret (--method none)");
	if (t->pkce != NULL || is_new || is_public)
		f->wish.pkce = &f->pkce;
	return true;
}

static bool
fill_claims(struct client_filled *f, const struct client_typed *t,
	    const struct client_preset *preset, bool is_new)
{
	f->id_token_claims = preset != NULL && preset->id_token_claims;
	if (t->claims != NULL &&
	    !take_switch("id-token-claims", t->claims, "yes", "no", &f->id_token_claims))
		return false;
	if (t->claims != NULL || is_new || preset != NULL)
		f->wish.id_token_claims = &f->id_token_claims;
	return true;
}

/* ---- --for ---- */

/* The address of the program, to which the paths are added. */
static bool
check_url(const char *url)
{
	struct str s = str_of(url);
	enum client_redirect_fault fault = client_redirect_judge(s, false);

	if (fault != CLIENT_REDIRECT_GOOD)
		return refuse("url", url, client_redirect_fault_text(fault));
	if (str_index(s, '?') < s.n)
		return refuse("url", url, "has a query (?…)");
	return true;
}

static bool
find_preset(const struct client_typed *t, const struct client_preset **preset)
{
	const char *near;
	struct buf names;

	*preset = NULL;
	if (t->program == NULL && t->url == NULL)
		return true;
	if (t->program == NULL || t->url == NULL) {
		command_fail("--for PROGRAM and --url URL belong together: the program, "
			     "and its address");
		return false;
	}
	*preset = client_preset_find(t->program);
	if (*preset != NULL)
		return check_url(t->url);
	near = client_preset_near(t->program);
	buf_init(&names, 256);
	client_preset_names(&names);
	command_fail("--for: %s is none of %s%s%s%s", t->program, buf_z(&names),
		     near != NULL ? "; did you mean " : "", near != NULL ? near : "",
		     near != NULL ? "?" : "; use --redirect URL");
	buf_done(&names);
	return false;
}

static bool
is_public_client(const char *method, const struct db_rows *now)
{
	struct str word =
		method != NULL ? str_of(method) : db_str(now, 0, CLIENTS_METHOD);

	return str_is(word, "none");
}

/* The values of one word: what was typed, else the preset's, else a new client's. */
static void
fill_words(struct client_filled *f, const struct client_typed *t, const char *name,
	   const char *method, bool is_new)
{
	struct clients_wish *wish = &f->wish;

	wish->name = name;
	wish->method = method;
	wish->audience = t->audience;
	wish->consent = t->consent != NULL ? t->consent : is_new ? "remember" : NULL;
	wish->alg = t->alg != NULL ? t->alg : is_new ? "RS256" : NULL;
	if (is_new && t->audience != NULL && t->audience[0] == '\0')
		wish->audience = NULL;
}

bool
client_fill(struct client_filled *f, const struct client_typed *t, struct str id,
	    const struct db_rows *now, const struct config *config)
{
	const struct client_preset *preset;
	const char *name = t->name, *method = t->method, *scope = t->scope;
	bool is_new = now == NULL, is_public;

	*f = (struct client_filled){ .wish = { .id = id } };
	buf_init(&f->text, TEXT_MAX);
	if (!check_words(t) || !find_preset(t, &preset) ||
	    (name != NULL && !check_name(name)) ||
	    (t->audience != NULL && !check_audience(t->audience, config)))
		return false;
	if (method == NULL && preset != NULL)
		method = client_method_word(preset->method);
	if (method == NULL && is_new)
		method = client_method_word(CLIENT_METHOD_BASIC);
	if (name == NULL && is_new)
		name = preset != NULL ? preset->name : id.p;
	if (scope == NULL && preset == NULL && is_new)
		scope = DEFAULT_SCOPES;
	is_public = is_public_client(method, now);
	fill_words(f, t, name, method, is_new);
	if (!buf_reserve(&f->text, TEXT_MAX)) /* so that nothing moves */
		return command_fail("no memory") == COMMAND_OK;
	if (!fill_addresses(f, t, preset, now, is_public) ||
	    !take_scopes(f, scope, preset != NULL ? preset->scopes : 0) ||
	    !take_roles("role", t->roles, t->n_roles, f->roles, &f->wish.roles) ||
	    !take_roles("group", t->groups, t->n_groups, f->groups, &f->wish.groups) ||
	    !fill_pkce(f, t, is_new, is_public) || !fill_claims(f, t, preset, is_new))
		return false;
	f->wish.logouts.given |= is_new;
	f->wish.roles.given |= is_new;
	f->wish.groups.given |= is_new;
	return true;
}

void
client_filled_done(struct client_filled *f)
{
	buf_done(&f->text);
}
