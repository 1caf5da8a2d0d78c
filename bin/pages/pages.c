/*
 * doorward pages: the templates, phrases and pictures that are compiled in, as files
 * to start from.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/path.h"
#include "bin/command.h"
#include "bin/pages/shares.h"

#define FILE_BYTES_MAX (1024 * 1024)
#define LIST_MAX 65536

/* What is done with one file: `path` is where it belongs below the directory. */
typedef bool each_file(const char *path, const struct embedded *file, void *context);

static bool
for_each(const char *directory, each_file *f, void *context)
{
	char path[PATH_MAX_BYTES];

	for (const struct embedded_folder *s = shares_all; s->name != NULL; s++)
		for (const struct embedded *e = s->files; e->name != NULL; e++) {
			int n = snprintf(path, sizeof(path), "%s%s/%s", directory,
					 s->name, e->name);

			if (n < 0 || (size_t)n >= sizeof(path)) {
				command_fail("%s: the path is too long", directory);
				return false;
			}
			if (!f(path, e, context))
				return false;
		}
	return true;
}

static bool
add_path(const char *path, const struct embedded *file, void *list)
{
	(void)file;
	buf_addf(list, "%s\n", path);
	return true;
}

static int
list(int argc, char **argv)
{
	struct buf out;
	int result = COMMAND_FAILED;

	if (!command_options(&argc, argv, NULL) || argc != 1)
		return COMMAND_MISUSED;
	buf_init(&out, LIST_MAX);
	if (for_each("", add_path, &out) && command_write(buf_str(&out)))
		result = COMMAND_OK;
	buf_done(&out);
	return result;
}

/* Does the file hold just these bytes? False also where there is none. */
static bool
holds(const char *path, struct str bytes)
{
	struct why why;
	struct buf present;
	bool same;

	buf_init(&present, FILE_BYTES_MAX);
	same = file_read(path, FILE_BYTES_MAX, &present, NULL, &why) == ERR_OK &&
	       str_eq(buf_str(&present), bytes);
	buf_done(&present);
	return same;
}

/* Name the files that are there and differ; *differing counts them. */
static bool
find_differing(const char *path, const struct embedded *file, void *differing)
{
	struct stat st;

	if (lstat(path, &st) == 0 && !holds(path, file->bytes)) {
		command_no("%s is there already, and is another file", path);
		++*(size_t *)differing;
	}
	return true;
}

static bool
write_file(const char *path, const struct embedded *file, void *context)
{
	static const struct file_access everybody_reads = { 0644, FILE_ANYONE,
							    FILE_ANYONE };
	struct why why;

	(void)context;
	if (!holds(path, file->bytes) &&
	    file_replace(path, file->bytes, &everybody_reads, &why) != ERR_OK) {
		command_fail("%s", why.text);
		return false;
	}
	return true;
}

/* The directory, and a folder in it for each of share/. */
static bool
make_folders(const char *directory)
{
	char path[PATH_MAX_BYTES];
	const struct embedded_folder *s = shares_all;

	snprintf(path, sizeof(path), "%s", directory);
	for (;;) {
		if (mkdir(path, 0755) != 0 && errno != EEXIST) {
			command_fail("cannot make the directory %s: %s", path,
				     strerror(errno));
			return false;
		}
		if (s->name == NULL)
			return true;
		snprintf(path, sizeof(path), "%s%s", directory, s->name);
		s++;
	}
}

/* Nothing is written where one file would be lost. */
static int
export_to(const char *directory, bool force)
{
	size_t differing = 0;
	struct buf out;
	int result = COMMAND_FAILED;

	buf_init(&out, LIST_MAX);
	if (!for_each(directory, add_path, &out) ||
	    (!force && !for_each(directory, find_differing, &differing)))
		goto out;
	if (differing > 0) {
		result = command_no("nothing was written; --force replaces %s",
				    differing == 1 ? "it" : "them");
		goto out;
	}
	if (make_folders(directory) && for_each(directory, write_file, NULL) &&
	    command_write(buf_str(&out)))
		result = COMMAND_OK;
out:
	buf_done(&out);
	return result;
}

static int export(int argc, char **argv)
{
	bool force = false;
	const struct command_option options[] = { { "force", .flag = &force }, { NULL } };
	struct buf directory;
	int result;

	if (!command_options(&argc, argv, options) || argc != 2 || argv[1][0] == '\0')
		return COMMAND_MISUSED;
	buf_init(&directory, PATH_MAX_BYTES);
	buf_addf(&directory, "%s%s", argv[1],
		 argv[1][strlen(argv[1]) - 1] == '/' ? "" : "/");
	if (directory.failed)
		result = command_fail("the path of the directory is too long");
	else
		result = export_to(buf_z(&directory), force);
	buf_done(&directory);
	return result;
}

int
pages_command(int argc, char **argv)
{
	static const struct command_action actions[] = { { "export", export },
							 { "list", list },
							 { NULL } };

	return command_dispatch(argc, argv, actions);
}
