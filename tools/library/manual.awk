# The manual page of an installed header: awk -f names.awk -f manual.awk LIST HEADER PARTS >OUT
# HEADER is as header.awk writes it; PARTS are the headers that its page describes, too. What
# the page says are the comments of the headers.

BEGIN {
	read_list(ARGV[1])
	name = base(ARGV[2])
	sub(/\.h$/, "", name)
	files = 0
	for (a = 2; a < ARGC; a++) {
		FILENAME = ARGV[a]
		read_paragraphs()
		for (i = 1; i <= paragraphs; i++)
			page[++files] = text_of[i]
	}
	write_head()
	write_synopsis()
	print ".Sh DESCRIPTION"
	for (i = 1; i <= files; i++)
		write_paragraph(page[i])
	write_see_also()
	exit failed
}

function write_head(i, j, n, all)
{
	print ".\\\" Made from the header of this name by tools/library/manual.awk."
	print ".Dd November 30, 2026"
	print ".Dt DOORWARD_" toupper(name) " 3"
	print ".Os"
	print ".Sh NAME"
	n = 0
	for (i = 1; i <= files; i++) {
		find_declared(page[i])
		for (j = 1; j <= declarations; j++)
			if (is_linked(page[i], declared[j]))
				all[++n] = declared[j]
	}
	if (n == 0)
		all[++n] = "doorward_" name
	for (i = 1; i <= n; i++)
		print ".Nm " all[i] (i < n ? " ," : "")
	print ".Nd " about[name ".h"]
	print ".Sh LIBRARY"
	print "Doorward (libdoorward, \\-ldoorward), the layer of"
	print (layer_of(name ".h") == "tokens" ? "keys and tokens" : "requests")
}

function layer_of(file, f)
{
	for (f in installed)
		if (installed[f] == file)
			return layer[f]
	return ""
}

# Functions and objects begin small; types are struct, enum and typedef.
function is_linked(text, word)
{
	return word ~ /^doorward_/ && text !~ /(^|\n)typedef/ &&
		text !~ "(struct|enum) " word " *[{]"
}

function write_synopsis(i, j, a, file, code, statement, m)
{
	print ".Sh SYNOPSIS"
	for (a = 2; a < ARGC; a++)
		print ".In doorward/" base(ARGV[a])
	for (i = 1; i <= files; i++) {
		find_declared(page[i])
		for (j = 1; j <= declarations; j++)
			if (is_linked(page[i], declared[j]))
				write_prototype(statement_of[j])
	}
}

# "bool f(int a, char *b)" in the macros of mdoc.
function write_prototype(statement, type, inside, n, argument, i, f)
{
	sub(/ $/, "", statement)
	if (statement !~ /\(/) {
		print ".Vt " statement " ;"
		return
	}
	inside = statement
	sub(/\(.*$/, "", statement)
	sub(/^[^(]*\(/, "", inside)
	sub(/\)[^)]*$/, "", inside)
	f = last_word(statement)
	type = substr(statement, 1, length(statement) - length(f))
	sub(/ $/, "", type)
	print ".Ft " type
	print ".Fo " f
	n = arguments(inside, argument)
	for (i = 1; i <= n; i++)
		print ".Fa \"" argument[i] "\""
	print ".Fc"
}

# Cut at the commas that stand outside of parentheses.
function arguments(text, argument, i, c, depth, n)
{
	n = 1
	argument[1] = ""
	depth = 0
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		depth += (c == "(") - (c == ")")
		if (c == "," && depth == 0) {
			argument[++n] = ""
			i++
			continue
		}
		argument[n] = argument[n] c
	}
	return n
}

# The comment of a paragraph is its text. Functions are the heads of a list; types, constants
# and macros are shown as they are.
function write_paragraph(text, i, comment, code, at, linked)
{
	comment = ""
	if (text ~ /^\/\*/) {
		at = index(text, "*/")
		comment = substr(text, 1, at + 1)
		text = substr(text, at + 2)
	}
	if (text ~ /\n#ifndef DOORWARD_[A-Z0-9_]+_H\n/)
		text = ""
	find_declared(text)
	if (declarations == 0) {
		write_comment(comment)
		return
	}
	linked = 0
	for (i = 1; i <= declarations; i++)
		linked += is_linked(text, declared[i])
	if (linked > 0) {
		if (text ~ /\/\*/)
			fail("a comment behind " declared[1] " would not be on its page")
		print ".Bl -tag -width Ds"
		for (i = 1; i <= declarations; i++)
			if (is_linked(text, declared[i]))
				print (statement_of[i] ~ /\(|route_check/ ? ".It Fn " : ".It Va ") declared[i]
		if (comment == "")
			fail("no comment describes " declared[1])
		said = 0
		write_comment(comment)
		print ".El"
		return
	}
	write_comment(comment)
	write_literal(text)
}

# `/* … */` as paragraphs; lines that are indented are shown as they are.
function write_comment(text, n, line, i, shown, start)
{
	sub(/^\/\*/, "", text)
	sub(/\*\/$/, "", text)
	if (text ~ /^ ---- .* ----/) {
		sub(/^ ---- /, "", text)
		sub(/ ----.*$/, "", text)
		print ".Ss " toupper(substr(text, 1, 1)) substr(text, 2)
		return
	}
	n = split(text, line, "\n")
	shown = 0
	start = 1
	for (i = 1; i <= n; i++) {
		if (n > 1)
			sub(/^[\t ]*\*? ?/, "", line[i])
		else
			gsub(/^ | $/, "", line[i])
		if (line[i] ~ /^[ \t]*$/) {
			start = 1
			continue
		}
		if (line[i] ~ /^ / && !shown)
			print ".Bd -literal"
		if (line[i] !~ /^ / && shown)
			print ".Ed"
		if (line[i] ~ /^ / && shown && start)
			print ""
		if (line[i] !~ /^ / && start && !shown && said)
			print ".Pp"
		shown = line[i] ~ /^ /
		start = 0
		if (shown)
			printf "%s", literal(table_line(line[i], 65) "\n")
		else
			print sentences(line[i])
		said = 1
	}
	if (shown)
		print ".Ed"
}

# A line of a table whose last column is broken where it is too long.
function table_line(text, width, at, hang)
{
	if (length(text) <= width || !match(text, /   *[^ ]+( [^ ]+)*$/))
		return text
	at = RSTART
	while (substr(text, at, 1) == " ")
		at++
	hang = substr(text, 1, at - 1)
	gsub(/[^ ]/, " ", hang)
	return broken(text, "", hang, width)
}

# Marked names in italics, each sentence on a line of its own.
function sentences(text, out, at)
{
	gsub(/\\/, "\\e", text)
	out = ""
	while ((at = index(text, "`")) > 0) {
		out = out substr(text, 1, at - 1) (marked ? "\\fR" : "\\fI")
		marked = !marked
		text = substr(text, at + 1)
	}
	text = out text
	out = ""
	while (match(text, /[.?] +["(A-Z\\]/)) {
		out = out short_lines(substr(text, 1, RSTART)) "\n"
		text = substr(text, RSTART + RLENGTH - 1)
	}
	return out short_lines(text)
}

function short_lines(text, out, at)
{
	out = ""
	while (length(text) > 74) {
		at = last_break(text, " ", 74)
		if (at == 0)
			break
		out = out protected(substr(text, 1, at - 1)) "\n"
		text = substr(text, at + 1)
	}
	return out protected(text)
}

# A line that begins with a point or an apostrophe is none of troff's.
function protected(text)
{
	return (text ~ /^[.']/ ? "\\&" : "") text
}

function write_literal(text)
{
	print ".Bd -literal"
	printf "%s", literal(in_columns(without_macros(text), 72))
	print ".Ed"
}

# A macro with arguments is shown without its body, once.
function without_macros(text, n, line, i, out, macro, at, seen)
{
	out = ""
	n = split(text, line, "\n")
	for (i = 1; i < n; i++) {
		if (line[i] ~ /^#(ifdef|else|endif)/ || (line[i] == "" && out == ""))
			continue
		if (line[i] ~ /^#define [A-Z_]+\(/) {
			macro = substr(line[i], 1, index(line[i], ")"))
			if (!(macro in seen))
				out = out macro "\n"
			seen[macro] = 1
			while (i < n && line[i] ~ /\\$/)
				i++
			continue
		}
		at = index(line[i], "/*")
		if (line[i] ~ /^#/ && at > 1 && length(line[i]) > 72) {
			out = out substr(line[i], at) "\n"
			line[i] = substr(line[i], 1, at - 1)
			sub(/ +$/, "", line[i])
		}
		out = out line[i] "\n"
	}
	return out
}

function literal(text, n, line, i, out)
{
	gsub(/\\/, "\\e", text)
	n = split(text, line, "\n")
	out = ""
	for (i = 1; i < n; i++) {
		gsub(/\t/, "    ", line[i])
		out = out protected(line[i]) "\n"
	}
	return out
}

function write_see_also(file, n, i, seen, other)
{
	print ".Sh SEE ALSO"
	n = 0
	for (a = 2; a < ARGC; a++) {
		while ((getline line <ARGV[a]) > 0)
			if (line ~ /^#include <doorward\//) {
				gsub(/^.*\/|\.h>$/, "", line)
				if (!(line in seen) && !is_part(line ".h"))
					other[++n] = line
				seen[line] = 1
			}
	}
	sort(other, n)
	for (i = 1; i <= n; i++)
		print ".Xr doorward_" other[i] " 3 ,"
	print ".Xr libdoorward 3"
}

function is_part(file, f)
{
	for (f in part_of)
		if (base(f) == file)
			return 1
	return 0
}

function sort(list, n, i, j, kept)
{
	for (i = 2; i <= n; i++) {
		kept = list[i]
		for (j = i - 1; j >= 1 && list[j] > kept; j--)
			list[j + 1] = list[j]
		list[j + 1] = kept
	}
}
