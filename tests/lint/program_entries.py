"""Each program of cgi-bin/ is in every place that doc/how-to/adding-a-program.md lists."""

import os
import re

from sources import read

# Where the servers find a program that has an address of its own, /NAME.
USUAL = [
    ("its address on Apache (fcgid, cgi, proxy)", "apache-conf/urls.conf",
     r'ScriptAlias\s+"/{p}"\s+"[^"]*/{p}\.fcgi"'),
    ("its limit of a request's size on Apache", "apache-conf/urls.conf",
     r'LocationMatch "\^/\([^)]*\b{p}\b'),
    ("its process on lighttpd", "lighttpd-conf/doorward.conf",
     r'"max-procs" => \d+,\s+"bin-path" => "[^"]*/{p}\.fcgi"'),
    ("its address on lighttpd as CGI", "lighttpd-conf/doorward-cgi.conf",
     r'"/{p}" => "[^"]*/{p}\.fcgi"'),
    ("its condition on lighttpd as CGI", "lighttpd-conf/doorward-cgi.conf",
     r'"\^/\([^)]*\b{p}\b'),
    ("its address on shared hosting", "apache-conf/htaccess.example",
     r'RewriteRule "\^{p}\S*"\s+"doorward/{p}\.fcgi'),
]

# Those that stand at the addresses of others have them elsewhere.
ELSEWHERE = {
    "authorizer": [
        ("the gate on Apache", "apache-conf/gate.conf", r'FcgidAccessChecker "[^"]*/{p}\.fcgi"'),
        ("the gate on lighttpd", "lighttpd-conf/gate.conf",
         r'"max-procs" => \d+,\s+"bin-path" => "[^"]*/{p}\.fcgi"'),
        ("the gate on shared hosting", "apache-conf/htaccess-members.example",
         r"FcgidAccessChecker \S*/{p}\.fcgi"),
    ],
    "files": [
        ("its directory on Apache", "apache-conf/files.conf", r'ScriptAlias .*/{p}\.fcgi"'),
        ("its directory on lighttpd", "lighttpd-conf/files.conf", r'=> "[^"]*/{p}\.fcgi"'),
        ("its directory on shared hosting", "apache-conf/htaccess.example",
         r'RewriteRule .*"doorward/{p}\.fcgi'),
    ],
}

ALL = [
    ("its handler behind mod_proxy_fcgi", "apache-conf/doorward-proxy.conf",
     r'<Files "{p}\.fcgi">'),
    ("its system user (systemd/doorward@.service)", "systemd/sysusers.conf",
     r"^u doorward-{p}\s"),
    ("its libraries", "Makefile", r"^(?:STORING|PROVIDING|VERIFYING) *:=.* {p}\.fcgi\b"),
    ("its manual page", "doc/man/{p}.fcgi.8", r"^\.Nm {p}\.fcgi"),
    ("its line in the picture", "doc/why/architecture.md", r"── {p}\.fcgi"),
]

# The row of a program among the roles of the database, if it has another name: "admin" is the
# row of the command.
ROLE_OF = {"admin": "webadmin"}

# Those that name power_database. {r}: the name of its row among the roles.
WITH_DATABASE = [
    ("its setting", "lib/config/config_table.c", r'"database_{r}"'),
    ("its row among the roles", "lib/config/roles/db_roles.c",
     r'"{r}", "{r}-role",\s+SETTING\(database_{r}\)'),
    ("the option that names its role", "bin/help_texts_operator.c", r"--{r}-role NAME"),
    ("its row in the table of programs", "sql/", r"insert into doorward\.program\b[^;]*'{r}'"),
    ("its role in the stack of the tests", "tools/stack/postgres.py", r'"doorward_{r}"'),
    ("its processes, one connection each", "apache-conf/fcgid.conf",
     r'FcgidCmdOptions\s+"[^"]*/{p}\.fcgi"\s+MaxProcesses \d+ MinProcesses \d+'),
    ("its processes among those that are counted", "doc/how-to/database.md",
     r"Count the [^.]*\b{p}\b[^.]*processes"),
]

# The others: the symbols of what they may not do are looked for.
WITHOUT_DATABASE = [
    ("its place among those that only verify", "tests/lint/binaries.py",
     r'^VERIFIERS = \[[^]]*"{p}"'),
]

# Those that name power_session may read its file.
WITH_SECRET = [
    ("its user in the group of the session secret", "systemd/sysusers.conf",
     r"^m doorward-{p}\s+doorward-session"),
]

# Those that name power_links may read the mail key.
WITH_LINKS = [
    ("its user in the group of the mail key", "systemd/sysusers.conf",
     r"^m doorward-{p}\s+doorward-links"),
]

# What PostgreSQL admits by default, less those that are kept for superusers.
CONNECTIONS = 100 - 3


def text_of(files, path):
    """A file's text, or that of all files below a folder; empty when there is none."""
    if path.endswith("/"):
        return "\n".join(read(f) for f in files if f.startswith(path))
    return read(path) if os.path.exists(path) else ""


def rows_for(name):
    """What a program of that name has to have."""
    source = read(f"cgi-bin/{name}.c")
    rows = ELSEWHERE.get(name, USUAL) + ALL
    rows = rows + (WITH_DATABASE if "&power_database" in source else WITHOUT_DATABASE)
    rows = rows + (WITH_SECRET if "&power_session" in source else [])
    return rows + (WITH_LINKS if "&power_links" in source else [])


def programs(files):
    """Each program has its entries, its user, its role, its manual page and its budget."""
    names = [f[len("cgi-bin/"):-2] for f in files if re.fullmatch(r"cgi-bin/\w+\.c", f)]
    count, problems = 0, []
    for name in names:
        for what, path, pattern in rows_for(name):
            path = path.replace("{p}", name)
            pattern = pattern.replace("{p}", name).replace("{r}", ROLE_OF.get(name, name))
            count += 1
            if not re.search(pattern, text_of(files, path), re.M):
                problems.append(f"{name}.fcgi: {path} lacks {what}")
    return count, problems


def budget(files):  # pylint: disable=unused-argument
    """mod_fcgid's processes that hold a connection are no more than PostgreSQL admits."""
    text = read("apache-conf/fcgid.conf")
    each = [int(n) for n in re.findall(r"\.fcgi\"\s+MaxProcesses (\d+)", text)]
    total = int(re.search(r"^FcgidMaxProcesses\s+(\d+)", text, re.M)[1])
    problems = [f"apache-conf/fcgid.conf: {sum(each)} processes may hold a connection, "
                f"{who} admits {limit}"
                for limit, who in ((CONNECTIONS, "PostgreSQL"), (total, "FcgidMaxProcesses"))
                if sum(each) > limit]
    return len(each), problems
