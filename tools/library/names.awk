# What header.awk and manual.awk share: the list of public names, and the parts of a header.

function fail(text)
{
	print FILENAME ": " text >"/dev/stderr"
	failed = 1
}

# lib/public.list into installed[FILE], layer[FILE], part_of[FILE], about[NAME of a header],
# tag[NAME] and prefix[NAME], and offered[NAME] of all but what is opaque.
function read_list(list, line, word, n, i)
{
	while ((getline line <list) > 0) {
		n = split(line, word, " ")
		if (word[1] == "header" || word[1] == "part") {
			installed[word[2]] = base(word[2])
			layer[word[2]] = word[3]
			if (word[1] == "part")
				part_of[word[2]] = word[4]
			sub(/^[^ ]+ [^ ]+ [^ ]+ /, "", line)
			about[base(word[2])] = line
		} else if (word[1] ~ /^(opaque|struct|enum)$/) {
			for (i = 2; i <= n; i++)
				tag[word[i]] = "doorward_"
			for (i = 2; i <= n && word[1] != "opaque"; i++)
				offered[word[i]] = 1
		} else if (word[1] ~ /^(constant|macro)$/) {
			for (i = 2; i <= n; i++)
				prefix[word[i]] = "DOORWARD_"
			for (i = 2; i <= n; i++)
				offered[word[i]] = 1
		} else if (word[1] ~ /^(function|object|type)$/) {
			for (i = 2; i <= n; i++)
				prefix[word[i]] = "doorward_"
			for (i = 2; i <= n; i++)
				offered[word[i]] = 1
		} else if (word[1] == "foreign") {
			for (i = 2; i <= n; i++)
				tag[word[i]] = ""
		} else if (n > 0 && word[1] !~ /^#/) {
			fail(list ": no such kind: " word[1])
		}
	}
	close(list)
}

function base(path)
{
	sub(/^.*\//, "", path)
	return path
}

# The text without comments; `in_comment` goes on from one line to the next.
function code_of(text, out, at)
{
	out = ""
	while (text != "") {
		at = index(text, in_comment ? "*/" : "/*")
		if (at == 0) {
			if (!in_comment)
				out = out text
			break
		}
		if (!in_comment)
			out = out substr(text, 1, at - 1) " "
		in_comment = !in_comment
		text = substr(text, at + 2)
	}
	return out
}

function count(text, character)
{
	return gsub(character, "", text)
}

# The paragraphs of the file, parted by empty lines outside of braces and comments.
function read_paragraphs(line, before, code, depth)
{
	paragraphs = 0
	paragraph = ""
	depth = in_comment = 0
	while ((getline line <FILENAME) > 0) {
		if (line ~ /^(extern "C" \{|\})$/ && before == "#ifdef __cplusplus")
			line = ""
		before = line
		code = code_of(line)
		depth += count(code, "[{]") - count(code, "[}]")
		if (line == "" && depth == 0 && !in_comment) {
			end_paragraph()
			continue
		}
		paragraph = paragraph line "\n"
	}
	end_paragraph()
	close(FILENAME)
}

function end_paragraph()
{
	if (paragraph != "")
		text_of[++paragraphs] = paragraph
	paragraph = ""
}

# The last word of a text, NAME of "extern const char NAME[3]" and of "enum err NAME(int".
function last_word(text)
{
	sub(/\[.*$/, "", text)
	sub(/[^A-Za-z_0-9]+$/, "", text)
	sub(/^.*[^A-Za-z_0-9]/, "", text)
	return text
}

# The names that a paragraph declares into declared[1…], in their order; not tags that
# it only mentions. statement_of[1…] is how a function or an object is declared.
function find_declared(text, line, n, i, code, statement, part, m)
{
	declarations = 0
	n = split(text, line, "\n")
	in_comment = 0
	code = ""
	for (i = 1; i <= n; i++) {
		part = code_of(line[i])
		if (part ~ /^#define/) {
			sub(/^#define +/, "", part)
			match(part, /^[A-Za-z_0-9]+/)
			declare(substr(part, 1, RLENGTH))
			while (line[i] ~ /\\$/ && i < n)
				i++
		} else if (part !~ /^#/) {
			code = code part " "
		}
	}
	gsub(/__attribute__\(\([^;]*\)\)/, "", code)
	while (code ~ /[^ \t]/) {
		m = end_of_statement(code)
		statement = substr(code, 1, m - 1)
		code = substr(code, m + 1)
		find_in_statement(statement)
	}
}

function end_of_statement(code, i, c, depth)
{
	depth = 0
	for (i = 1; i <= length(code); i++) {
		c = substr(code, i, 1)
		depth += (c == "{") - (c == "}")
		if (c == ";" && depth == 0)
			return i
	}
	return length(code) + 1
}

function find_in_statement(statement, body, word, n, i)
{
	gsub(/[ \t]+/, " ", statement)
	sub(/^ /, "", statement)
	if (statement == "" || statement ~ /^(struct|enum|union) [A-Za-z_0-9]+ ?$/)
		return
	if (statement ~ /^(struct|enum|union)[^(]*\{/) {
		body = statement
		sub(/\{.*$/, "", statement)
		if (split(statement, word, " ") > 1)
			declare(word[2])
		if (word[1] != "enum")
			return
		gsub(/^[^{]*\{|\}[^}]*$/, "", body)
		n = split(body, word, ",")
		for (i = 1; i <= n; i++) {
			sub(/=.*$/, "", word[i])
			gsub(/ /, "", word[i])
			if (word[i] != "")
				declare(word[i])
		}
		return
	}
	body = statement
	sub(/\(.*$/, "", statement)
	declare(last_word(statement))
	statement_of[declarations] = body
}

function declare(name)
{
	declared[++declarations] = name
}

# The lines of a text, none longer than `width` where it can be broken. What is between
# parentheses is one line before.
function in_columns(text, width, line, n, i, out, code, more, is_text)
{
	n = split(text, line, "\n")
	out = ""
	in_comment = 0
	is_text = "^[\t ]*\\* [^ ]"
	for (i = 1; i < n; i++) {
		code = code_of(line[i])
		# A comment behind code that goes on is one line before it is broken.
		while (in_comment && code ~ /[^ \t]/ && i + 1 < n) {
			more = line[i + 1]
			sub(/^[\t ]*\*? ?/, "", more)
			if (line[i + 1] ~ /^[\t ]*\*\//)
				more = "*/"
			code = code code_of(line[i + 1])
			line[i + 1] = line[i] " " more
			i++
		}
		while (count(code, "[(]") > count(code, "[)]") && code !~ /[#\\]/ && i + 1 < n) {
			more = line[i + 1]
			sub(/^[\t ]+/, "", more)
			code = code code_of(more)
			line[i + 1] = line[i] (line[i] ~ /\($/ ? "" : " ") more
			i++
		}
		more = wrapped(line[i], width)
		# What is over of a line in a comment begins the next one.
		if (in_comment && more ~ /\n/ && line[i] ~ is_text && line[i + 1] ~ is_text) {
			match(more, /\n[^\n]*$/)
			code = substr(more, RSTART + 1)
			more = substr(more, 1, RSTART - 1)
			sub(/^[\t ]*\*/, "", line[i + 1])
			line[i + 1] = code line[i + 1]
		}
		out = out more "\n"
	}
	return out
}

# A line of C that the prefixes made longer than `width`, as several. Tabs count 8.
function wrapped(line, width, indent, text, comment, at, sign)
{
	if (columns(line) <= width || line ~ /^#/ || line ~ /\\$/)
		return line
	match(line, /^[\t ]*/)
	indent = substr(line, 1, RLENGTH)
	text = substr(line, RLENGTH + 1)
	if (text ~ /^\* /)
		return broken(text, indent, indent "* ", width)
	at = index(text, "/*")
	if (at > 1) {
		comment = substr(text, at)
		text = substr(text, 1, at - 1)
		sub(/[\t ]+$/, "", text)
		return wrapped(indent comment, width) "\n" wrapped(indent text, width)
	}
	sign = text ~ /^\/\*/ ? "   " : "\t"
	return broken(text, indent, indent sign, width)
}

# Break a text behind its commas, else at its spaces; further lines begin with `more`.
function broken(text, indent, more, width, out, at)
{
	out = ""
	while (columns(indent text) > width) {
		at = 0
		if (more ~ /\t$/ || text ~ /\.[a-z]+ = /)
			at = last_break(text, ", ", width - columns(indent)) + 1
		if (at <= 1)
			at = last_break(text, " ", width - columns(indent))
		if (at == 0)
			break
		out = out indent substr(text, 1, at - 1) "\n"
		text = substr(text, at + 1)
		indent = more
	}
	return out indent text
}

# Where the last `mark` begins of those that end within the width; 0: there is none.
function last_break(text, mark, width, i, at)
{
	at = 0
	for (i = 1; i <= width && i <= length(text); i++)
		if (substr(text, i, length(mark)) == mark && substr(text, i, 3) != " */")
			at = i
	return at
}

function columns(line, at)
{
	while ((at = index(line, "\t")) > 0)
		line = substr(line, 1, at - 1) substr("        ", (at - 1) % 8 + 1) substr(line, at + 1)
	return length(line)
}
