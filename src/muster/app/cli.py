"""The command `muster`: a client of the API, and the few commands that run on the server's own machine."""

import json
import sys

import cyclopts

from muster import __version__
from muster.base.cli.output import guard_terminal
from muster.base.features import installed
from muster.kit.errors import Problem
from muster.kit.printable import printable

_STYLED = frozenset({"--help", "-h", "--version", "serve", "demo", "--install-completion"})
"""What prints only Muster's own words, with its own styles; the log of a server is guarded line by line."""

app = cyclopts.App(
    name="muster",
    version=__version__,
    help="Incident management with an enforced response plan. MUSTER_URL and MUSTER_TOKEN say whose Muster to talk to.",
)
app.register_install_completion_command()
for name, place in sorted(command for feature in installed() for command in feature.commands.items()):
    app.command(f"muster.{place}", name=name)


def _import_all() -> None:
    """Import every command, so that the list of them says what each is for."""
    for name in app:
        app[name]


def main() -> None:
    """Run a command; a refusal is its sentences on stderr (JSON there with --json) and exit code 1."""
    words = sys.argv[1:]
    if not _STYLED & set(words) and words:
        guard_terminal()
    if words in ([], ["--help"], ["-h"]):
        _import_all()
    try:
        app(words)
    except Problem as problem:
        if "--json" in words:
            print(json.dumps(problem.as_json(), default=str), file=sys.stderr)
        else:
            print(printable(str(problem)), file=sys.stderr)
        sys.exit(1)
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(130)
