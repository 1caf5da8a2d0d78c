"""Checks of the C sources: banned calls, shape."""

import re
import subprocess

# Who may include the headers of other projects.
FOREIGN = [
    (r"libpq-fe\.h", ("lib/db/", "lib/store/")),
    (r"jansson\.h", ("lib/json/", "lib/jose/")),
    (r"openssl/(?!crypto\.h)", ("lib/crypto/", "lib/jose/", "lib/foreign/digest.c")),
    (r"(fcgi(app|_stdio|os)?|fastcgi)\.h", ("lib/serve/serve",)),
    (r"(sodium|zxcvbn)\.h", ("lib/people/password",)),
    (r"crypt\.h", ("lib/foreign/foreign_crypt.c",)),
    (r"(liboath/|qrcodegen/).*", ("lib/factor/",)),
    (r"spawn\.h", ("bin/process.c",)),
    # who ends a session calls session_end, and writes no file besides
    (r"people/revocations_publish\.h", ("lib/people/session_end.c", "bin/db/revocations.c",
                                        "lib/people/revocations_publish.c")),
    (r"revocation/revocations_write\.h", ("lib/people/session_end.c", "bin/db/revocations.c",
                                           "lib/people/revocations_publish.c",
                                           "lib/revocation/revocations_write.c")),
]

BANNED = re.compile(
    r"(?<![\w.>])(strcpy|strcat|strncpy|strncat|sprintf|vsprintf|strtok|strtok_r|atoi|atol|atoll|"
    r"atof|gets|alloca|scanf|sscanf|system|popen|tmpnam|mktemp|rand|srand|random|putenv|"
    r"memset_s|bzero|asctime|ctime|gmtime|localtime)\s*\(")

# A comparison that stops at the first difference, on something whose name says secret.
SECRET = re.compile(r"(?<!\w)(strn?cmp|memcmp|str_eq|str_is)\s*\([^;]*?"
                    r"(secret|password|signature|\bmac\b|csrf)", re.S)

FUNCTION_LINES, FILE_LINES, PROGRAM_LINES, TABLE_LINES = 60, 500, 200, 1000


def read(path):
    """A source file."""
    with open(path, encoding="utf-8") as f:
        return f.read()


def strip(text):
    """The text without comments and with empty strings; line numbers stay."""
    def blank(match):
        word = match[0]
        if word.startswith("/"):
            return "\n" * word.count("\n") or " "
        return word[0] + word[-1]
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', blank, text,
                  flags=re.S)


def ours(files, *folders, ends=(".c", ".h")):
    """C files below `folders`, by default those that are shipped as programs."""
    folders = folders or ("lib/", "bin/", "cgi-bin/")
    return [f for f in files if f.startswith(folders) and f.endswith(ends)]


def line_of(text, offset):
    """The number of the line that holds `offset`."""
    return text.count("\n", 0, offset) + 1


def includes(text):
    """Line number and name of each included header."""
    for match in re.finditer(r'^#\s*include\s*[<"]([^>"]+)[>"]', text, re.M):
        yield line_of(text, match.start()), match[1]


def foreign_headers(files):
    """Each library of others, and what stands behind one door of ours, has one place of use."""
    problems, count = [], 0
    for file in ours(files):
        for line, header in includes(read(file)):
            for pattern, places in FOREIGN:
                if re.match(pattern, header):
                    count += 1
                    if not file.startswith(places):
                        problems.append(f"{file}:{line}: {header} belongs into {' or '.join(places)}")
    return count, problems


def grep(files, pattern, say):
    """Every match of `pattern` outside comments and strings."""
    problems = []
    for file in files:
        text = strip(read(file))
        for match in pattern.finditer(text):
            problems.append(f"{file}:{line_of(text, match.start())}: {say(match)}")
    return len(files), problems


def consumed_headers(files):
    """Each header that the code asks for is refused when it is given twice."""
    known = set(re.findall(r'"(HTTP_[A-Z_]+)"', read("lib/http/request.c")))
    problems, count = [], 0
    for file in ours(files, ends=(".c",)):
        text = read(file)
        for match in re.finditer(r'"(HTTP_[A-Z_]+[A-Z])"', text):
            count += 1
            if match[1] not in known:
                problems.append(f"{file}:{line_of(text, match.start())}: {match[1]} is not in "
                                "consumed_headers of lib/http/request.c")
    return count, problems


# A call that may be given the status of an answer, and the status in it.
STATUS = re.compile(r"(?:\b(?:response|serve|page|answer|refuse|complete|again)\w*\s*\([^;\"{]*|"
                    r"\bstatus\s*=\s*|\breturn\s+|\(struct problem\)\{\s*)"
                    r"(?<![\w.])([1-5]\d\d)\b")


def reason_phrases(files):
    """Each status that is answered has its reason phrase (RFC 9110, 15)."""
    known = set(re.findall(r"\{ (\d{3}), \"", read("lib/http/response.c")))
    problems, count = [], 0
    for file in ours(files, ends=(".c",)):
        if not file.startswith(("cgi-bin/", "lib/")):
            continue
        text = strip(read(file))
        for match in STATUS.finditer(text):
            count += 1
            if match[1] not in known:
                problems.append(f"{file}:{line_of(text, match.start(1))}: response_reason does not "
                                f"know {match[1]}")
    return count, problems


def banned_calls(files):
    """The list of STYLE: calls that cut, overrun or change the process."""
    return grep(ours(files), BANNED, lambda match: f"{match[1]}() is banned")


def secret_comparisons(files):
    """Secrets are compared in constant time."""
    return grep(ours(files), SECRET, lambda match: f"{match[1]} on {match[2]}: use secret_equal")


def functions(text):
    """First line, last line and body of each function (clang-format puts its braces first)."""
    start = None
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line.startswith("}") and start:
            yield start, number, "\n".join(lines[start:number - 1])
            start = None


def no_conditionals_in_functions(files):
    """No #if between the braces of a function."""
    problems, count = [], 0
    for file in ours(files):
        for start, _, body in functions(strip(read(file))):
            count += 1
            if re.search(r"^\s*#\s*(if|el|endif)", body, re.M):
                problems.append(f"{file}:{start}: #if inside a function")
    return count, problems


def no_struct_typedefs(files):
    """A struct is called a struct, and _t is the C library's."""
    return grep(ours(files), re.compile(r"^\s*typedef\s+(struct|union|enum)\b|^\s*typedef[^;]*_t;",
                                        re.M), lambda match: "typedef of a struct, or a name in _t")


def no_dead_code(files):
    """No #if 0, and no statement in a comment inside a function."""
    problems = []
    for file in ours(files):
        text = read(file)
        for match in re.finditer(r"^#\s*if\s+0\b|^[ \t]*//.*[;{}]\s*$|^[ \t]+/\*[^*\n]*[;{}]\s*\*/\s*$",
                                 text, re.M):
            problems.append(f"{file}:{line_of(text, match.start())}: code that does not run")
    return len(ours(files)), problems


def function_length(files):
    """A function fits on a page."""
    problems, count = [], 0
    for file in ours(files, "lib/", "bin/", "cgi-bin/", ends=(".c",)):
        for start, end, _ in functions(read(file)):
            count += 1
            if end - start + 1 > FUNCTION_LINES:
                problems.append(f"{file}:{start}: {end - start + 1} lines")
    return count, problems


def file_length(files):
    """A file is read in one go; a program's own file in less; tests are long tables."""
    problems, count = [], 0
    for file in files:
        if not re.search(r"(\.[ch]|\.py|\.sh)$|^Makefile$", file):
            continue
        count += 1
        lines = read(file).count("\n")
        limit = PROGRAM_LINES if file.startswith("cgi-bin/") else \
            TABLE_LINES if file.startswith("tests/") else FILE_LINES
        if lines > limit:
            problems.append(f"{file}: {lines} lines, {limit} allowed")
    return count, problems


def formatted(files):
    """clang-format would change nothing."""
    sources = ours(files, "lib/", "bin/", "cgi-bin/", "tests/")
    done = subprocess.run(["clang-format", "--dry-run", "-Werror", *sources], check=False,
                          capture_output=True, text=True)
    problems = re.findall(r"^(.+?:\d+):\d+: error", done.stderr, re.M)
    return len(sources), sorted(set(problems)) or ([done.stderr] if done.returncode else [])
