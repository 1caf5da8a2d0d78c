#include "page/share.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

const struct share_file *
share_find(const struct share *share, struct str name)
{
	for (size_t i = 0; i < share->n; i++)
		if (str_eq(share->files[i].name, name))
			return &share->files[i];
	return NULL;
}

struct str
share_bytes(const struct share_file *file)
{
	return file->is_own ? buf_str(&file->own) : file->built_in;
}

enum err
share_open_dir(const char *share_dir, const char *folder, int *directory, struct why *why)
{
	char path[4096];
	int n = snprintf(path, sizeof(path), "%s/%s", share_dir, folder);

	if (n < 0 || (size_t)n >= sizeof(path))
		return why_set(why, ERR_LIMIT, "share_dir: longer than a path can be");
	*directory = open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
	if (*directory >= 0)
		return ERR_OK;
	return why_set(why, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "share_dir: %s: %s",
		       path, strerror(errno));
}

enum err
share_read(int directory, const char *folder, const char *name, struct buf *out,
	   struct why *why)
{
	struct why detail = { "" };
	enum err e = file_read_at(directory, name, SHARE_FILE_MAX, out, NULL, &detail);

	if (e != ERR_OK)
		return why_set(why, e, "share_dir: %s/%s", folder, detail.text);
	if (!str_is_utf8(buf_str(out)))
		return why_set(why, ERR_SYNTAX, "share_dir: %s/%s: not UTF-8", folder,
			       name);
	return ERR_OK;
}

static enum err
add_built_in(struct share *share, const struct embedded_folder *folder, struct why *why)
{
	for (const struct embedded *f = folder->files; f->name != NULL; f++) {
		if (share->n >= SHARE_FILES_MAX)
			return why_set(why, ERR_LIMIT, "too many files in share");
		share->files[share->n] = (struct share_file){ .folder = folder->name,
							      .name = str_of(f->name),
							      .built_in = f->bytes,
							      .version = f->version };
		buf_init(&share->files[share->n++].own, SHARE_FILE_MAX);
	}
	return ERR_OK;
}

/* Read the files from number `first` on that the directory has. */
static enum err
add_own(struct share *share, size_t first, const char *folder, int directory,
	struct why *why)
{
	for (size_t i = first; i < share->n; i++) {
		struct share_file *file = &share->files[i];
		enum err e = share_read(directory, folder, file->name.p, &file->own, why);

		if (e != ERR_OK && e != ERR_NOT_FOUND)
			return e;
		file->is_own = e == ERR_OK;
	}
	return ERR_OK;
}

static enum err
add_folder(struct share *share, const struct embedded_folder *folder,
	   const char *share_dir, struct why *why)
{
	size_t first = share->n;
	int directory;
	enum err e = add_built_in(share, folder, why);

	if (e != ERR_OK || share_dir == NULL)
		return e;
	e = share_open_dir(share_dir, folder->name, &directory, why);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	e = add_own(share, first, folder->name, directory, why);
	close(directory);
	return e;
}

enum err
share_open(struct share *share, const struct embedded_folder *folders,
	   const char *share_dir, struct why *why)
{
	enum err e = ERR_OK;

	for (; e == ERR_OK && folders->name != NULL; folders++)
		e = add_folder(share, folders, share_dir, why);
	return e;
}

void
share_close(struct share *share)
{
	for (size_t i = 0; i < share->n; i++)
		buf_done(&share->files[i].own);
	share->n = 0;
}
