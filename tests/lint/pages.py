"""Checks of the pages: phrases, and the names that templates may use."""

import os
import re

from binaries import BUILD, programs as installed
from sources import read

URLS = "lib/access/urls.h"
GUIDE = "doc/how-to/pages.md"

# What page_init gives to every page.
EVERY_PAGE = {"site_name", "home", "language", "stylesheet", "admin_stylesheet", "icon", "script", "logo", "help_url",
              "imprint_url", "title", "failed"}
# The parts of each time (moment.c).
MOMENT = {"datetime", "day", "month", "year", "clock", "zone"}

ENGLISH = "share/phrases/en.txt"
SAMPLES = ("lib/pagecheck/page_samples.c", "lib/pagecheck/page_samples_admin.c")
OTHERS = ("de", "es", "fr")
# The forms that a phrase with a number has in all four languages (lib/page/plural.h).
FORMS = ("one", "other")
# Phrases that are the same in English and in another language, without the name of the site.
ALL_SAME = {"ltr", "1", "{{site_name}}", "{{heading}}", "{{name}}"}
SAME = {"de": {"April", "August", "September", "November", "Name", "Code", "Passkey", "Passkeys", "Person",
               "Browser:", "System:", "Links"},
        "es": {"Error:", "No.", "Roles", "Roles:"},
        "fr": {"Action", "Administration", "Code", "Invitation", "Invitations", "{{count}} minutes",
               "{{day}} {{month}} {{year}}, {{clock}} {{zone}}"}}

# The folders of share/ that a program shows besides common, where that is not the one of its name.
SHOWS = {"authorizer": {"gate"}, "files": {"gate"}}

# Codes that have a page, or a phrase, of another name (page_refuse.c).
OTHER_PAGES = {"not_done", "invalid_token", "temporarily_unavailable"}
CALL = re.compile(r"\b(serve_error|page_error|app_page_error|page_refuse)\(([^;]*?)\);", re.S)
# A row of a table: status, code of the JSON, code of the page (gate_error.c).
ROW = re.compile(r'\{ \d+, "[a-z_]+", "([a-z_]+)",')
# The functions that begin a page, and those among them that give it values of their own.
FRAMES = ("account_page", "admin_page", "authorize_form_page")
OPENED = re.compile(r'(?:page_init|app_page|%s)\([^;]*?"(\w+)"' % "|".join(FRAMES))
GIVES = re.compile(r'\b(?:page_(?:text|phrase|flag|list|time)\(&?page,\s*|(?:text|flag|phrase|list|moment_field)\()"(\w+)"'
                   r'|\(struct template_field\)\{\s*"(\w+)"|\{ "(\w+)", TEMPLATE_')


def catalogue(path):
    """Each key with its line, its values and its phrase, and what is wrong with the file."""
    keys, problems = {}, []
    for number, line in enumerate(read(path).split("\n"), 1):
        key, equals, phrase = (part.strip() for part in line.partition("="))
        if not line.strip() or key.startswith("#"):
            continue
        if not equals or not phrase or not re.fullmatch(r"[a-z0-9_.]+", key):
            problems.append(f"{path}:{number}: not `key = phrase`")
        elif key in keys:
            problems.append(f"{path}:{number}: {key} stands in line {keys[key][0]} already")
        else:
            keys[key] = number, sorted(set(re.findall(r"\{\{([^}]*)\}\}", phrase))), phrase
    return keys, problems


def programs(files):
    """The C files that make pages."""
    return [f for f in files if f.startswith(("lib/", "cgi-bin/")) and f.endswith(".c")]


def used_phrases(files, rooms):
    """Each key that the code or a template asks for, and where."""
    used = {}
    word = re.compile(r'"((?:%s)(?:\.[a-z_]+)+)"' % "|".join(rooms))
    for file in programs(files):
        text = re.sub(r"#include[^\n]*", "", read(file))
        wanted = [key for key in word.findall(text) if not key.endswith(".fcgi")]
        wanted += [f"{page}.title" for page in OPENED.findall(text)]
        for _, arguments in CALL.findall(text):
            for code in set(re.findall(r'"([a-z_]+)"', arguments)) - OTHER_PAGES:
                wanted += [f"error.{code}.title", f"error.{code}.text"]
        for code in ROW.findall(text):
            wanted += [f"error.{code}.title", f"error.{code}.text"]
        for key in wanted:
            used.setdefault(key, file)
    for file in files:
        if re.fullmatch(r"share/\w+/\w+\.html|share/mail/[\w-]+\.\w+", file):
            for key in re.findall(r"\{\{text:([^}]*)\}\}", read(file)):
                used.setdefault(key, file)
        name = re.fullmatch(r"share/mail/([\w-]+)\.txt", file)
        if name and name[1] != "layout":
            used.setdefault(f"mail.{name[1].replace('-', '_')}.subject", file)
    return used


def other_catalogue(file, english):
    """What one translation lacks, or has in another way than English."""
    keys, problems = catalogue(file)
    problems += [f"{file}: {key} is missing: translate «{english[key][2]}» (doc/how-to/translating.md)"
                 for key in english if key not in keys]
    for key, (line, values, phrase) in keys.items():
        if key not in english:
            problems.append(f"{file}:{line}: {ENGLISH} has no {key}")
        elif values != english[key][1]:
            problems.append(f"{file}:{line}: {key} has the values {values}, in English {english[key][1]}")
        elif phrase == english[key][2] and phrase.removesuffix(" · {{site_name}}") not in (
                SAME.get(file[-6:-4], set()) | ALL_SAME):
            problems.append(f"{file}:{line}: {key} is the same as in English")
    both = [key for key in english if key in keys]
    if not problems and list(keys) != both:
        moved = next(a for a, b in zip(keys, both) if a != b)
        problems.append(f"{file}:{keys[moved][0]}: {moved} stands at another place in {ENGLISH}")
    return problems


def french_spaces(file):
    """In French a no-break space stands before some signs."""
    return [f"{file}:{number}: a no-break space (U+00A0) stands before : ; ! ? » and after «"
            for number, line in enumerate(read(file).split("\n"), 1)
            if not line.startswith("#") and re.search(r"(?<!\u00a0)[;!?»](?! ?\d)| :|«(?!\u00a0)",
                                                      line.partition("=")[2])]


def other_catalogues(files, english):
    """Every catalogue has the keys of the English one, each with the same values."""
    problems = []
    for file in files:
        if file.startswith("share/phrases/") and file != ENGLISH:
            problems += other_catalogue(file, english)
    for language in OTHERS:
        if f"share/phrases/{language}.txt" not in files:
            problems.append(f"share/phrases/{language}.txt is missing")
    return problems + french_spaces("share/phrases/fr.txt")


def counted(keys):
    """The keys of phrases with a number; each has the forms of English."""
    bases = {key.removesuffix(".one") for key in keys if key.endswith(".one")}
    problems = [f"{ENGLISH}: {base} has no form {base}.{form}" for base in sorted(bases)
                for form in FORMS if f"{base}.{form}" not in keys]
    return bases, problems


def phrases(files):
    """Each phrase that is asked for is there, once, and no other, in each language."""
    keys, problems = catalogue(ENGLISH)
    problems += other_catalogues(files, keys)
    bases, mistakes = counted(keys)
    problems += mistakes
    used = used_phrases(files, sorted({key.split(".")[0] for key in keys}))
    for base in bases & set(used):
        used.update({f"{base}.{form}": used[base] for form in FORMS})
        del used[base]
    problems += [f"{used[key]}: {ENGLISH} has no {key}" for key in sorted(set(used) - set(keys))]
    problems += [f"{ENGLISH}:{keys[key][0]}: nothing asks for {key}"
                 for key in sorted(set(keys) - set(used))]
    return len(used), problems


def given_names(files):
    """Page → the names that the code gives to its template; those of list items among them."""
    given, frames = {}, {}
    for file in programs(files):
        if "page_samples" in file or "page_check" in file:
            continue
        text = read(file)
        for rows in re.findall(r'#include "((?:\w+/)+\w+_list)\.h"', text):  # for several pages
            text += read(f"lib/{rows}.c")
        text = re.sub(r"page_roles\(&?page", 'text("role") page_list(&page, "roles"', text)
        names = {a or b or c for a, b, c in GIVES.findall(text)} - EVERY_PAGE
        names |= MOMENT if re.search(r"page_time\(|moment_field\(", text) else set()
        pages = set(OPENED.findall(text))
        for frame in FRAMES:
            if f"\n{frame}(struct" in text:
                frames[frame] = names
        for page in pages:
            given.setdefault(page, set()).update(names)
            given[page].update(frame for frame in FRAMES if f"{frame}(" in text)
    return {page: set().union(names - set(FRAMES), *(frames[f] for f in names & set(FRAMES)))
            for page, names in given.items()}


def sample_names():
    """Page → the names of its sample; those of list items among them."""
    return {page: names for file in SAMPLES for page, names in sample_names_of(file).items()}


def sample_names_of(file):
    """The same for one file."""
    text = read("lib/pagecheck/page_sample_parts.h") + read(file)
    macros = dict(re.findall(r"#define (TOKEN_FORM|TOKEN|WAIT|FRAME)\b((?:[^\n]*\\\n)*[^\n]*)", text))
    text = re.sub(r"#define (?:TOKEN_FORM|TOKEN|WAIT|FRAME)\b(?:[^\n]*\\\n)*[^\n]*", "", text)
    for _ in range(2):  # FRAME has a TOKEN
        text = re.sub(r"\b(TOKEN_FORM|TOKEN|WAIT|FRAME)\b", lambda match: macros[match[1]], text)
    arrays = {}
    for name, body in re.findall(r"template_field (\w+)\[\] = \{(.*?)\n?\};", text, re.S):
        names = set(re.findall(r'(?:(?:TEXT|PHRASE|FLAG|LIST|TIME)\(|\{ )"(\w+)"', body))
        names |= MOMENT if "TIME(" in body else set()
        for items in re.findall(r'LIST\("\w+", (\w+)s\)', body):
            names |= arrays[items]
        arrays[name] = names
    return {page: arrays.get(page, set()) for page in
            re.findall(r'^\t\{ (?:SAMPLE\(|")(\w+)', text[text.index("const struct page_sample page_"):], re.M)}


def samples(files):
    """`config check` knows the names that the pages are given."""
    given, known = given_names(files), sample_names()
    problems = [f"lib/pagecheck/page_samples.c: {page}: {name} is {'missing' if missing else 'not given'}"
                for page in sorted(set(given) | set(known))
                for missing in (True, False)
                for name in sorted(given.get(page, set()) - known.get(page, set()) if missing
                                   else known.get(page, set()) - given.get(page, set()))]
    problems += [f"lib/pagecheck/page_samples.c: there is no page {page}"
                 for page in sorted(set(given) ^ set(known))]
    return len(given), problems


def documented(files):  # pylint: disable=unused-argument
    """The guide to the pages names what each of them gives to its template, and no more."""
    guide, known = {}, sample_names()
    table = read(GUIDE).split("| page | values |")[1].split("\n\n")[0]
    for pages, names in re.findall(r"^\| (`[^|]*) \| ([^|]*) \|$", table, re.M):
        for page in re.findall(r"`(\w+)`", pages):
            guide[page] = set(re.findall(r"`(\w+)`", names))
    problems = [f"{GUIDE}: {page}: {name} is {'missing' if name in names else 'not given'}"
                for page, names in sorted(known.items())
                for name in sorted((names - MOMENT) ^ guide.get(page, set()))]
    problems += [f"{GUIDE}: {'no such page' if page in guide else 'nothing of the page'} {page}"
                 for page in sorted(set(known) ^ set(guide))]
    return len(known), problems


def templates(files):
    """Each program holds the templates that it shows, whole, and nothing of any other."""
    places, problems = {}, []
    for file in files:
        if re.fullmatch(r"share/\w+/[\w-]+\.html", file):
            # a mail is not one of the pages, and may have the name of one
            name = file if file.startswith("share/mail/") else os.path.basename(file)
            other = places.setdefault(name, file)
            problems += [f"{file}: {other} has that name, too"] if other != file else []
    for program in installed():
        name = os.path.basename(program).removesuffix(".fcgi")
        shown = SHOWS.get(name, {name}) | {"common"}
        if name == "doorward":  # writes and checks them all
            shown = {file.split("/")[1] for file in places.values()}
        with open(program, "rb") as f:
            held = f.read()
        for file in sorted(places.values()):
            is_held, is_shown = read(file).encode() in held, file.split("/")[1] in shown
            if is_held != is_shown:
                problems.append(f"{BUILD}/{os.path.basename(program)} "
                                f"{'contains' if is_held else 'lacks'} {file}")
    return len(places), problems


def addresses(files):
    """The addresses of our programs stand in urls.h, and nowhere else in C or in a template."""
    urls = dict(re.findall(r'X\("(\w+)", (URL_\w+)\)', read(URLS)))
    problems = [f"{URLS}: {name} is not the name of {url}" for name, url in urls.items()
                if not re.search(rf'#define {url} "/{name.replace("_", "[/-]")}"', read(URLS))]
    for file in files:
        if re.fullmatch(r"share/\w+/\w+\.html", file):
            literal = r'(?:href|action|src)="(/[^"]+)"'
        elif file.startswith(("lib/", "bin/", "cgi-bin/")) and file.endswith((".c", ".h")):
            literal = (r'^(?!.*/\*).*"(/(?:(?:login|account|admin)(?:/[a-z]+)*|'
                       r'oauth/[a-z-]+))["?]')
        else:
            continue
        problems += [f"{file}: {url} stands in {URLS}" for url in
                     re.findall(literal, read(file), re.M) if file != URLS]
    return len(urls), problems


# The one script, the one way to have it in a page, and the pages that need it.
SCRIPT = "share/login/doorward.js"
SCRIPT_TAG = '<script defer src="{{url:script}}"></script>'
WITH_SCRIPT = {"share/login/login.html", "share/login/mfa.html", "share/login/factor.html"}
SCRIPT_LINES, SCRIPT_BYTES = 150, 6000
# What runs text as code, or makes elements of text.
NOT_IN_SCRIPT = re.compile(r"\beval\b|\bFunction\b|\bimport\b|innerHTML|outerHTML|insertAdjacentHTML|"
                           r"document\.write|set(?:Timeout|Interval)\(\s*[\"'`]|\.(?:src|href)\s*=")


def scripts(files):
    """There is one script, which is short, and only the pages that need it have its tag."""
    text = read(SCRIPT)
    problems = [f"{file}: {SCRIPT} is the only script" for file in files
                if file.startswith("share/") and file.endswith((".js", ".mjs")) and file != SCRIPT]
    problems += [f"{SCRIPT}: {found}" for found in NOT_IN_SCRIPT.findall(text)]
    if text.count("\n") > SCRIPT_LINES or len(text.encode()) > SCRIPT_BYTES:
        problems.append(f"{SCRIPT}: more than {SCRIPT_LINES} lines or {SCRIPT_BYTES} bytes")
    for file in files:
        if not re.fullmatch(r"share/\w+/[\w-]+\.html", file):
            continue
        page, wanted = read(file), int(file in WITH_SCRIPT)
        if (page.count(SCRIPT_TAG), page.lower().count("<script")) != (wanted, wanted):
            problems.append(f"{file}: {'has no' if wanted else 'may have no'} {SCRIPT_TAG}")
        if ("data-passkey=" in page) != bool(wanted):
            problems.append(f"{file}: a script and a form for it belong together")
        problems += [f"{file}: {found}" for found in
                     re.findall(r"\son[a-z]+\s*=|javascript:", page, re.I)]
    return len(WITH_SCRIPT), problems


def exported(files):
    """`doorward pages export` has each folder of share/."""
    folders = {f.split("/")[1] for f in files if f.startswith("share/")}
    listed = set(re.findall(r"embedded_share_(\w+)", read("bin/pages/shares.c")))
    return len(folders), [f"bin/pages/shares.c: share/{folder} is "
                          f"{'missing' if folder in folders else 'not there any more'}"
                          for folder in sorted(folders ^ listed)]
