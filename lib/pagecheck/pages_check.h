/*
 * Checks of share_dir and of all pages, for `doorward config check`.
 */
#ifndef PAGES_CHECK_H
#define PAGES_CHECK_H

#include "page/pages.h"

/*
 * Check whether each page can be shown: each template with every name that its page
 * gives it, each phrase with those of the pages that use it. Appends a line for each
 * mistake, which begins with the file's place in share/ (page_check.c).
 */
void pages_check(struct pages *pages, struct buf *problems);

/*
 * Find phrases that a language lacks which only share_dir has. Appends one line for each
 * such language, with the first keys (language_check.c).
 */
void pages_check_languages(const struct pages *pages, struct buf *problems);

/*
 * Find files of share_dir that nothing reads: beside the folders instead of in them,
 * with a name that no template has, or phrases whose name is no language
 * (share_check.c).
 */
void pages_check_places(const struct pages *pages, const char *share_dir,
			struct buf *problems);

#endif
