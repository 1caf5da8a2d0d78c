"""A private Doorward: PostgreSQL, a web server and the programs in a directory of its own.

`make run`, `make start` and the tests use the same class, Stack. The web servers run the
configuration files of apache-conf/ and lighttpd-conf/ as shipped: only port, user and paths
are replaced (web.py).
"""

from .process import StackError
from .stack import Stack

__all__ = ["Stack", "StackError"]
