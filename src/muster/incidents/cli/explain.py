"""`muster explain`: why somebody was paged, why nobody was, why not somebody else."""

import re
from typing import Annotated, Any

import cyclopts
from cyclopts import Parameter

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_json

app = cyclopts.App(name="explain", help="Why was somebody paged, or nobody? Told from what was recorded.")

_REF = re.compile(r"(?:INC-)?\d{1,15}", re.IGNORECASE)


@app.command
def page(
    which: str,
    /,
    *,
    person: Annotated[str, Parameter(help="Why they were paged, or why not.")] = "",
    json: Json = False,
) -> None:
    """Explain who was paged for an incident (INC-142) or by one page (its id, or that of a message), and why."""
    path = f"/incidents/{which}/explanation" if _REF.fullmatch(which) else f"/pages/{which}/explanation"
    _print(Client().get(path, person=person or None), json=json)


@app.command
def alert(alert: str, /, *, json: Json = False) -> None:
    """Explain why an alert paged nobody, or which incident it belongs to."""
    _print(Client().get(f"/alerts/{alert}/explanation"), json=json)


def _print(found: dict[str, Any], *, json: bool) -> None:
    if json:
        emit_json(found)
        return
    print(found["answer"])
    for each in found["chain"]:
        place = f" ({each['at']})" if each["at"] else ""
        print(f"  {each['about']}: {each['sentence']}{place}")
