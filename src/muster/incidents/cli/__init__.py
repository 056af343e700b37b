"""`muster incident`, with a command for each action of every feature, and `muster explain`."""

from muster.base.features import installed, ports_of
from muster.incidents.action import IncidentAction
from muster.incidents.cli import asking  # noqa: F401  # its commands join those of `incident`
from muster.incidents.cli.action_commands import add_commands
from muster.incidents.cli.explain import app as explain
from muster.incidents.cli.incident import app

add_commands(app, ports_of(installed()).of(IncidentAction))

__all__ = ["app", "explain"]
