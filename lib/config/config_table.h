/*
 * The table of settings, and the conversion of a value to a member. Only config*.c,
 * the `doorward config` command and the tests include this.
 */
#ifndef CONFIG_TABLE_H
#define CONFIG_TABLE_H

#include "config/config.h"

/* Each kind with the type of its member. */
enum setting_kind {
	SETTING_TEXT,     /* const char *: any characters but control ones */
	SETTING_ORIGIN,   /* const char *: http(s)://host[:port], nothing after */
	SETTING_URL,      /* const char *: http(s)://host…, without spaces */
	SETTING_HOST,     /* const char *: a domain name */
	SETTING_HEADER,   /* const char *: a request header's name */
	SETTING_COLOUR,   /* const char *: #rrggbb */
	SETTING_LINK,     /* const char *: a URL, a path of this site, or mailto: */
	SETTING_ZONE,     /* const char *: the form of a time zone's name */
	SETTING_DATE,     /* const char *: a day as YYYY-MM-DD */
	SETTING_PATH,     /* const char *: a file or directory */
	SETTING_CONNINFO, /* const char *: keyword=value …, without password */
	SETTING_BOOL,     /* bool: on or off */
	SETTING_INTEGER,  /* int64_t */
	SETTING_DURATION, /* int64_t: seconds, or a number with s, m, h or d */
	SETTING_SIZE,     /* int64_t: bytes, or a number with k, M or G */
	SETTING_CHOICE,   /* int: index of one of the words */
	SETTING_LIST,     /* struct config_list: words separated by spaces */
	SETTING_ORIGINS,  /* struct config_list: of origins */
	SETTING_NETWORKS, /* struct config_list: of addresses, or ADDRESS/BITS */
	SETTING_RULE      /* struct config_rules: the setting may be repeated */
};

struct setting {
	const char *name;
	enum setting_kind kind;
	size_t offset;            /* of the member */
	const char *default_text; /* the default in the form of a settings file; NULL:
				   * unset */
	const char *same_as;      /* if unset, it has the value of this setting */
	const char *words;        /* of a choice, separated by spaces */
	int64_t min, max;         /* of a number, inclusive */
	bool required;
	const char *section; /* for the first row of a section: its heading */
	const char
		*example; /* a value for the sample, if the default is not a good one */
	bool every_site;  /* every site sets it: first in the sample */
	const char *meaning; /* one sentence for doc/man/doorward.conf.5 */
};

#define SETTINGS_MAX 128 /* rows of a table */

/* Both end with an entry whose name is NULL. */
extern const struct setting config_table[];
extern const struct setting config_issuer_table[]; /* settings after issuer.NAME. */

/* The row of `name` in `table`, or NULL. */
const struct setting *setting_find(const struct setting *table, struct str name);

/*
 * The known name that is nearest to `name`, if it is near enough to be what was meant.
 * Otherwise NULL.
 */
const char *setting_nearest(struct str name);

/* "text", "origin", … */
const char *setting_kind_name(enum setting_kind kind);

/*
 * NULL if `value` has the form of its kind. Otherwise a text that says what was
 * expected. For lists, `value` is one word.
 */
const char *setting_complaint(enum setting_kind kind, struct str value);

/*
 * Set the member of `base` (a struct config or config_issuer) from `value`.
 * ERR_SYNTAX: `why` says what the value should be, without the setting's name. The old
 * value is freed. A relative path starts at `directory`.
 */
enum err setting_set(const struct setting *s, void *base, struct str value,
		     const char *directory, unsigned line, struct why *why);

/* Free what the members hold. */
void setting_free_all(const struct setting *table, void *base);

/* The value in the form of a settings file, without secrets. For `config show`. */
bool setting_show(const struct setting *s, const void *base, struct buf *out);

/*
 * Reads a settings file line by line. Lines end in LF or CRLF. Empty lines and lines
 * that start with # are skipped.
 */
#define CONFIG_FILE_MAX (1024 * 1024)
#define CONFIG_LINE_MAX 4096
#define CONFIG_NAME_MAX 64

struct config_lines {
	struct str rest;
	unsigned
		line; /* line of the last setting from config_next; the first line is 1 */
};

/*
 * Begin with `text`. NULL, or what is wrong with the text as a whole (too large, NUL,
 * not UTF-8, a byte order mark). `line` then says where.
 */
const char *config_lines_init(struct config_lines *l, struct str text);

/*
 * The next setting. False at the end. If the line is malformed, `complaint` says how.
 * Otherwise it is NULL, and `name` and `value` borrow from the text.
 */
bool config_next(struct config_lines *l, struct str *name, struct str *value,
		 const char **complaint);

#endif
