#include "bin/misuse.h"

#include <stdio.h>
#include <string.h>

#include "bin/help.h"

#define USAGE_MAX 4096
#define WORD_MAX 64

/* What a usage asks for, and what was typed. */
struct comparison {
	char missing[WORD_MAX]; /* the first word of the usage that is not there; or "" */
	int wanted, given;      /* operands */
	bool more;              /* it takes operands that may be left out */
};

/* A command without actions begins its usage with an operand or a bracket. */
static bool
has_actions(const struct command *c)
{
	return c->usage[0] >= 'a' && c->usage[0] <= 'z';
}

/* The lines of the usage that begin with this action. */
static void
add_lines_of(const struct command *c, const char *action, struct buf *out)
{
	struct str lines = str_of(c->usage);

	while (lines.n > 0) {
		struct str line = str_cut(&lines, '\n'), rest = line;

		if (!str_is(str_cut(&rest, ' '), action))
			continue;
		if (out->n > 0)
			buf_addc(out, '\n');
		buf_add(out, line);
	}
}

/* `--name` in the usage, with what follows it there; empty when it is not there. */
static struct str
option_in(struct str usage, struct str name)
{
	for (size_t i = 0; i + name.n <= usage.n; i++) {
		struct str rest = str_sub(usage, i, usage.n);
		struct str after = str_sub(rest, name.n, rest.n);

		if (str_starts_with(rest, name) &&
		    (after.n == 0 || strchr(" ]|", after.p[0]) != NULL))
			return rest;
	}
	return (struct str){ NULL, 0 };
}

static bool
takes_value(struct str usage, struct str name)
{
	struct str found = option_in(usage, name);

	return str_starts_with(name, STR("--")) && found.n > name.n + 1 &&
	       found.p[name.n] == ' ' && strchr("[|-<", found.p[name.n + 1]) == NULL;
}

/* How often the option stands in argv; its last place is in *at. */
static int
count_option(struct str name, int argc, char *const *argv, int *at)
{
	int n = 0;

	for (int i = 1; i < argc; i++) {
		struct str word = str_of(argv[i]);

		if (str_eq(str_cut(&word, '='), name)) {
			*at = i;
			n++;
		}
	}
	return n;
}

/* Would command_options have had nothing to say of this word? */
static bool
is_good_option(struct str usage, int argc, char *const *argv, int i)
{
	struct str value = str_of(argv[i]), name = str_cut(&value, '=');
	bool with_value = str_index(str_of(argv[i]), '=') < strlen(argv[i]);
	bool wants = takes_value(usage, name);
	int at = i;

	return option_in(usage, name).n > 0 && (wants || !with_value) &&
	       (!wants || with_value || i + 1 < argc) &&
	       count_option(name, argc, argv, &at) == 1;
}

/* Count the operands; -1 when an option is wrong. */
static int
count_operands(struct str usage, int argc, char *const *argv)
{
	int n = 0;

	for (int i = 1; i < argc; i++) {
		struct str word = str_of(argv[i]);

		if (word.n < 2 || word.p[0] != '-')
			n++;
		else if (!is_good_option(usage, argc, argv, i))
			return -1;
		else if (takes_value(usage, word))
			i++;
	}
	return n;
}

static void
keep_missing(struct comparison *r, struct str word)
{
	if (r->missing[0] == '\0' && word.n > 0 && word.n < sizeof(r->missing))
		memcpy(r->missing, word.p, word.n); /* all the rest is zero */
}

/* Words outside of brackets are wanted: NAME, or --option VALUE. */
static struct comparison
compare(struct str usage, int argc, char *const *argv)
{
	struct comparison r = { .given = count_operands(usage, argc, argv) };
	struct str rest = usage;
	int depth = 0, at;

	while (rest.n > 0) {
		struct str word = str_cut(&rest, ' ');
		bool outside = depth == 0 && !str_starts_with(word, STR("["));

		for (size_t i = 0; i < word.n; i++)
			depth += word.p[i] == '[' ? 1 : word.p[i] == ']' ? -1 : 0;
		if (str_is(word, "<"))
			break;
		if (!outside)
			r.more = r.more || (word.n > 1 && word.p[0] == '[' &&
					    word.p[1] >= 'A' && word.p[1] <= 'Z');
		else if (!str_starts_with(word, STR("--")))
			keep_missing(&r, ++r.wanted > r.given ? word : str_of(""));
		else if (count_option(word, argc, argv, &at) == 0)
			keep_missing(&r, word);
		if (outside && takes_value(usage, word))
			str_cut(&rest, ' ');
	}
	return r;
}

static void
put_reason(const char *name, const char *action, struct str usage, int argc,
	   char *const *argv)
{
	struct comparison r = compare(usage, argc, argv);
	const char *space = action[0] == '\0' ? "" : " ";

	if (r.given < 0)
		return;
	if (r.missing[0] != '\0')
		command_fail("%s%s%s: %s is missing", name, space, action, r.missing);
	else if (r.given > r.wanted && !r.more)
		command_fail("%s%s%s: there is a word too many", name, space, action);
	else
		command_fail("%s%s%s: these words do not go together", name, space,
			     action);
}

static void
explain_action(const struct command *c, int argc, char *const *argv)
{
	struct command one = *c;
	struct buf lines;

	buf_init(&lines, USAGE_MAX);
	if (argc > 1)
		add_lines_of(c, argv[1], &lines);
	if (lines.n > 0) {
		struct str operands = buf_str(&lines);

		str_cut(&operands, ' ');
		if (str_index(operands, '\n') == operands.n)
			put_reason(c->name, argv[1], operands, argc - 1, argv + 1);
		one.usage = buf_z(&lines);
	} else if (argc == 1) {
		command_fail("%s: say what to do", c->name);
	}
	help_put_usage(stderr, &one, "usage: ", "       ");
	buf_done(&lines);
}

void
misuse_explain(const struct command *c, int argc, char *const *argv)
{
	if (has_actions(c)) {
		explain_action(c, argc, argv);
		return;
	}
	put_reason(c->name, "", str_of(c->usage), argc, argv);
	help_put_usage(stderr, c, "usage: ", "       ");
}
