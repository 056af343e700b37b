"""`muster notify`: how a person is paged, by which contact and when, and when not."""

from typing import Annotated, Any

import cyclopts
from cyclopts import Parameter

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_json
from muster.people.notify import Notify
from muster.people.notify_form import Quiet, quiet_of, read_rows, row_of, rows_of

app = cyclopts.App(name="notify", help="How persons are paged: by which contacts, when, and their quiet hours.")
Rules = Annotated[list[str] | None, Parameter(name="--rule", negative=())]


@app.command(name="show")
def show_notify(name: str, *, json: Json = False) -> None:
    """Show how a person is paged."""
    _show(Client().get(f"/persons/{name}/notify"), json)


@app.command(name="set")
def set_notify(
    name: str,
    *,
    rule: Rules = None,
    no_rules: Annotated[bool, Parameter(negative=())] = False,
    quiet: str | None = None,
    pierced_by: str | None = None,
    json: Json = False,
) -> None:
    """Change how a person is paged; what is not given stays.

    Parameters
    ----------
    name
        The person's name.
    rule
        SEVERITIES [HOURS]: CONTACTS, such as "critical: ntfy, sms after 2m, voice after 4m". Repeat it for more; the first
        that fits decides. Together they replace the rules there were.
    no_rules
        Use the contacts in their order again.
    quiet
        Quiet hours, such as 22:00-07:00 or "mon-fri 22:00-07:00"; "none" ends them.
    pierced_by
        The severities that wake the person all the same.
    """
    client = Client()
    shown = client.get(f"/persons/{name}/notify")
    present = Notify.model_validate({key: shown[key] for key in ("notify", "quiet_hours")})
    rows = [row_of(text) for text in rule] if rule else [] if no_rules else rows_of(present)
    before = quiet_of(present)
    hours = before.hours if quiet is None else "" if quiet == "none" else quiet
    wanted = read_rows(rows, Quiet(hours, before.pierced_by if pierced_by is None else pierced_by))
    _show(client.put(f"/persons/{name}/notify", wanted.as_json()), json)


@app.command(name="preview")
def preview_notify(name: str, *, severity: str = "", at: str | None = None, json: Json = False) -> None:
    """Tell what a page would do to a person; nothing is sent.

    Parameters
    ----------
    name
        The person's name.
    severity
        One severity; without it, all of the plan.
    at
        When, such as 2026-11-23T03:00:00+00:00; without it, now.
    """
    rows = Client().get(f"/persons/{name}/notify/preview", severity=severity, at=at)
    if json:
        emit_json(rows)
        return
    for row in rows:
        print(" ".join([row["sentence"], *row["reasons"]]))


def _show(shown: dict[str, Any], json: bool) -> None:
    if json:
        emit_json(shown)
        return
    for sentence in shown["in_words"]:
        print(sentence)
