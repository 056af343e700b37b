"""`muster incident`, with a command for each action of every feature."""

from muster.app.actions import ACTIONS
from muster.incidents.cli import app
from muster.incidents.cli.action_commands import add_commands

add_commands(app, ACTIONS)
__all__ = ["app"]
