/*
 * Finds files of share_dir that nothing reads, for `doorward config check`. A program
 * takes the files that it knows and cannot distinguish a typing mistake from somebody
 * else's file.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pagecheck/pages_check.h"

static bool
is_hidden(const char *name)
{
	return name[0] == '.';
}

/* A file beside the folders that should be in one of them. */
static void
check_beside(const struct pages *pages, const char *name, struct buf *problems)
{
	const struct share_file *file = share_find(&pages->share, str_of(name));
	struct str tag = str_of(name);

	if (file != NULL)
		buf_addf(problems, "%s: is not read; its place is %s/%s\n", name,
			 file->folder, name);
	else if (str_ends_with(tag, STR(".txt")) &&
		 language_is_tag(str_sub(tag, 0, tag.n - 4)))
		buf_addf(problems, "%s: is not read; its place is phrases/%s\n", name,
			 name);
}

static void
check_phrases(const char *name, struct buf *problems)
{
	struct str file = str_of(name);

	if (str_ends_with(file, STR(".txt")) &&
	    !language_is_tag(str_sub(file, 0, file.n - 4)))
		buf_addf(problems,
			 "phrases/%s: is not read; small letters and - name a language\n",
			 name);
}

/* A template, or another known file, with a name that this folder does not have. */
static void
check_in_folder(const struct pages *pages, const char *folder, const char *name,
		struct buf *problems)
{
	const struct share_file *file = share_find(&pages->share, str_of(name));

	if (strcmp(folder, ".") == 0)
		check_beside(pages, name, problems);
	else if (strcmp(folder, "phrases") == 0)
		check_phrases(name, problems);
	else if (file != NULL && strcmp(file->folder, folder) != 0)
		buf_addf(problems, "%s/%s: is not read; its place is %s/%s\n", folder,
			 name, file->folder, name);
	else if (file == NULL && str_ends_with(str_of(name), STR(".html")))
		buf_addf(problems, "%s/%s: is not read; there is no such template\n",
			 folder, name);
}

static void
check_folder(const struct pages *pages, const char *share_dir, const char *folder,
	     struct buf *problems)
{
	struct dirent **entries;
	struct why why;
	int directory, n;

	if (share_open_dir(share_dir, folder, &directory, &why) != ERR_OK)
		return; /* there is none, or pages_open has reported it */
	n = scandirat(directory, ".", &entries, NULL, alphasort);
	close(directory);
	for (int i = 0; i < n; i++) {
		if (!is_hidden(entries[i]->d_name))
			check_in_folder(pages, folder, entries[i]->d_name, problems);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

void
pages_check_places(const struct pages *pages, const char *share_dir, struct buf *problems)
{
	const char *before = "phrases";

	check_folder(pages, share_dir, ".", problems);
	check_folder(pages, share_dir, before, problems);
	for (size_t i = 0; i < pages->share.n; i++) {
		const char *folder = pages->share.files[i].folder;

		if (strcmp(folder, before) != 0)
			check_folder(pages, share_dir, folder, problems);
		before = folder;
	}
}
