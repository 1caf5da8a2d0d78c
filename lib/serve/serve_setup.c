/* Chooses the settings and opens the powers. */
#include "serve/serve_request.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/sanitized.h"
#include "config/places.h"
#include "people/password.h"

#define REPEAT_MS 60000 /* an unchanged failure is logged once in this time */

#define MIB ((rlim_t)1024 * 1024)
#define MEMORY_MAX (256 * MIB)

bool
serving_init(struct serving *s, const struct program *program, const char *own_config)
{
	*s = (struct serving){ .program = program, .app.program = program };
	s->app.opened = &s->opened;
	response_init(&s->resp);
	buf_init(&s->head, SERVE_HEAD_MAX);
	if (own_config == NULL || own_config[0] == '\0')
		return true;
	s->own_config = str_dup(str_of(own_config));
	return s->own_config != NULL;
}

/* Back to the state in which nothing is read or open. The name of the file stays. */
static void
forget_settings(struct serving *s)
{
	for (size_t i = 0; s->program->powers[i] != NULL; i++) {
		if (s->opened.done[i])
			s->program->powers[i]->close(s->opened.what[i]);
	}
	s->opened = (struct opened){ .done[0] = false };
	s->app.ready = false;
	s->app.config = NULL;
	config_done(&s->config);
}

void
serving_done(struct serving *s)
{
	forget_settings(s);
	watch_done(&s->config_watch);
	response_done(&s->resp);
	buf_done(&s->head);
	free(s->own_config);
	free(s->config_name);
	*s = (struct serving){ .program = s->program };
}

/* Log it, but not at every request under heavy load. */
static enum err
failed(struct serving *s, enum err e, const char *what, const struct why *why)
{
	int64_t now = clock_monotonic_ms();

	if (strcmp(s->last_failure.text, why->text) == 0 &&
	    now - s->last_failure_ms < REPEAT_MS)
		return e;
	s->last_failure = *why;
	s->last_failure_ms = now;
	LOG(LOG_ERROR, "not_ready", { "what", str_of(what) },
	    { "reason", str_of(why->text) });
	return e;
}

/*
 * The file that the request names. When Apache redirects internally, it puts REDIRECT_
 * before the names of variables, once more each time. A header of the client cannot
 * become such a variable, because its name begins with HTTP_.
 */
static struct str
named_config(const struct request *req)
{
	static const char *const names[] = {
		"DOORWARD_CONFIG",
		"REDIRECT_DOORWARD_CONFIG",
		"REDIRECT_REDIRECT_DOORWARD_CONFIG",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct str name = request_env(req, names[i]);

		if (name.n > 0)
			return name;
	}
	return (struct str){ NULL, 0 };
}

/* Choose the settings file for this request. False: not served by this process. */
static bool
choose_config(struct serving *s, const struct request *req, struct str *chosen,
	      struct why *why)
{
	struct str named = named_config(req);

	*chosen = named.n > 0 ? named : str_of(places_settings);
	if (s->own_config != NULL) {
		*chosen = str_of(s->own_config);
		if (named.n > 0 && !str_eq(named, *chosen)) {
			why_set(why, ERR_PERMISSION,
				"the request names other settings than the process");
			return false;
		}
	}
	if (s->config_name != NULL && !str_is(*chosen, s->config_name)) {
		why_set(why, ERR_PERMISSION,
			"the request names other settings than the first one did");
		return false;
	}
	if (s->own_config == NULL && !str_starts_with(*chosen, STR("/"))) {
		why_set(why, ERR_SYNTAX, "DOORWARD_CONFIG is not an absolute path");
		return false;
	}
	return true;
}

/* Enough for the program and for one password hash, and no more. */
static void
limit_memory(const struct config *c)
{
	size_t hash = password_memory_most((size_t)c->password_memory);
	rlim_t most = MEMORY_MAX + (rlim_t)hash;
	struct rlimit limit;

	if (SANITIZED || getrlimit(RLIMIT_AS, &limit) != 0)
		return;
	if (limit.rlim_max != RLIM_INFINITY && limit.rlim_max < most)
		most = limit.rlim_max;
	limit.rlim_cur = most;
	setrlimit(RLIMIT_AS, &limit);
}

/* Ask the powers about settings that are to replace the present ones. */
static enum err
check_config(const struct serving *s, const struct config *c, struct why *why)
{
	enum err e = ERR_OK;

	if (s->app.config == NULL)
		return ERR_OK; /* the powers are about to be opened */
	for (size_t i = 0; e == ERR_OK && s->program->powers[i] != NULL; i++)
		if (s->program->powers[i]->check != NULL)
			e = s->program->powers[i]->check(c, why);
	return e;
}

static bool
is_in_use(const struct serving *s, const struct config *c)
{
	return s->app.config != NULL &&
	       memcmp(s->config.digest, c->digest, sizeof(c->digest)) == 0;
}

/* The present settings stay in use until the new ones are known to be good. */
static enum err
load_config(void *owner, struct why *why)
{
	struct serving *s = owner;
	struct config c;
	enum err e = config_load(s->config_watch.path, &c, why);
	bool same = e == ERR_OK && is_in_use(s, &c);

	if (e == ERR_OK && !same)
		e = check_config(s, &c, why);
	if (e == ERR_OK && !same)
		e = log_to_file(c.log, why);
	if (e != ERR_OK || same) {
		config_done(&c);
		return e;
	}
	if (s->app.config != NULL) {
		LOG(LOG_INFO, "settings_changed", { "path", str_of(s->config_name) });
		forget_settings(s);
	}
	s->config = c;
	s->app.config = &s->config;
	log_open(s->program->name, (enum log_level)s->config.log_level);
	limit_memory(&s->config);
	return ERR_OK;
}

static const struct watch_kind settings = {
	.name = "settings", .keeps = true, .settle_ms = 2000, .load = load_config
};

/* Read the file for the first time. If that succeeds, the process is bound to it. */
static enum err
bind_config(struct serving *s, struct str path, struct why *why)
{
	char *name = str_dup(path);
	enum err e;

	if (name == NULL)
		return why_set(why, ERR_MEMORY, "no memory for the settings");
	watch_init(&s->config_watch, &settings, name);
	e = watch_follow(&s->config_watch, s);
	if (e == ERR_OK) {
		s->config_name = name;
		return ERR_OK;
	}
	why_set(why, e, "%s", s->config_watch.why.text);
	watch_done(&s->config_watch);
	free(name);
	return e;
}

static enum err
follow_config(struct serving *s, struct str path, struct why *why)
{
	enum err e;

	if (s->config_name == NULL)
		return bind_config(s, path, why);
	if ((e = watch_follow(&s->config_watch, s)) != ERR_OK)
		why_set(why, e, "%s", s->config_watch.why.text);
	return e;
}

void *
app_opened(const struct app *app, const struct power *power)
{
	for (size_t i = 0; app->program->powers[i] != NULL; i++)
		if (app->program->powers[i] == power)
			return app->opened->what[i];
	return NULL;
}

static enum err
open_powers(struct serving *s)
{
	struct why why = { "" };
	enum err e;

	s->app.ready = false;
	for (size_t i = 0; s->program->powers[i] != NULL; i++) {
		const struct power *power = s->program->powers[i];

		e = ERR_OK;
		if (!s->opened.done[i])
			e = power->open(&s->app, &s->opened.what[i], &why);
		else if (power->refresh != NULL)
			e = power->refresh(&s->app, s->opened.what[i], &why);
		if (e != ERR_OK)
			return failed(s, e, power->name, &why);
		s->opened.done[i] = true;
	}
	s->app.ready = true;
	s->last_failure.text[0] = '\0';
	return ERR_OK;
}

enum err
serving_prepare(struct serving *s, const struct request *req)
{
	struct why why = { "" };
	struct str chosen;
	enum err e;

	s->app.ready = false;
	if (!choose_config(s, req, &chosen, &why))
		return failed(s, ERR_PERMISSION, "settings", &why);
	if ((e = follow_config(s, chosen, &why)) != ERR_OK)
		return failed(s, e, "settings", &why);
	if ((e = clock_now(&s->app.now)) != ERR_OK) {
		why_set(&why, e, "%s", err_text(e));
		return failed(s, e, "clock", &why);
	}
	return open_powers(s);
}
