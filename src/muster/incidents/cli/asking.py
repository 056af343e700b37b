"""`muster incident take`, `hand-over`, `add-responders`, `help`, `respond`, `withdraw`, `responders`: people asking people."""

from typing import Annotated

from cyclopts import Parameter

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_table
from muster.incidents.cli.incident import Note, Reason, app, emit_one

_RESPONDERS = {"person": "who", "standing": "stands", "since": "since", "what": "why", "page": "page"}


@app.command
def take(ref: str, /, *, note: Note = "", json: Json = False) -> None:
    """Take an incident: become its On-Call Engineer, also from somebody else, who is told."""
    emit_one(Client().post(f"/incidents/{ref}/take", {"note": note}), json=json)


@app.command(name="hand-over")
def hand_over(ref: str, person: str, /, *, role: str = "", note: Note = "", json: Json = False) -> None:
    """Ask PERSON to take it over; until they accept it stays with whom it is."""
    body = {"person": person, "role": role, "note": note}
    emit_one(Client().post(f"/incidents/{ref}/hand-over", body), json=json)


@app.command(name="add-responders")
def add_responders(ref: str, /, *targets: str, note: Note = "", json: Json = False) -> None:
    """Page further people until they answer: person:ana, team:web, schedule:primary; a bare name is a person."""
    emit_one(Client().post(f"/incidents/{ref}/responders", {"targets": list(targets), "note": note}), json=json)


@app.command(name="help")
def ask_for_help(
    ref: str,
    words: str = "",
    /,
    *,
    target: Annotated[str, Parameter(help="Whom to ask, such as team:web; the next step if left out.")] = "",
    json: Json = False,
) -> None:
    """Call for help with your words: the next step of what was paged, or somebody named."""
    emit_one(Client().post(f"/incidents/{ref}/help", {"words": words, "target": target}), json=json)


@app.command
def respond(
    ref: str,
    /,
    *,
    decline: Annotated[bool, Parameter(negative="", help="Say that you are not coming.")] = False,
    reason: Reason = "",
    json: Json = False,
) -> None:
    """Answer what you are asked for: come, or take over; --decline says no."""
    emit_one(Client().post(f"/incidents/{ref}/respond", {"coming": not decline, "reason": reason}), json=json)


@app.command
def withdraw(ref: str, page: str, /, *, json: Json = False) -> None:
    """Take back what people are being asked for; `responders` names the page."""
    emit_one(Client().post(f"/incidents/{ref}/asked/{page}/withdraw", {}), json=json)


@app.command
def responders(ref: str, /, *, json: Json = False) -> None:
    """Show who responds, who was asked, who declined and who has not answered."""
    emit_table(Client().get(f"/incidents/{ref}/responders"), _RESPONDERS, json=json, empty="Nobody was asked yet.")
