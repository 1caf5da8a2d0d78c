#include "gate/gate.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/basic.h"
#include "base/log.h"
#include "base/path.h"
#include "gate/symlinks.h"

int
gate_error_status(const struct request *req)
{
	struct str text = request_env(req, "REDIRECT_STATUS");
	int64_t status;

	return str_to_int(text, 300, 599, &status) ? (int)status : 0;
}

bool
gate_is_own_page(const struct request *req)
{
	struct str file = request_env(req, "SCRIPT_FILENAME");
	struct stat asked, self;

	return req->role == ROLE_AUTHORIZER && file.n > 0 &&
	       gate_error_status(req) != 0 && stat(file.p, &asked) == 0 &&
	       stat("/proc/self/exe", &self) == 0 && asked.st_dev == self.st_dev &&
	       asked.st_ino == self.st_ino;
}

/*
 * The file that the server has found. Empty if it is none ("proxy:http://…"). For an
 * error page Apache names the page there; our configuration stores the refused file
 * elsewhere.
 */
static struct str
find_file(const struct gate *g)
{
	struct str file =
		request_env(&g->asked, g->is_error_page ? "REDIRECT_DOORWARD_FILE"
							: "SCRIPT_FILENAME");

	return str_starts_with(file, STR("/")) ? file : (struct str){ NULL, 0 };
}

/*
 * The method as it was requested. An upgrade (WebSocket) opens a channel in both
 * directions, so another site's page must not start one, as it must not post. It
 * counts as an unsafe method wherever that is checked.
 */
static void
find_asked(struct gate *g, const struct request *req)
{
	g->asked = *req;
	g->is_error_page = req->role == ROLE_RESPONDER && gate_error_status(req) == 401;
	if (g->is_error_page)
		g->asked.method = request_env(req, "REDIRECT_REQUEST_METHOD");
	g->asked.query = path_query(req->uri);
	g->file = find_file(g);
}

/* Apache removes Upgrade when it proxies, but not the headers that come with it. */
static bool
is_upgrade(const struct request *req)
{
	return request_count(req, "HTTP_UPGRADE") > 0 ||
	       request_count(req, "HTTP_SEC_WEBSOCKET_KEY") > 0 ||
	       request_count(req, "HTTP_SEC_WEBSOCKET_VERSION") > 0;
}

/* Does the rule of this path know Basic? Elsewhere it is the application's own. */
static bool
takes_basic(const struct gate *g, const struct app *app)
{
	const struct rules_question q = { .path = buf_str(&g->path),
					  .method = g->asked.method,
					  .now = app->now };
	struct rules_verdict v;

	rules_decide(app_opened(app, &power_rules), NULL, &q, &v);
	return v.rule != NULL && v.rule->basic;
}

static enum access
check_access(struct gate *g, struct app *app)
{
	struct request judged = g->asked;

	if (is_upgrade(&judged) && request_is_safe(&judged))
		judged.method = STR("UPGRADE");
	g->by_basic = basic_is_shown(&judged) && takes_basic(g, app);
	if (g->by_basic)
		return basic_check(app, &judged, &g->who);
	return access_check(app, &judged, &g->who, &g->by_cookie);
}

/* One more rule, as Apache passes it. For an error page it has another name. */
static bool
read_extra(struct gate *g, bool *given)
{
	const char *name = g->is_error_page ? "REDIRECT_DOORWARD_RULE" : "DOORWARD_RULE";
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

/* `file` without `root` at its start, as a path of the site. */
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

/* That file, if it is below the document root. */
static bool
find_file_path(const struct gate *g, struct buf *path)
{
	return path_below(request_env(&g->asked, "DOCUMENT_ROOT"), g->file, path);
}

/*
 * Most files are where their names say: below the root, without a link or a dot in the
 * path. Two system calls find this out; realpath needs one for each segment.
 */
static bool
is_where_it_says(const struct gate *g)
{
	struct buf path;
	bool below;

	buf_init(&path, 2 * PATH_MAX_BYTES);
	below = find_file_path(g, &path);
	buf_done(&path);
	return below && strstr(g->file.p, "/.") == NULL &&
	       strstr(g->file.p, "//") == NULL && symlinks_none(g->file.p);
}

/* Where `path` finally leads. The server may see more than we do; this is logged. */
static bool
resolve(struct str path, bool must_exist, struct buf *real)
{
	if (path.n > 0 && symlinks_resolve(path.p, must_exist, real))
		return true;
	LOG(LOG_ERROR, "path_unresolved", { "path", path },
	    { "reason", str_of(path.n == 0 ? "not given" : strerror(errno)) });
	return false;
}

/*
 * As above, after following symbolic links. False if it is the same path. If it cannot
 * be resolved, this fails, because its rule cannot be found.
 */
static bool
find_linked_path(const struct gate *g, struct buf *path)
{
	struct buf real_root, real_file;
	bool found = false;

	if (g->file.n == 0 || is_where_it_says(g))
		return false;
	buf_init(&real_root, 2 * PATH_MAX_BYTES);
	buf_init(&real_file, 2 * PATH_MAX_BYTES);
	if (resolve(request_env(&g->asked, "DOCUMENT_ROOT"), true, &real_root) &&
	    resolve(g->file, false, &real_file))
		found = path_below(buf_str(&real_root), buf_str(&real_file), path);
	else
		path->failed = true;
	buf_done(&real_root);
	buf_done(&real_file);
	return found;
}

static bool
find_asked_path(const struct gate *g, struct buf *path)
{
	return buf_add(path, buf_str(&g->path));
}

/* If there is a rule for the served path, it is asked as well. */
static void
apply_rule(struct gate *g, const struct rules *rs, struct rules_question *q,
	   struct str path)
{
	struct rules_verdict other;

	q->path = path;
	rules_decide(rs, NULL, q, &other);
	if (other.rule != NULL && other.rule->prefix.n > 0 &&
	    other.answer < g->verdict.answer)
		g->verdict = other;
}

/*
 * The file that the server shows for a directory has a path, and perhaps a rule, too.
 */
static void
apply_index_rules(struct gate *g, const struct rules *rs, struct rules_question *q,
		  struct buf *path)
{
	static const char *const names[] = { "index.html",  "index.htm", "index.xhtml",
					     "index.shtml", "index.php", "index.cgi" };
	size_t n = path->n;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!buf_addz(path, names[i]))
			return;
		apply_rule(g, rs, q, buf_str(path));
		path->n = n;
	}
}

static void
apply_served_path(struct gate *g, const struct rules *rs, struct rules_question *q,
		  bool (*find)(const struct gate *, struct buf *))
{
	struct buf path;

	buf_init(&path, 2 * PATH_MAX_BYTES);
	if (find(g, &path)) {
		apply_rule(g, rs, q, buf_str(&path));
		if (str_ends_with(buf_str(&path), STR("/")))
			apply_index_rules(g, rs, q, &path);
	}
	if (path.failed) /* a rule was not asked */
		g->unresolved = true;
	buf_done(&path);
}

/*
 * The rule's path is the file's name and an extension: `stem` and more, in one
 * segment.
 */
static bool
is_with_ending(struct str prefix, struct str stem)
{
	struct str ending = str_sub(prefix, stem.n, prefix.n);

	return prefix.n > stem.n && str_index(ending, '/') == ending.n &&
	       str_eq_nocase(str_sub(prefix, 0, stem.n), stem);
}

/*
 * If no file has the requested name, Apache's MultiViews shows one that has an
 * extension in addition (/page: page.html), and does not ask the gate again.
 */
static void
apply_endings(struct gate *g, const struct rules *rs, struct rules_question *q)
{
	struct buf stem;

	buf_init(&stem, 2 * PATH_MAX_BYTES);
	if (find_file_path(g, &stem))
		buf_addc(&stem, '.');
	for (size_t i = 0; stem.n > 0 && i < rs->n; i++)
		if (is_with_ending(rs->rule[i].prefix, buf_str(&stem)) &&
		    access(g->file.p, F_OK) != 0)
			apply_rule(g, rs, q, rs->rule[i].prefix);
	if (stem.failed)
		g->unresolved = true;
	buf_done(&stem);
}

static void
decide(struct gate *g, const struct app *app)
{
	struct rules_question q = { .path = buf_str(&g->path),
				    .method = g->asked.method,
				    .who = g->access == ACCESS_GRANTED ? &g->who : NULL,
				    .now = app->now };
	const struct rules *rules = app_opened(app, &power_rules);
	bool given;

	if (read_extra(g, &given)) {
		rules_decide(rules, given ? &g->extra : NULL, &q, &g->verdict);
		apply_served_path(g, rules, &q, find_asked_path);
		apply_served_path(g, rules, &q, find_rewritten);
		apply_served_path(g, rules, &q, find_file_path);
		apply_served_path(g, rules, &q, find_linked_path);
		apply_endings(g, rules, &q);
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
	find_asked(g, req);
	if (!path_canonical(g->asked.uri, &g->path, &g->path_wrong))
		return false;
	g->access = check_access(g, app);
	decide(g, app);
	return !g->unreadable && !g->unresolved && g->verdict.answer == RULES_ALLOW &&
	       (g->verdict.open || g->access == ACCESS_GRANTED);
}

void
gate_done(struct gate *g)
{
	identity_done(&g->who);
	rule_done(&g->extra);
	buf_done(&g->path);
}
