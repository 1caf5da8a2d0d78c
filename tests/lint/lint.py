#!/usr/bin/python3
"""make lint: what the compiler does not hold. Each check prints one line, ok or FAILED, with how
much it looked at; a check that finds nothing to look at fails."""

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import binaries  # noqa: E402
import calls  # noqa: E402
import lives  # noqa: E402
import pages  # noqa: E402
import program_entries  # noqa: E402
import prose  # noqa: E402
import rooms  # noqa: E402
import sources  # noqa: E402
import texts  # noqa: E402
import units  # noqa: E402

CHECKS = [
    rooms.rooms, rooms.command_rooms, rooms.layers, rooms.programs_apart,
    rooms.powers,
    units.circles, units.room_size, units.tests_in_their_rooms,
    sources.foreign_headers, sources.consumed_headers, sources.reason_phrases,
    sources.banned_calls, sources.secret_comparisons,
    sources.no_conditionals_in_functions, sources.no_struct_typedefs, sources.no_dead_code,
    sources.function_length, sources.file_length, sources.formatted,
    program_entries.programs, program_entries.budget,
    binaries.symbols, binaries.only_login, binaries.provider, binaries.libraries, binaries.hardened,
    binaries.constant_globals,
    texts.shell_scripts, texts.python_parses, texts.manual_pages, texts.manual_width,
    texts.no_machine_paths, prose.width, prose.riddles,
    texts.nothing_left_to_do, pages.phrases, pages.samples, pages.documented,
    pages.templates, pages.addresses, pages.scripts,
    pages.exported,
    lives.revoked_for_long_enough, calls.calls,
]


def main():
    """Run every check; exit 1 when one failed."""
    os.chdir(os.path.dirname(os.path.dirname(HERE)))
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], check=True,
                            capture_output=True, text=True).stdout.split("\n")
    files = sorted(f for f in listed if f and os.path.isfile(f))
    failed = 0
    for check in CHECKS:
        count, problems = check(files)
        name = check.__name__.replace("_", " ")
        if count == 0:
            problems = ["nothing to look at"]
        print(f"ok {name} ({count})" if not problems
              else f"FAILED {name}\n" + "\n".join(f"    {p}" for p in problems), flush=True)
        failed += bool(problems)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
