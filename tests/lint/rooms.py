"""The rooms of the source and which may include which."""

from sources import includes, ours, read

# Every room of lib/ and what it includes besides itself. An arrow that is not here fails, and
# so does one that is here and nowhere in the code.
ROOMS = {
    "base": "",
    "crypto": "base",
    "http": "base",
    "ticket": "base crypto",
    "csp": "base",
    "rules": "base token",
    "template": "base",
    "db": "base crypto",
    "json": "base crypto",
    "store": "base db ticket",
    "store/factor": "base db store",
    "store/tidy": "db",
    "store/admin": "db store",
    "store/oauth": "client db store",
    "store/program": "db store",
    "mail": "base crypto ticket",
    "jose": "base json",
    "config": "base crypto http jose mail",
    "config/roles": "config",
    "jose/jwk": "base crypto jose json",
    "jose/keyset": "base crypto jose jose/jwk json",
    "jose/jwe": "base crypto jose jose/jwk jose/keyset json",
    "jose/jws": "base crypto jose jose/jwk jose/keyset json",
    "jose/jwt": "base jose jose/jwe jose/jws jose/keyset json",
    "webauthn": "base crypto jose jose/jwk jose/jws json",
    "revocation": "base crypto",
    "token": "base crypto jose jose/jws jose/jwt jose/keyset json revocation",
    "client": "base crypto http",
    "foreign": "base crypto",
    "import": "base foreign json",
    "metadata": "access base client config jose/keyset json token",
    "keys": "base config crypto jose/keyset json metadata",
    "people": "base crypto db foreign revocation store ticket",
    "serve": "base config config/roles crypto db http json people template token",
    "factor": "base config crypto serve",
    "second": "access base config entry http jose/jwt json login mfa page serve token webauthn",
    "mfa": "base crypto factor people store/factor ticket",
    "files": "base config http serve",
    "access": "base config crypto http jose serve ticket token",
    "look": "access base config crypto",
    "page": "access base client config csp http look people serve template",
    "passkey": "base crypto json people store/factor ticket webauthn",
    "pagecheck": "access page template",
    "ruleset": "access base config rules",
    "gate": "access base config http page rules ruleset serve token",
    "worker": "base config serve store",
    "upkeep": "base config jose/keyset keys serve store/program store/tidy",
    "entry": "access base config http json page passkey people serve store store/oauth token worker",
    "program": "access base config entry http page serve store/program template token worker",
    "enrol": "access base config crypto entry factor http login mfa page serve store/factor "
             "store/oauth ticket "
             "worker",
    "login": "access base config crypto db entry factor http json mfa page passkey people "
             "revocation serve token webauthn",
    "oauth/authorize": "access base client config crypto http jose page serve store "
                       "store/oauth ticket token",
    "oauth/logout": "access base config entry http page people serve store/oauth token",
    "oauth/token": "access base client config crypto http jose/jwt json page people serve store/oauth "
                   "ticket token",
    "account": "access base client config crypto db mail page people serve store store/factor "
               "store/oauth store/program template",
    "admin": "access base http page serve store/admin",
    "multipart": "http",
    "admin/members": "access admin base config import json multipart page serve store/admin",
    "admin/site": "access admin base config db http import jose/keyset page revocation ruleset serve "
                  "store/admin store/tidy template",
    "admin/mailtest": "access admin base config page serve store/admin",
    "admin/people": "access admin base config import page serve store/admin template ticket",
    "visitor": "access base config crypto http mail page people serve store ticket",
}

# The families of subcommands in bin/, and which of each other's headers they include; of lib/
# they may include everything but what a power hands out.
COMMAND_ROOMS = {
    "bin": "",
    "bin/db": "bin",
    "bin/keyfile": "bin",
    "bin/key": "bin bin/db bin/keyfile",
    "bin/jose": "bin bin/db bin/key bin/keyfile",
    "bin/user": "bin bin/db",
    "bin/role": "bin/db",
    "bin/client": "bin/db",
    "bin/pages": "bin",
    "bin/metrics": "bin/db",
    "bin/passkey": "bin",
    "bin/mail": "bin bin/db",
    "bin/config": "bin bin/db bin/mail bin/pages",
    "bin/doctor": "bin bin/config bin/jose",
}

# Those of the programs of cgi-bin/ (`protected` has none, account has two): what two programs
# need lies below them.
PROGRAM_ROOMS = {"gate", "files", "login", "account", "visitor", "admin"}

# `enrol` and `second` stand on `login`: all are of the login program, and end in a login. The
# rooms of the admin pages stand on `admin`.
SAME_PROGRAM = {("enrol", "login"), ("second", "login"), ("admin/site", "admin"),
                ("admin/mailtest", "admin"), ("admin/people", "admin"),
                ("admin/members", "admin")}

# What a power hands out is for the rooms of the programs that name it.
POWERS = {
    "serve/power_database.h": "serve entry login second enrol program account visitor "
                              "worker admin admin/site admin/mailtest admin/people "
                              "admin/members upkeep oauth/authorize oauth/logout oauth/token",
    "serve/power_session.h": "serve page entry login second enrol program account visitor admin "
                             "oauth/authorize oauth/token",
    "serve/power_links.h": "serve enrol visitor",
    "serve/power_sign.h": "serve entry login second program oauth/authorize oauth/logout oauth/token",
    "serve/power_verify.h": "serve access oauth/token",
    "factor/factor_power.h": "factor login enrol",
}


def room_of(path):
    """lib/jose/jwk/jwk.c is of jose/jwk, bin/key/key.c of bin/key."""
    folder = path.rsplit("/", 1)[0]
    return folder[len("lib/"):] if folder.startswith("lib/") else folder


def compare(table, files):
    """How many arrows there are among the rooms of `table`, and where they differ from it."""
    problems, count, seen = [], 0, {room: set() for room in table}
    for file in files:
        room = room_of(file)
        if room not in table:
            problems.append(f"{file}: the room {room} is not in the table")
            continue
        for line, header in includes(read(file)):
            other = header.rsplit("/", 1)[0]
            if other == room or other not in table:
                continue
            count += 1
            seen[room].add(other)
            if other not in table[room].split():
                problems.append(f"{file}:{line}: {room} may not include {header}")
    for room, others in table.items():
        problems += [f"{room} does not include {other} any more"
                     for other in others.split() if other not in seen[room]]
    return count, problems


def rooms(files):
    """Each room includes what the table says, and the table says no more than that."""
    return compare(ROOMS, ours(files, "lib/"))


def command_rooms(files):
    """The same for the folders of bin/."""
    return compare(COMMAND_ROOMS, ours(files, "bin/"))


def layers(files):  # pylint: disable=unused-argument
    """The tables have no circle: each room stands above all that it includes."""
    rank, left = set(), {**ROOMS, **COMMAND_ROOMS}
    count = len(left)
    while left:
        free = [room for room, others in left.items() if set(others.split()) <= rank]
        if not free:
            return count, [f"a circle among {' '.join(sorted(left))}"]
        for room in free:
            del left[room]
        rank.update(free)
    return count, []


def programs_apart(files):  # pylint: disable=unused-argument
    """No room includes the room of a program; only cgi-bin/ does."""
    return len(PROGRAM_ROOMS), [f"{room} may not include {other}: it is a program's"
                                for room, others in ROOMS.items()
                                for other in others.split()
                                if other in PROGRAM_ROOMS and (room, other) not in SAME_PROGRAM]


def powers(files):
    """A handler that is not of such a program cannot name what only the power may open."""
    problems, seen = [], {(h, room) for h, names in POWERS.items() for room in names.split()}
    for file in ours(files, "lib/"):
        for line, header in includes(read(file)):
            if header not in POWERS:
                continue
            seen.discard((header, room_of(file)))
            if room_of(file) not in POWERS[header].split():
                problems.append(f"{file}:{line}: {header} is not for {room_of(file)}")
    problems += [f"{room} does not include {header} any more" for header, room in sorted(seen)]
    return len(POWERS), problems
