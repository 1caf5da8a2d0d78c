"""Taking measurements: interleaved rounds, medians, and how much they scatter."""

import os
import re
import statistics
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))


# wrk counts whole seconds; a signal ends it sooner. As a batch job (sched(7)) it does not push
# the server off a processor in the middle of a request, which clients elsewhere never do.
WRK = ["timeout", "--preserve-status", "-s", "INT", "SECONDS",
       "chrt", "-b", "0", "wrk", "-t1", "-d60s", "--latency"]


def wrk(url, seconds, connections=16, script=None, arguments=(), headers=()):
    """One run of wrk: requests a second, p99 in ms, answers that were not 2xx or 3xx."""
    argv = [str(seconds) if word == "SECONDS" else word for word in WRK] + [f"-c{connections}"]
    for header in headers:
        argv += ["-H", header]
    if script:
        argv += ["-s", f"{HERE}/{script}"]
    done = subprocess.run([*argv, url, *(["--", *arguments] if arguments else [])],
                          capture_output=True, text=True, check=True)
    return read_wrk(done.stdout)


def read_wrk(text):
    """What wrk printed."""
    scale = {"us": 0.001, "ms": 1.0, "s": 1000.0}
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    return {"rps": float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]),
            "p99": float(p99[1]) * scale[p99[2]], "bad": int(bad[1]) if bad else 0}


def interleave(candidates, rounds):
    """Run each candidate (name: function) once a round, in turn; name: list of results."""
    results = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, run in candidates.items():
            results[name].append(run())
    return results


def between(candidates, base, rounds):
    """Run each candidate once a round between two runs of what `base(name)` names, and give it
    its ratio to these two; name: list of results. A machine that is slow for a while is so for
    both. Candidates with one base follow each other, and share the run between them."""
    order = sorted(candidates, key=lambda name: list(candidates).index(base(name)))
    results = {name: [] for name in candidates}
    for _ in range(rounds):
        held, of = None, None
        for name in (name for name in order if base(name) != name):
            if base(name) != of:
                of = base(name)
                held = run_base(candidates[of], results[of])
            result = candidates[name]()
            after = run_base(candidates[of], results[of])
            result["ratio"] = 2 * result["rps"] / (held["rps"] + after["rps"])
            results[name].append(result)
            held = after
    return results


def run_base(run, results):
    """A run of what others are held against; it is 1 by definition."""
    results.append({**run(), "ratio": 1.0})
    return results[-1]


def mean(values):
    """The arithmetic one."""
    return statistics.fmean(values)


def standard_error(values):
    """Of the mean."""
    return statistics.stdev(values) / len(values) ** 0.5 if len(values) > 1 else 0.0


def median(values):
    """The middle one."""
    return statistics.median(values)


def spread(values):
    """Half the distance between the quartiles, as a share of the median: the noise."""
    if len(values) < 3:
        return (max(values) - min(values)) / 2 / median(values)
    low, _, high = statistics.quantiles(values, n=4)
    return (high - low) / 2 / median(values)


def cpu_of_start(argv, environment):
    """CPU seconds (user and system) that one start of a program takes."""
    nowhere = [(os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
               (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0),
               (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)]
    child = os.posix_spawnp(argv[0], argv, environment, file_actions=nowhere)
    _, _, usage = os.wait4(child, 0)
    return usage.ru_utime + usage.ru_stime


def resident(pid):
    """Resident and private kilobytes of a process."""
    fields = {}
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as f:
        for line in f:
            name, _, value = line.partition(":")
            fields[name] = int(value.split()[0]) if "kB" in value else 0
    return fields["Rss"], fields["Private_Clean"] + fields["Private_Dirty"]


def latency_ms(call, times):
    """The median time of a call in ms, one after another."""
    taken = []
    for _ in range(times):
        start = time.monotonic()
        call()
        taken.append((time.monotonic() - start) * 1000)
    return median(taken)
