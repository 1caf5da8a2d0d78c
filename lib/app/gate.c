#include "app/gate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/links.h"
#include "base/log.h"
#include "base/path.h"

/* Apache asks us to answer for a request that was refused. */
static bool
is_error_document(const struct request *req)
{
	return req->role == ROLE_RESPONDER &&
	       str_is(request_env(req, "REDIRECT_STATUS"), "401");
}

bool
gate_is_own_page(const struct request *req)
{
	struct str file = request_env(req, "SCRIPT_FILENAME");
	struct stat asked, self;

	return req->role == ROLE_AUTHORIZER && file.n > 0 &&
	       str_is(request_env(req, "REDIRECT_STATUS"), "401") &&
	       stat(file.p, &asked) == 0 && stat("/proc/self/exe", &self) == 0 &&
	       asked.st_dev == self.st_dev && asked.st_ino == self.st_ino;
}

/*
 * What was asked for, as it was asked for. An upgrade (WebSocket) opens a
 * channel in both directions, so another site's page may no more start one
 * than it may post: it counts as an unsafe method where that is judged.
 */
static void
find_asked(const struct request *req, struct request *asked)
{
	*asked = *req;
	if (is_error_document(req))
		asked->method = request_env(req, "REDIRECT_REQUEST_METHOD");
	asked->query = path_query(req->uri);
}

/* Apache keeps Upgrade to itself when it proxies, but not what comes with it. */
static bool
is_upgrade(const struct request *req)
{
	return request_count(req, "HTTP_UPGRADE") > 0 ||
	       request_count(req, "HTTP_SEC_WEBSOCKET_KEY") > 0 ||
	       request_count(req, "HTTP_SEC_WEBSOCKET_VERSION") > 0;
}

static enum access
check_access(struct gate *g, struct app *app)
{
	struct request judged = g->asked;

	if (is_upgrade(&judged) && request_is_safe(&judged))
		judged.method = STR("UPGRADE");
	return access_check(app, &judged, &g->who, &g->why);
}

/* One more rule, as Apache hands it over; at an error page under another name. */
static bool
read_extra(struct gate *g, bool *given)
{
	bool page = is_error_document(&g->asked);
	const char *name = page ? "REDIRECT_DOORWARD_RULE" : "DOORWARD_RULE";
	struct why why = { "" };

	*given = request_count(&g->asked, name) > 0;
	if (!*given || rule_parse_extra(request_env(&g->asked, name), name, &g->extra,
					&why) == ERR_OK)
		return true;
	*given = false;
	LOG(LOG_ERROR, "rule_unreadable", { "reason", str_of(why.text) });
	return false;
}

/* The path that lighttpd serves after a rewrite. */
static bool
find_rewritten(const struct gate *g, struct buf *path)
{
	struct str uri = request_env(&g->asked, "REDIRECT_URI");
	const char *reason;

	return uri.n > 0 && path_canonical(uri, path, &reason);
}

/* `file` without `root` in front of it, as a path of the site. */
static bool
path_below(struct str root, struct str file, struct buf *path)
{
	if (str_ends_with(root, STR("/")))
		root.n--;
	if (root.n == 0 || !str_starts_with(file, root) || file.n == root.n ||
	    file.p[root.n] != '/')
		return false;
	return buf_add(path, str_sub(file, root.n, file.n));
}

/* The file that the server has found, where that is below its document root. */
static bool
find_file_path(const struct gate *g, struct buf *path)
{
	return path_below(request_env(&g->asked, "DOCUMENT_ROOT"),
			  request_env(&g->asked, "SCRIPT_FILENAME"), path);
}

/*
 * Most files are where their names say: below the root, without a link or a dot
 * on the way. To know that takes two system calls, realpath takes one a segment.
 */
static bool
is_where_it_says(const struct gate *g, struct str file)
{
	struct buf path;
	bool below;

	buf_init(&path, 2 * PATH_MAX_BYTES);
	below = find_file_path(g, &path);
	buf_done(&path);
	return below && strstr(file.p, "/.") == NULL && strstr(file.p, "//") == NULL &&
	       links_none(file.p);
}

/* The same, where symbolic links lead in the end; false when that is no other. */
static bool
find_linked_path(const struct gate *g, struct buf *path)
{
	struct str root = request_env(&g->asked, "DOCUMENT_ROOT");
	struct str file = request_env(&g->asked, "SCRIPT_FILENAME");
	char *real_root, *real_file;
	bool found;

	if (root.n == 0 || file.n == 0 || is_where_it_says(g, file))
		return false;
	errno = 0;
	real_file = realpath(file.p, NULL);
	real_root = real_file == NULL ? NULL : realpath(root.p, NULL);
	found = real_root != NULL &&
		path_below(str_of(real_root), str_of(real_file), path);
	if (real_root == NULL && errno == ENOMEM)
		path->failed = true;
	free(real_root);
	free(real_file);
	return found;
}

static bool
find_asked_path(const struct gate *g, struct buf *path)
{
	return buf_add(path, buf_str(&g->path));
}

/* A rule that somebody wrote for the served path stands beside the asked one's. */
static void
heed(struct gate *g, const struct rules *rs, struct rules_question *q, struct str path)
{
	struct rules_verdict other;

	q->path = path;
	rules_decide(rs, NULL, q, &other);
	if (other.rule != NULL && other.rule->prefix.n > 0 &&
	    other.answer < g->verdict.answer)
		g->verdict = other;
}

/* What the server shows for a directory has a path, and maybe a rule, too. */
static void
heed_indexes(struct gate *g, const struct rules *rs, struct rules_question *q,
	     struct buf *path)
{
	static const char *const names[] = { "index.html",  "index.htm", "index.xhtml",
					     "index.shtml", "index.php", "index.cgi" };
	size_t n = path->n;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!buf_addz(path, names[i]))
			return;
		heed(g, rs, q, buf_str(path));
		path->n = n;
	}
}

static void
heed_served_path(struct gate *g, const struct rules *rs, struct rules_question *q,
		 bool (*find)(const struct gate *, struct buf *))
{
	struct buf path;

	buf_init(&path, 2 * PATH_MAX_BYTES);
	if (find(g, &path)) {
		heed(g, rs, q, buf_str(&path));
		if (str_ends_with(buf_str(&path), STR("/")))
			heed_indexes(g, rs, q, &path);
	}
	if (path.failed) /* no memory: a rule was not asked */
		g->unreadable = true;
	buf_done(&path);
}

/* The rule's path is the file's name and an ending: `stem` and more, in one segment. */
static bool
is_with_ending(struct str prefix, struct str stem)
{
	struct str ending = str_sub(prefix, stem.n, prefix.n);

	return prefix.n > stem.n && str_index(ending, '/') == ending.n &&
	       str_eq_nocase(str_sub(prefix, 0, stem.n), stem);
}

/*
 * Where no file has the asked name, Apache's MultiViews shows one that has an
 * ending besides (/page: page.html) and does not ask again.
 */
static void
heed_endings(struct gate *g, const struct rules *rs, struct rules_question *q)
{
	struct str file = request_env(&g->asked, "SCRIPT_FILENAME");
	struct buf stem;

	buf_init(&stem, 2 * PATH_MAX_BYTES);
	if (find_file_path(g, &stem))
		buf_addc(&stem, '.');
	for (size_t i = 0; stem.n > 0 && i < rs->n; i++)
		if (is_with_ending(rs->rule[i].prefix, buf_str(&stem)) &&
		    access(file.p, F_OK) != 0)
			heed(g, rs, q, rs->rule[i].prefix);
	if (stem.failed)
		g->unreadable = true;
	buf_done(&stem);
}

static void
decide(struct gate *g, const struct app *app)
{
	struct rules_question q = { .path = buf_str(&g->path),
				    .method = g->asked.method,
				    .signed_in = g->access == ACCESS_GRANTED,
				    .roles = g->who.roles,
				    .n_roles = g->who.n_roles,
				    .auth_time = g->who.auth_time,
				    .now = app->now };
	bool given;

	if (read_extra(g, &given)) {
		rules_decide(app->rules, given ? &g->extra : NULL, &q, &g->verdict);
		heed_served_path(g, app->rules, &q, find_asked_path);
		heed_served_path(g, app->rules, &q, find_rewritten);
		if (!is_error_document(&g->asked)) {
			heed_served_path(g, app->rules, &q, find_file_path);
			heed_served_path(g, app->rules, &q, find_linked_path);
			heed_endings(g, app->rules, &q);
		}
	} else {
		g->unreadable = true;
	}
}

bool
gate_admits(struct gate *g, struct app *app, const struct request *req)
{
	*g = (struct gate){ .access = ACCESS_FAILED };
	identity_init(&g->who);
	buf_init(&g->path, PATH_MAX_BYTES);
	find_asked(req, &g->asked);
	if (!path_canonical(g->asked.uri, &g->path, &g->path_wrong))
		return false;
	g->access = check_access(g, app);
	decide(g, app);
	return !g->unreadable && g->verdict.answer == RULES_ALLOW &&
	       (g->verdict.open || g->access == ACCESS_GRANTED);
}

void
gate_done(struct gate *g)
{
	identity_done(&g->who);
	rule_done(&g->extra);
	buf_done(&g->path);
}
