# A header of the tree as it is installed: awk -f names.awk -f header.awk LIST HEADER >OUT
# Public names get their prefix; paragraphs without a public name are left out.

BEGIN {
	read_list(ARGV[1])
	FILENAME = ARGV[2]
	read_paragraphs()
	for (i = 1; i <= paragraphs; i++)
		text_of[i] = is_public(text_of[i]) ? kept_includes(text_of[i]) : ""
	last = 0
	for (i = 1; i <= paragraphs; i++)
		if (text_of[i] ~ /(^|\n)#(include|define [A-Z0-9]+_H\n)/)
			last = i
	for (i = 1; i <= paragraphs; i++) {
		if (text_of[i] ~ /^#endif\n$/)
			text_of[i] = "#ifdef __cplusplus\n}\n#endif\n\n" text_of[i]
		if (text_of[i] != "")
			printf "%s%s", (i > 1 ? "\n" : ""), renamed(text_of[i])
		if (i == last)
			printf "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n"
	}
	exit failed
}

# A paragraph is public whole or not at all; one that declares nothing is.
function is_public(text, i, n)
{
	if (text ~ /\n#ifndef [A-Z0-9_]+_H\n/)
		return 1
	find_declared(text)
	n = 0
	for (i = 1; i <= declarations; i++)
		n += declared[i] in offered
	if (n > 0 && n < declarations)
		for (i = 1; i <= declarations; i++)
			if (!(declared[i] in offered))
				fail(declared[i] " stands between public names and is none")
	return declarations == 0 || n > 0
}

# Includes of our own headers name the installed ones; of others nothing is left.
function kept_includes(text, line, n, i, file, out)
{
	if (text !~ /(^|\n)#include/)
		return text
	out = ""
	n = split(text, line, "\n")
	for (i = 1; i < n; i++) {
		if (line[i] ~ /^#include "/) {
			file = line[i]
			gsub(/^#include "|"$/, "", file)
			if (!(file in installed))
				continue
			line[i] = "#include <doorward/" installed[file] ">"
		}
		out = out line[i] "\n"
	}
	return out
}

function renamed(text, out, word, before)
{
	out = before = ""
	in_comment = 0
	while (text != "") {
		if (match(text, /^[A-Za-z_0-9]+/)) {
			word = substr(text, 1, RLENGTH)
			text = substr(text, RLENGTH + 1)
			out = out new_name(word, before, text)
			before = word
			continue
		}
		if (substr(text, 1, 2) == (in_comment ? "*/" : "/*"))
			in_comment = !in_comment
		if (text !~ /^ /)
			before = ""
		out = out substr(text, 1, 1)
		text = substr(text, 2)
	}
	return in_columns(with_installed_files(out), 98)
}

function new_name(word, before, after)
{
	if (word ~ /^[A-Z0-9_]+_H$/)
		return "DOORWARD_" word
	if (before ~ /^(struct|enum|union)$/ && !in_comment && !(word in tag))
		fail(before " " word " is not in the list")
	if (word in tag && (before ~ /^(struct|enum|union)$/ || (after ~ /^[{]/ && !in_comment)))
		return tag[word] word
	if (!(word in prefix))
		return word
	# In a comment it may be an English word, or a file.
	if (in_comment && ((word !~ /_/ && after !~ /^\(/) || after ~ /^\.[ch]([^a-z]|$)/))
		return word
	return prefix[word] word
}

# Comments name headers by their room.
function with_installed_files(text, file)
{
	for (file in installed)
		while ((at = index(text, file)) > 0)
			text = substr(text, 1, at - 1) "doorward/" installed[file] \
				substr(text, at + length(file))
	return text
}
