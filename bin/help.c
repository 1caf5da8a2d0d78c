/* How commands are called and what they do: for a terminal, and for the manual page. */
#include "bin/help.h"

#include <string.h>

#define WIDTH 79
#define OPTION_COLUMN 21 /* column at which the text of an option begins */

/* Words in lines that end before WIDTH. Every line but the first begins at `indent`. */
struct filler {
	FILE *to;
	size_t column, indent;
	bool begun; /* there is a word on this line */
};

static size_t
columns(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

static void
go_to(struct filler *f, size_t column)
{
	for (; f->column < column; f->column++)
		fputc(' ', f->to);
}

static void
end_line(struct filler *f)
{
	fputc('\n', f->to);
	f->column = 0;
	f->begun = false;
}

static void
put_word(struct filler *f, struct str word)
{
	size_t n = columns(word);

	if (f->begun && f->column + 1 + n > WIDTH)
		end_line(f);
	if (f->begun)
		go_to(f, f->column + 1);
	else
		go_to(f, f->indent);
	fprintf(f->to, "%.*s", STR_ARG(word));
	f->column += n;
	f->begun = true;
}

static void
put_words(struct filler *f, struct str text)
{
	while (text.n > 0) {
		struct str word = str_cut(&text, ' ');

		if (word.n > 0)
			put_word(f, word);
	}
}

/* The next part of a usage that must stay on one line: [--name VALUE]..., < FILE */
static struct str
cut_part(struct str *usage)
{
	struct str s = *usage;
	size_t depth = 0, i = 0;

	for (; i < s.n && (s.p[i] != ' ' || depth > 0 || (i == 1 && s.p[0] == '<')); i++)
		depth += s.p[i] == '[' ? 1 : s.p[i] == ']' ? (size_t)-1 : 0;
	*usage = str_sub(s, i + 1, s.n);
	return str_sub(s, 0, i);
}

void
help_put_usage(FILE *to, const struct command *c, const char *first, const char *rest)
{
	struct str lines = str_of(c->usage);
	const char *lead = first;

	do { /* once also if nothing may follow the name */
		struct str usage = str_cut(&lines, '\n');
		struct filler f = { .to = to, .indent = strlen(rest) + 4 };

		fputs(lead, to);
		f.column = strlen(lead);
		f.begun = true;
		fprintf(to, "doorward %s", c->name);
		f.column += strlen("doorward ") + strlen(c->name);
		while (usage.n > 0)
			put_word(&f, cut_part(&usage));
		end_line(&f);
		lead = rest;
	} while (lines.n > 0);
}

/* ---- the details ---- */

/*
 * A piece of the details is a paragraph, or an option with its text. A line that is
 * indented by two blanks begins an option, and lines that are indented further belong to
 * the line before. An empty line begins a paragraph, and so does one that begins with
 * "Exit".
 */
enum piece { PIECE_NONE, PIECE_PARAGRAPH, PIECE_OPTION };

static bool
is_indented(struct str line)
{
	return str_starts_with(line, STR("  "));
}

static bool
is_option(struct str line)
{
	return is_indented(line) && !str_starts_with(line, STR("   "));
}

static bool
is_exit(struct str line)
{
	return str_starts_with(line, STR("Exit"));
}

/* Take the lines of the next piece from `rest`. They are one run of its bytes. */
static enum piece
cut_piece(struct str *rest, struct str *piece)
{
	struct str start, line, ahead;
	enum piece kind;

	while (str_starts_with(*rest, STR("\n")))
		str_cut(rest, '\n');
	if (rest->n == 0)
		return PIECE_NONE;
	start = *rest;
	line = str_cut(rest, '\n');
	kind = is_option(line) ? PIECE_OPTION : PIECE_PARAGRAPH;
	for (ahead = *rest; rest->n > 0; *rest = ahead) {
		line = str_cut(&ahead, '\n');
		if (line.n == 0 || is_option(line) || is_exit(line) ||
		    is_indented(line) != (kind == PIECE_OPTION))
			break;
	}
	*piece = str_sub(start, 0, start.n - rest->n);
	return kind;
}

/* Take "--option VALUE" from "  --option VALUE  text". */
static struct str
cut_option(struct str *piece)
{
	struct str s = str_trim(*piece);
	size_t i = 0;

	while (i < s.n && s.p[i] != '\n' &&
	       !str_starts_with(str_sub(s, i, s.n), STR("  ")))
		i++;
	*piece = str_sub(s, i, s.n);
	return str_sub(s, 0, i);
}

static void
put_text(struct filler *f, struct str piece)
{
	while (piece.n > 0)
		put_words(f, str_cut(&piece, '\n'));
	end_line(f);
}

static void
put_option(FILE *to, struct str piece)
{
	struct str option = cut_option(&piece);
	struct filler f = { .to = to, .indent = OPTION_COLUMN };

	fprintf(to, "  %.*s", STR_ARG(option));
	f.column = 2 + columns(option);
	if (f.column + 2 > OPTION_COLUMN)
		end_line(&f);
	put_text(&f, piece);
}

void
help_put(FILE *to, const struct command *c)
{
	struct str details = str_of(c->details), piece;
	struct filler head = { .to = to, .indent = 0 };
	enum piece kind, before = PIECE_OPTION;

	put_word(&head, STR("doorward"));
	put_word(&head, str_of(c->name));
	fputc(':', to);
	head.column++;
	put_text(&head, str_of(c->summary));
	fputc('\n', to);
	help_put_usage(to, c, "  ", "  ");
	while ((kind = cut_piece(&details, &piece)) != PIECE_NONE) {
		struct filler f = { .to = to };

		if (kind == PIECE_PARAGRAPH || before == PIECE_PARAGRAPH ||
		    piece.p == c->details)
			fputc('\n', to);
		if (kind == PIECE_OPTION)
			put_option(to, piece);
		else
			put_text(&f, piece);
		before = kind;
	}
}

/* ---- the same in mdoc ---- */

/* One sentence per line, as mdoc demands. */
static void
mdoc_text(FILE *to, struct str text)
{
	bool space = true, ended = false;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i] == '\n' ? ' ' : text.p[i];

		if (c == ' ' && space)
			continue;
		if (space && (c == '.' || c == '\''))
			fputs("\\&", to);
		space = c == ' ';
		if (c == '-')
			fputs("\\-", to);
		else if (c == '\\')
			fputs("\\e", to);
		else if (space && (ended || i + 1 == text.n))
			fputc('\n', to);
		else
			fputc(c, to);
		ended = c == '.' || c == '?' || c == '!';
	}
	if (!space)
		fputc('\n', to);
}

static void
mdoc_usage(FILE *to, const struct command *c)
{
	struct str lines = str_of(c->usage);

	fputs(".Bl -hang -width Ds -compact\n", to);
	do { /* once also if nothing may follow the name */
		struct str usage = str_cut(&lines, '\n');

		fprintf(to, ".It doorward %s\n", c->name);
		if (usage.n > 0)
			mdoc_text(to, usage);
	} while (lines.n > 0);
	fputs(".El\n", to);
}

void
help_put_mdoc(FILE *to, const struct command *c)
{
	struct str details = str_of(c->details), piece;
	enum piece kind, before = PIECE_NONE;

	fprintf(to, ".It Cm %s\n%s.\n.Pp\n", c->name, c->summary);
	mdoc_usage(to, c);
	while ((kind = cut_piece(&details, &piece)) != PIECE_NONE) {
		if (before == PIECE_OPTION && kind != PIECE_OPTION)
			fputs(".El\n", to);
		if (before != PIECE_OPTION || kind != PIECE_OPTION)
			fputs(".Pp\n", to);
		if (before != PIECE_OPTION && kind == PIECE_OPTION)
			fputs(".Bl -tag -width Ds -compact\n", to);
		if (kind == PIECE_OPTION) {
			fputs(".It Sy ", to);
			mdoc_text(to, cut_option(&piece));
		}
		mdoc_text(to, piece);
		before = kind;
	}
	if (before == PIECE_OPTION)
		fputs(".El\n", to);
}
