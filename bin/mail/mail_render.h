/*
 * The texts of mails: templates of share/mail with phrases, as the pages have them, and those
 * of share_dir in their places. Each mail is NAME.txt and NAME.html, both within layout, and
 * the phrase mail.NAME.subject (NAME with _ for -).
 */
#ifndef MAIL_RENDER_H
#define MAIL_RENDER_H

#include "config/config.h"
#include "page/language.h"
#include "page/share.h"

#define MAIL_TEXT_MAX (128 * 1024) /* bytes of one part */

struct mail_texts {
	const struct config *config;
	struct share share;
	struct languages languages;
	bool built_in; /* what share_dir has was no good, and is left alone */
};

/*
 * Where share_dir or the language are no good, those that are built in are used. `texts`
 * borrows `config` and must not be moved. mail_texts_close in any case.
 */
enum err mail_texts_open(struct mail_texts *texts, const struct config *config,
			 struct why *why);
void mail_texts_close(struct mail_texts *texts);

/* What a mail says. Each of them may be empty; templates ask {{#name}}. */
struct mail_values {
	struct str name;    /* of the user */
	struct str link;    /* an address that opens something */
	struct str browser; /* "Firefox" */
	struct str system;  /* "Linux" */
	struct str network; /* "192.0.2.1" */
	int64_t at;         /* when that happened which it is about */
	int64_t until;      /* how long its link can be used; 0: it has none */
};

/* A mail, as text; the caller inits all with MAIL_TEXT_MAX. */
struct mail_rendered {
	const char *language; /* "de" */
	struct buf subject, text, html;
};

/*
 * Make the mail `name` in `language` ("de", "pt-BR"; what there is not is the site's).
 * ERR_NOT_FOUND: there is no such mail. What share_dir has of it and cannot be shown is
 * replaced by what is built in, in English.
 */
enum err mail_render(const struct mail_texts *texts, const char *name,
		     struct str language, const struct mail_values *values,
		     struct mail_rendered *out, struct why *why);

/* Could each mail be made? Appends a line for each mistake, its file in share/ first. */
void mail_texts_check(const struct config *config, struct buf *problems);

#endif
