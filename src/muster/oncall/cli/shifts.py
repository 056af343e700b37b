"""`muster shifts`: one's own shifts, and what one hears about them."""

from datetime import datetime
from typing import Annotated

import cyclopts
from cyclopts import Parameter

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_facts, emit_table
from muster.oncall.cli.times import Start, When, instant
from muster.oncall.schedules.notation import write_local

shifts = cyclopts.App(name="shifts", help="Your own shifts.")


@shifts.default
def list_shifts(*, start: Start = None, to: When = None, json: Json = False) -> None:
    """List your shifts of the next 90 days, in your own zone."""
    client = Client()
    zone = my_zone(client)
    found = client.get("/me/shifts", **{"from": instant(start, zone, "--from"), "to": instant(to, zone, "--to")})
    rows = found["items"]
    if not json:
        for row in rows:
            row |= {key: write_local(datetime.fromisoformat(row[key]), zone) for key in ("start", "end")}
            row["runs"] = "now" if row["runs"] else ""
    columns = {"schedule": "schedule", "start": f"from ({zone})", "end": "to", "runs": ""}
    emit_table(rows, columns, json=json, empty="You have no shift ahead.")


@shifts.command(name="notices")
def notices(
    *,
    before: Annotated[str | None, Parameter(help="How long before a shift, such as 24h, or off.")] = None,
    at_start: bool | None = None,
    at_end: bool | None = None,
    changes: bool | None = None,
    json: Json = False,
) -> None:
    """Show which notices you get about your shifts, or choose them."""
    client = Client()
    now = client.get("/me/shift-notices")
    wanted = {"before": before, "at_start": at_start, "at_end": at_end, "changes": changes}
    chosen: dict[str, str | bool | None] = {key: value for key, value in wanted.items() if value is not None}
    if chosen.get("before") == "off":
        chosen["before"] = None
    emit_facts(client.put("/me/shift-notices", {**now, **chosen}) if chosen else now, json=json)


def my_zone(client: Client) -> str:
    """The zone of whoever asks."""
    return str(client.get("/me")["person"]["time_zone"])
