/*
 * doorward user import: users from elsewhere, with the hashes that they have there.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "bin/process.h"
#include "bin/user/import_batch.h"
#include "bin/user/user.h"

#define INPUT_MAX ((size_t)256 * 1024 * 1024)
#define SQLITE_MAGIC STR("SQLite format 3")
#define SQLITE_MS 600000

/* ---- the text ---- */

/*
 * sqlite3(1) reads the database, in another process than the one that holds our settings,
 * and writes it as SQL. `-init` keeps it from reading a file of the user's.
 */
static bool
dump_sqlite(const char *path, struct buf *out)
{
	char *const argv[] = { (char *)"sqlite3",   (char *)"-batch",
			       (char *)"-readonly", (char *)"-init",
			       (char *)"/dev/null", (char *)path,
			       (char *)".dump",     NULL };
	char *const envp[] = { (char *)"PATH=/usr/local/bin:/usr/bin:/bin",
			       (char *)"LC_ALL=C.UTF-8", NULL };
	const struct process sqlite = { .argv = argv,
					.envp = envp,
					.deadline_ms = SQLITE_MS };
	bool too_long = false;
	int status;

	buf_clear(out);
	status = process_run(&sqlite, out, &too_long);
	if (status == 0 && !too_long)
		return true;
	if (status == 127)
		command_fail(
			"%s is an SQLite database, and sqlite3 is not installed: install "
			"it, or import what `sqlite3 %s .dump` writes elsewhere",
			path, path);
	else if (too_long)
		command_fail("%s holds more than %zu MiB", path, INPUT_MAX >> 20);
	else
		command_fail("sqlite3 cannot read %s", path);
	return false;
}

/* From `path`, or NULL: standard input. False after a complaint. */
static bool
read_text(const char *path, struct buf *out)
{
	struct why why = { "" };

	if (path == NULL && !command_read_stdin(out))
		return false;
	if (path != NULL && file_read(path, INPUT_MAX, out, NULL, &why) != ERR_OK) {
		command_fail("%s", why.text);
		return false;
	}
	if (!str_starts_with(buf_str(out), SQLITE_MAGIC))
		return true;
	if (path != NULL && strcmp(path, "/dev/stdin") != 0)
		return dump_sqlite(path, out);
	command_fail(
		"an SQLite database cannot be read from standard input: name the file");
	return false;
}

/* ---- the import ---- */

static void
report(const struct import_batch *b)
{
	fprintf(stderr, "%zu %s, %zu refused", b->good,
		b->dry ? "would be imported" : "imported", b->refused);
	if (b->same > 0)
		fprintf(stderr, ", %zu there already", b->same);
	fputs(b->dry ? "; nothing was stored\n" : "\n", stderr);
}

static int
import_text(struct import_batch *b, const struct import_source *source, struct str text)
{
	const struct import_taker taker = { import_batch_take, import_batch_refuse, b };
	struct why why = { "" };
	enum err e = source->read(text, &taker, &why);

	import_batch_end(b);
	if (e != ERR_OK && !b->failed)
		command_fail("%s", why.text[0] != '\0' ? why.text : err_text(e));
	report(b);
	if (e != ERR_OK || b->failed)
		return COMMAND_FAILED;
	return b->refused > 0 ? COMMAND_NO : COMMAND_OK;
}

int
user_import(int argc, char **argv)
{
	struct import_batch batch, asked = { .n = 0 };
	const char *from = NULL, *path;
	const struct command_option options[] = { { "from", .value = &from },
						  { "verified", .flag = &asked.verified },
						  { "weak", .flag = &asked.weak },
						  { "dry-run", .flag = &asked.dry },
						  { NULL } };
	const struct import_source *source;
	int result = COMMAND_FAILED;
	struct database d;
	struct buf text;

	if (!command_options(&argc, argv, options) || argc > 2)
		return COMMAND_MISUSED;
	path = argc == 2 && strcmp(argv[1], "-") != 0 ? argv[1] : NULL;
	source = import_find(str_of(from));
	if (source == NULL)
		return command_fail("--from %s: %s is wanted", from, import_names);
	if (!database_open(&d, false))
		return COMMAND_FAILED;
	import_batch_init(&batch, &d);
	batch.verified = asked.verified;
	batch.weak = asked.weak;
	batch.dry = asked.dry;
	buf_init(&text, INPUT_MAX);
	if (read_text(path, &text))
		result = import_text(&batch, source, buf_str(&text));
	buf_done(&text);
	import_batch_done(&batch);
	database_close(&d);
	return result;
}
