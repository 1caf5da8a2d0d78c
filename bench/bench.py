"""make bench, make bench-quick: measure, and write doc/reference/benchmarks.md."""

import argparse
import os
import signal
import sys
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, f"{HERE}/../tools", f"{HERE}/../tests/support"]

# pylint: disable=wrong-import-position
import frontends
import inside
import logins
import peers
import programs
import report

LIMIT = 20 * 60
SHORT = 0.3  # seconds of a run: a machine is fast or slow for some seconds at a time

COMMANDS = [
    "apache2 -D FOREGROUND -D fastcgi|proxy_fcgi -f DIR/apache-conf/httpd.conf   # the shipped files",
    "lighttpd -D -f DIR/lighttpd-conf/lighttpd.conf                              # likewise",
    "php-fpm8.2 -F -R -y DIR/php-fpm.conf                     # pm = static, bench/peers.py",
    "node build/bench/server.js PORT jsonwebtoken|jose HS256|RS256 KEY ISSUER",
    "build/bench/inprocess                                    # bench/inprocess.c",
    "valgrind --tool=callgrind build/protected.fcgi           # n and 2n requests, the difference",
    "valgrind --leak-check=no build/protected.fcgi            # allocations, likewise",
    "strace -f -c build/protected.fcgi                        # system calls, likewise",
    "LD_PRELOAD=build/bench/hashtime.so build/login.fcgi      # what of a login is the hash",
]


def prepare():
    """Everything that is not measured."""
    peers.install_npm()
    if None in (peers.compile_c("empty", "-lfcgi"), peers.compile_c("same", "-lfcgi"),
                peers.compile_c("empty_cgi")):
        sys.exit("bench: no compiler, or no libfcgi: tools/deps build bench")
    os.replace(f"{peers.BENCH}/empty", peers.EMPTY)
    os.replace(f"{peers.BENCH}/same", peers.SAME)


def sections(quick, rounds):
    """Title: function, in the page's order."""
    if quick:
        return {"In the process": lambda: inside.section(5),
                "Through a web server": lambda: frontends.section_responders(SHORT, 12, quick=True)}
    return {
        "In the process": lambda: inside.section(25),
        "Through a web server": lambda: frontends.section_responders(SHORT, rounds),
        "The gate": lambda: frontends.section_gate(SHORT, rounds),
        "Plain CGI": lambda: programs.section_cgi(150),
        "Login": logins.section,
        "Latency": lambda: frontends.section_latency(3, min(5, rounds)),
        "Growth": lambda: programs.section_growth(1500, 2),
        "Memory": lambda: programs.section_memory(200000),
        "Counts": lambda: programs.section_counts(300),
    }


def run(wanted, started):
    """Every section that there is time for; one that fails is said to have failed."""
    done = []
    for title, measure_it in wanted.items():
        if time.monotonic() - started > LIMIT - 90:
            done.append(failed(title, "was not measured: the twenty minutes were over"))
            continue
        print(f"==> {title}", flush=True)
        try:
            done.append(measure_it())
        except Exception as e:  # pylint: disable=broad-except
            traceback.print_exc()
            done.append(failed(title, f"could not be measured: {type(e).__name__}: {e}"))
    return done


def failed(title, words):
    """A section without figures."""
    section = report.Section(title)
    section.say(f"This section {words}.")
    section.target(title, None, "")
    return section


def main():
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a minute, printed only")
    parser.add_argument("--only", help="one section, printed only")
    parser.add_argument("--rounds", type=int, default=24, help="of what is interleaved")
    options = parser.parse_args()
    os.umask(0o022)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # and what was started is ended
    started, load = time.monotonic(), os.getloadavg()[0]
    prepare()
    wanted = sections(options.quick, options.rounds)
    if options.only:
        wanted = {title: f for title, f in wanted.items() if options.only.lower() in title.lower()}
    done = run(wanted, started)
    seconds = time.monotonic() - started
    if options.quick or options.only:
        for section in done:
            print(section.text())
            for row in section.targets:
                print("  ".join(row))
        print(f"{seconds:.0f} s")
        return
    report.write(done, peers.missing(), seconds, COMMANDS, load)
    print(f"wrote doc/reference/benchmarks.md in {seconds / 60:.0f} minutes")


if __name__ == "__main__":
    main()
