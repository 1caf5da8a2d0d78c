"""What is revoked stays revoked: the constants of sid_reach against everything that says how
long a token can live or how far clocks may differ."""

import re

DAY, HOUR, MINUTE = 86400, 3600, 60
UNITS = {"day": DAY, "hour": HOUR, "minute": MINUTE}


def text_of(path):
    """A file of the tree."""
    with open(path, encoding="utf-8") as f:
        return f.read()


def number(expression):
    """A product or sum of C: numbers and the units of config_table.c."""
    words = re.sub(r"INT64_C\((\w+)\)", r"\1", expression)
    words = re.sub(r"\bDAY\b", str(DAY), words)
    words = re.sub(r"\bHOUR\b", str(HOUR), words)
    words = re.sub(r"\bMINUTE\b", str(MINUTE), words)
    if not re.fullmatch(r"[\d\s*+()]+", words):
        raise ValueError(f"not a number: {expression}")
    return eval(words)  # pylint: disable=eval-used  (digits and operators only)


def limit(table, setting):
    """The most that a duration of the settings may be."""
    return number(re.search(rf"DURATION\({setting}, [^,]*, ([^)]*)\)", table)[1])


def defined(text, name):
    """The value of a macro."""
    return number(re.search(rf"#define {name} (.*)", text)[1].replace(
        "REVOCATIONS_LOGIN_LIFE", str(DAY)))


def reaches():
    """sid_reach in SQL: the seconds of a login's sid, of an issued one, and the margin."""
    body = re.search(r"function doorward\.sid_reach.*?\$\$(.*?)\$\$", text_of(
        "sql/functions/revocations.sql"), re.S)[1]
    lives = [int(n) * UNITS[unit] for n, unit in
             re.findall(r"interval '(\d+) (\w+?)s?'", body)]
    return lives


def revoked_for_long_enough(_files):
    """A sid is kept for longer than any token with it is accepted."""
    login, issued, margin = reaches()
    table, header = text_of("lib/config/config_table.c"), text_of("lib/revocation/revocations.h")
    leeway = max(limit(table, "clock_leeway"),
                 defined(text_of("lib/jose/jwt/jwt.h"), "JWT_LEEWAY_MAX"))
    held = [
        (login == limit(table, "token_life"), "sid_reach('login') is not token_life's limit"),
        (login == limit(table, "browser_token_life"),
         "sid_reach('login') is not browser_token_life's limit"),
        (issued == limit(table, "program_token_life") + login,
         "sid_reach('issued') is not program_token_life's limit and a login's life"),
        (margin > leeway, "the margin of sid_reach is no more than the highest leeway"),
        (defined(header, "REVOCATIONS_LOGIN_LIFE") == login,
         "REVOCATIONS_LOGIN_LIFE is not a login's life"),
        (defined(header, "REVOCATIONS_LOGIN_REACH") == login + margin,
         "REVOCATIONS_LOGIN_REACH is not sid_reach('login')"),
    ]
    return len(held), [why for good, why in held if not good]
