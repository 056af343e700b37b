"""The command `muster`: a client of the API, and the few commands that run on the server's own machine."""

import json
import sys

import cyclopts

from muster import __version__
from muster.app.commands import COMMANDS
from muster.kit.errors import Problem

app = cyclopts.App(
    name="muster",
    version=__version__,
    help="Incident management with an enforced response plan. MUSTER_URL and MUSTER_TOKEN say whose Muster to talk to.",
)
app.register_install_completion_command()
for name, place in COMMANDS.items():
    app.command(place, name=name)
app.command("muster.app.apply.cli:apply", name="apply")
app.command("muster.app.demo.cli:demo", name="demo")
app.command("muster.app.local:serve", name="serve")
app.command("muster.app.local:init", name="init")
app.command("muster.app.local:adopt", name="adopt")
app.command("muster.app.doctor:doctor", name="doctor")


def main() -> None:
    """Run a command; a refusal is its sentences on stderr (JSON there with --json) and exit code 1."""
    try:
        app()
    except Problem as problem:
        if "--json" in sys.argv:
            json.dump(problem.as_json(), sys.stderr, default=str)
            print(file=sys.stderr)
        else:
            print(problem, file=sys.stderr)
        sys.exit(1)
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(130)
