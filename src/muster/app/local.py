"""Commands that run where Muster runs, on its data directory: serving, and the first administrator without a browser."""

import asyncio
import getpass
import sys
from typing import Annotated

import cyclopts

from muster.base.cli.output import Json, emit_facts
from muster.base.settings import read_settings
from muster.kit.errors import Fault, Invalid
from muster.operations.actions.setup import initialise_here


def serve(
    *,
    live: Annotated[bool, cyclopts.Parameter(negative="")] = False,
    rehearsal: Annotated[bool, cyclopts.Parameter(negative="")] = False,
) -> None:
    """Run Muster: the web, the background work, and its own PostgreSQL unless MUSTER_DATABASE_URL names another.

    A copy of a data directory or database rehearses: it shows everything, takes alerts, and pages nobody.

    Parameters
    ----------
    live
        This is the real one, whatever it looks like; for a start after a restore.
    rehearsal
        Page nobody, to prove a backup.
    """
    import uvloop

    from muster.app.serve import serve as run
    from muster.base.logs import configure_logs
    from muster.operations.actions.standing import Mode

    if live and rehearsal:
        raise Invalid("Choose one.", faults=[Fault("--rehearsal", "It contradicts --live.", "Leave one of them out.")])
    settings = read_settings()
    configure_logs(settings.log_level, settings.log_format)
    uvloop.run(run(settings, mode=Mode.LIVE if live else Mode.REHEARSAL if rehearsal else Mode.JUDGE))


def adopt(*, json: Json = False) -> None:
    """Say that the Muster on this machine is the real one now: a copy that rehearses begins to page."""
    from muster.base.logs import configure_logs
    from muster.operations.actions.adoption import adopt_here

    settings = read_settings()
    configure_logs("warning", settings.log_format)
    emit_facts(asyncio.run(adopt_here(settings)), json=json)


def init(
    *,
    org: str,
    admin_email: str,
    admin_password_stdin: Annotated[bool, cyclopts.Parameter(negative="")] = False,
    full_name: str = "",
    time_zone: str = "UTC",
    json: Json = False,
) -> None:
    """Make the first administrator and print the address and an API token that may do everything.

    Parameters
    ----------
    org
        What the organisation is called.
    admin_email
        The administrator's e-mail address, to sign in with.
    admin_password_stdin
        Read the password from standard input instead of asking for it.
    full_name
        The administrator's full name.
    time_zone
        The administrator's time zone, such as Europe/Lisbon.
    """
    if admin_password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    elif sys.stdin.isatty():
        password = getpass.getpass("Password of the administrator: ")
    else:
        fault = Fault(
            "--admin-password-stdin", "There is no terminal to ask for the password.", "Pipe it in with this option."
        )
        raise Invalid("The password is missing.", faults=[fault])
    from muster.base.logs import configure_logs

    settings = read_settings()
    configure_logs("warning", settings.log_format)
    made = asyncio.run(initialise_here(settings, org, admin_email, password, full_name, time_zone))
    emit_facts(made, json=json)
