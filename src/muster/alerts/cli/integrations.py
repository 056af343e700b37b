"""`muster integration` and `muster signal`: where signals come from, and the signals as they came in."""

import json as jsonlib
import sys
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode

import cyclopts
from cyclopts import Parameter

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_facts, emit_json, emit_table
from muster.kit.errors import Fault, Invalid

integration = cyclopts.App(name="integration", help="Sources of signals, each with an address of its own.")
signal = cyclopts.App(name="signal", help="Signals as they were received.")

Options = Annotated[str | None, Parameter(help="The format's own options, as JSON.")]


@integration.command(name="list")
def list_integrations(*, json: Json = False) -> None:
    """List the integrations; the counts are of the last 24 hours."""
    columns = {"name": "integration", "format": "format", "active": "on", "last_signal_at": "last signal",
               "received": "received", "refused": "refused", "title": "title"}  # fmt: skip
    empty = "There is no integration. Create one: muster integration create prometheus --format alertmanager"
    emit_table(list(Client().items("/integrations")), columns, json=json, empty=empty)


@integration.command(name="formats")
def list_formats(*, json: Json = False) -> None:
    """List the formats in which signals may come; --json has a sample and the steps at the source too."""
    columns = {"name": "format", "title": "for", "family": "kind", "secret": "proves itself by"}
    emit_table(Client().get("/formats"), columns, json=json, empty="There is none.")


@integration.command(name="show")
def show_integration(name: str, *, json: Json = False) -> None:
    """Show an integration; `muster integration key` shows its address."""
    emit_facts(Client().get(_place(name)), json=json)


@integration.command(name="create")
def create_integration(
    name: str,
    *,
    format: str = "auto",
    title: str = "",
    options: Options = None,
    key: str = "",
    secret: str | None = None,
    json: Json = False,
) -> None:
    """Create an integration and print its address.

    Parameters
    ----------
    format: A format's name, or auto to recognise each signal; `muster integration formats` names them all.
    key: A key of your own (at least 16 characters); without it Muster makes one.
    secret: What the sender proves itself with, where the format knows such a thing.
    """
    body = {"name": name, "format": format, "title": title, "options": _options(options), "key": key, "secret": secret}
    made = Client().post("/integrations", body)
    emit_facts(made if json else {"name": made["name"], "address": made["address"], "key": made["key"]}, json=json)


@integration.command(name="change")
def change_integration(
    name: str,
    *,
    format: str | None = None,
    title: str | None = None,
    options: Options = None,
    on: bool | None = None,
    secret: str | None = None,
    json: Json = False,
) -> None:
    """Change an integration; --on and --no-on switch it, --secret "" takes the sender's secret away."""
    body: dict[str, Any] = {"format": format, "title": title, "active": on, "secret": secret}
    if options is not None:
        body["options"] = _options(options)
    given = {field: value for field, value in body.items() if value is not None}
    emit_facts(Client().patch(_place(name), given), json=json)


@integration.command(name="key")
def show_key(name: str, *, json: Json = False) -> None:
    """Show an integration's key and address; looking is recorded."""
    emit_facts(Client().get(_place(name, "/key")), json=json)


@integration.command(name="rotate")
def rotate_key(name: str, *, reason: str = "", overlap: str = "", json: Json = False) -> None:
    """Give an integration a new key; the old one is refused at once, or after an overlap.

    Parameters
    ----------
    overlap
        For how long the old key is taken too, such as 24h.
    """
    emit_facts(Client().post(_place(name, "/key:rotate"), {"reason": reason, "overlap": overlap}), json=json)


@integration.command(name="test")
def try_integration(name: str, *, format: str = "", recovery: bool = False, json: Json = False) -> None:
    """Send the format's sample through an integration; nobody is paged.

    Parameters
    ----------
    format: Which format's sample, where the integration takes any.
    recovery: Send what ends the sample's alert.
    """
    found = Client().post(_place(name, "/test"), {"format": format, "recovery": recovery})
    if json:
        emit_json(found)
        return
    print(f"A {'recovery' if recovery else 'sample'} of {found['format']} went through {name}.")
    for alert in found["alerts"]:
        print(f"  {alert['status']}: {alert['title']} ({alert['hold_reason'] or 'held by nothing'})")
    if found["changes"]:
        print(f"  It speaks of {found['changes']} change(s), which a test does not keep.")
    for warning in found["warnings"]:
        print(f"  ! {warning['field']}: {warning['rule']} {warning['fix']}".rstrip())


@integration.command(name="delete")
def delete_integration(name: str, *, reason: str = "") -> None:
    """Delete an integration with its alerts and signals, once nothing of it fires and nothing uses it."""
    Client().delete(_place(name) + (f"?{urlencode({'reason': reason})}" if reason else ""))
    print(f"{name} is deleted.")


@signal.command(name="list")
def list_signals(
    *,
    integration: str | None = None,
    outcome: Literal["accepted", "malformed", "deferred"] | None = None,
    limit: int = 50,
    json: Json = False,
) -> None:
    """List what was received lately, newest first."""
    rows = list(Client().items("/signals", most=limit, integration=integration, outcome=outcome))
    columns = {"id": "id", "received_at": "when", "integration": "to", "path": "path", "outcome": "outcome",
               "size": "bytes", "said": "remarks"}  # fmt: skip
    shown = [{**row, "said": [_sentence(fault) for fault in row["faults"]]} for row in rows]
    emit_table(rows if json else shown, columns, json=json, empty="Nothing was received.")


@signal.command(name="show")
def show_signal(id: str, *, json: Json = False) -> None:
    """Show one signal as it was received."""
    found = Client().get(f"/signals/{id}")
    if json:
        emit_json(found)
        return
    emit_facts({key: found[key] for key in ("received_at", "integration", "path", "outcome", "size")}, json=False)
    for fault in found["faults"]:
        print(f"! {_sentence(fault)}")
    print()
    print(found["body"])


@integration.command(name="try")
def try_payload(
    name: str,
    file: Path | None = None,
    *,
    options: Options = None,
    path: str = "/",
    content_type: str = "application/json",
    json: Json = False,
) -> None:
    """Show what FILE (standard input without it) would become if the integration received it; nothing is kept.

    Parameters
    ----------
    options: Other options than the integration's own, as JSON, to try them before they are saved.
    path: What would follow the key in the address; it can choose the format.
    """
    text = file.read_text(encoding="utf-8") if file else sys.stdin.read()
    body = {"body": text, "path": path, "content_type": content_type}
    if options is not None:
        body["options"] = _options(options)
    found = Client().post(_place(name, ":try"), body)
    if json:
        emit_json(found)
        return
    for fault in (*found["faults"], *found["warnings"]):
        print(" ".join(part for part in (fault["field"], fault["rule"], fault["fix"]) if part))
    columns = {"status": "status", "key": "key", "severity": "severity", "title": "alert", "guess": "not certain"}
    emit_table(found["alerts"], columns, json=False, empty="It becomes no alert.")


@signal.command(name="send")
def send_signal(
    integration: str,
    file: Path | None = None,
    *,
    path: str = "/",
    content_type: str = "application/json",
    json: Json = False,
) -> None:
    """Take a signal from FILE (standard input without it) as if its source had sent it: it does page.

    Parameters
    ----------
    path: What would follow the key in the address, such as /api/v2/alerts; it can choose the format.
    """
    text = file.read_text(encoding="utf-8") if file else sys.stdin.read()
    body = {"body": text, "path": path, "content_type": content_type}
    found = Client().post(_place(integration, "/signals"), body)
    columns = {"id": "id", "status": "status", "title": "alert", "hold_reason": "held because"}
    rows = found["alerts"]
    emit_table(rows, columns, json=json, empty="It was taken and concerns no alert.")


def _place(name: str, what: str = "") -> str:
    return f"/integrations/{quote(name, safe='')}{what}"


def _options(text: str | None) -> dict[str, Any]:
    if text is None:
        return {}
    try:
        found = jsonlib.loads(text)
    except ValueError as error:
        fault = Fault("--options", f"It is not JSON: {error}.", 'Write it as \'{"resolve_timeout": "10m"}\'.')
        raise Invalid("The options cannot be read.", faults=[fault]) from None
    if not isinstance(found, dict):
        fault = Fault("--options", "Options are a JSON object.", 'Write it as \'{"resolve_timeout": "10m"}\'.')
        raise Invalid("The options cannot be read.", faults=[fault])
    return found


def _sentence(fault: dict[str, str]) -> str:
    return " ".join(part for part in (fault["field"] and f"{fault['field']}:", fault["rule"], fault["fix"]) if part)
