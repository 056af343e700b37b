"""`muster incident` and `muster explain`."""

from muster.incidents.cli import asking  # noqa: F401  # its commands join those of `incident`
from muster.incidents.cli.explain import app as explain
from muster.incidents.cli.incident import app

__all__ = ["app", "explain"]
