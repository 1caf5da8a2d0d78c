"""make bench: what it reads and draws, without measuring anything."""

import os
import sys
import xml.etree.ElementTree

import pytest

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

WRK = """Running 1s test @ http://127.0.0.1:1/protected
  Latency Distribution
     50%    1.01ms
     99%  {p99}
  16000 requests in 1.00s, 2.00MB read
{more}Requests/sec:  16000.50
"""


@pytest.fixture(name="bench")
def _bench(monkeypatch):
    """The bench's modules."""
    monkeypatch.syspath_prepend(f"{TREE}/tools")
    monkeypatch.syspath_prepend(f"{TREE}/bench")
    import bench  # pylint: disable=import-outside-toplevel
    yield bench
    for name in [name for name, module in sys.modules.items()
                 if (getattr(module, "__file__", None) or "").startswith(f"{TREE}/bench/")]:
        del sys.modules[name]


@pytest.mark.parametrize("p99, ms", [("950.00us", 0.95), ("3.25ms", 3.25), ("1.02s", 1020.0)])
def test_reads_what_wrk_prints(bench, p99, ms):
    """The three units, and no refused request."""
    read = bench.frontends.measure.read_wrk(WRK.format(p99=p99, more=""))
    assert read == {"rps": 16000.5, "p99": pytest.approx(ms), "bad": 0}


def test_counts_refused_requests(bench):
    """A run in which requests were refused is told apart."""
    text = WRK.format(p99="1.00ms", more="  Non-2xx or 3xx responses: 12\n")
    assert bench.frontends.measure.read_wrk(text)["bad"] == 12


def test_a_ratio_is_to_the_runs_on_both_sides(bench):
    """The median of the rounds' ratios, not the ratio of the medians."""
    said = iter([100, 90, 200, 30, 400] + [100, 60, 140, 100, 60])
    order = []

    def run(name):
        order.append(name)
        return {"rps": next(said), "p99": 1, "bad": 0}
    runs = {name: lambda name=name: run(name) for name in ("base", "a", "b")}
    rows = bench.report.ratio_rows(bench.frontends.measure.between(runs, lambda name: "base", 2))
    assert order == ["base", "a", "base", "b", "base"] * 2
    assert rows["a"]["ratio"] == pytest.approx((90 / 150 + 60 / 120) / 2)
    assert rows["b"]["ratio"] == pytest.approx((30 / 300 + 100 / 100) / 2)
    assert rows["base"]["ratio"] == 1


def test_what_was_not_measured_is_no_success(bench):
    """A target without a figure is neither met nor missed."""
    section = bench.report.Section("A section")
    section.target("a", None, "≥ 1", least=1)
    section.target("b", 0.5, "≥ 1", least=1)
    section.target("c", 1.5, "≥ 1", least=1)
    assert [row[3] for row in section.targets] == ["–", "**no**", "yes"]


def test_plots_are_well_formed(bench):
    """Labels may hold anything."""
    bars = bench.frontends.svg.bars("a < b & c", [("x < y", 1.0, 0.5, 1.5)])
    lines = bench.frontends.svg.lines("t", [1, 10], {"a & b": [1.0, 2.0]}, "µs")
    for picture in (bars, lines):
        assert xml.etree.ElementTree.fromstring(picture).tag.endswith("svg")


def test_the_provider_is_too_dear_by_its_statements_its_signatures_or_its_time(bench):
    """Figures are ns of the program and of PostgreSQL, signatures, their ns, statements."""
    import provider  # pylint: disable=import-outside-toplevel
    good = {"authorize and token": [300, 100, 2, 200, 3], "userinfo": [90, 100, 0, 0, 1]}
    assert provider.ratio(good["authorize and token"]) == pytest.approx(400 / 300)
    assert provider.is_good(good)
    for name, at, much in (("authorize and token", 4, 4), ("authorize and token", 2, 3),
                           ("authorize and token", 0, 600), ("userinfo", 4, 2),
                           ("userinfo", 0, 110)):
        dear = {key: list(figure) for key, figure in good.items()}
        dear[name][at] = much
        assert not provider.is_good(dear), (name, at)
