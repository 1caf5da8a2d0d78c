/*
 * The texts of mails: templates of share/mail with phrases, as for pages, and those of
 * share_dir, which replace them. Each mail is NAME.txt and NAME.html, both within
 * layout, and the phrase mail.NAME.subject (NAME with _ for -).
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
	bool built_in; /* the content of share_dir was bad, and is not used */
};

/*
 * If share_dir or the language cannot be used, the built-in texts are used. Times are
 * in the zone of the setting time_zone, or in UTC if the system lacks it. `texts`
 * borrows `config` and must not be moved. Call mail_texts_close in any case.
 */
enum err mail_texts_open(struct mail_texts *texts, const struct config *config,
			 struct why *why);
void mail_texts_close(struct mail_texts *texts);

/* The values of a mail. Each of them may be empty; templates ask {{#name}}. */
struct mail_values {
	struct str name;    /* of the user */
	struct str link;    /* an address that opens something */
	struct str browser; /* "Firefox" */
	struct str system;  /* "Linux" */
	struct str network; /* "192.0.2.1" */
	/* the factor that it is about: an app for one-time codes, a passkey with its
	 * name, or recovery codes */
	bool of_totp, of_passkey, of_codes;
	struct str passkey;
	struct str left;                 /* how many recovery codes are left */
	struct str label, roles, prefix; /* of a token for a program */
	int64_t at;                      /* the time of the event that it is about */
	int64_t until; /* how long its link, or that token, can be used; 0: it has none */
};

/* A mail as text. The caller initialises all with MAIL_TEXT_MAX. */
struct mail_rendered {
	const char *language; /* "de" */
	struct buf subject, text, html;
};

/*
 * Make the mail `name` in `language` ("de", "pt-BR"; a language that does not exist is
 * replaced by the site's). ERR_NOT_FOUND: there is no such mail. If a part of
 * share_dir cannot be rendered, the whole mail is made of the built-in ones.
 */
enum err mail_render(const struct mail_texts *texts, const char *name,
		     struct str language, const struct mail_values *values,
		     struct mail_rendered *out, struct why *why);

/* Could each mail be made? Appends a line for each mistake, its file in share/ first. */
void mail_texts_check(const struct config *config, struct buf *problems);

#endif
