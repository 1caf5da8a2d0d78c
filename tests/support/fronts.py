"""Front ends as parameters of tests."""

import pytest

from servers import FRONTS

# One of each server. What costs much and hardly depends on the front end runs on these; the
# others follow in `make test-all`.
TWO_FRONTS = [("apache", "fastcgi"), ("lighttpd", "fastcgi")]


def fronts_that_wait(fronts=None):
    """`fronts` (all five), those that are not of TWO_FRONTS marked slow."""
    wait = pytest.mark.slow("the same behind another front end")
    return [pytest.param(front, id="-".join(front), marks=[] if front in TWO_FRONTS else [wait])
            for front in fronts or FRONTS]
