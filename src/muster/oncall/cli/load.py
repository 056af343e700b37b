"""`muster oncall fairness` and `muster oncall report`: how being on call is shared, and the report for pay."""

import sys
from typing import Annotated, Any

from cyclopts import Parameter

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_json, emit_table
from muster.oncall.cli.schedules import oncall
from muster.oncall.cli.shifts import my_zone
from muster.oncall.cli.times import Start, When, instant


@oncall.command(name="fairness")
def fairness(
    *, start: Start = None, to: When = None, schedule: str | None = None, team: str | None = None, json: Json = False
) -> None:
    """Show what everybody carried: hours, nights, weekends, holidays, pages, sleep; the last 90 days unless said."""
    client = Client()
    answer = client.get("/on-call/fairness", **_asked(client, start, to, schedule, team))
    if json:
        emit_json(answer)
        return
    rows = [{**load, "share": f"{load['shares']['hours']:.0%}"} for load in answer["items"]]
    columns = {
        "person": "person", "hours": "hours", "share": "of even", "nights": "nights", "weekends": "weekends",
        "holidays": "holidays", "interruptions": "pages", "sleep_hours_disturbed": "sleep disturbed (h)",
    }  # fmt: skip
    emit_table(rows, columns, json=False, empty="Nobody was on call in this time.")
    for finding in answer["findings"]:
        print(f"! {finding['sentence']}")


@oncall.command(name="report")
def report(
    *,
    start: Start = None,
    to: When = None,
    schedule: str | None = None,
    team: str | None = None,
    csv: Annotated[bool, Parameter(negative="", help="Print CSV.")] = False,
    json: Json = False,
) -> None:
    """Show the shifts of a period for pay: hours, nights, weekend and holiday hours of each; a month unless said."""
    client = Client()
    asked = _asked(client, start, to, schedule, team)
    if csv:
        for piece in client.stream("/on-call/report.csv", **asked):
            sys.stdout.write(piece.decode())
        return
    answer = client.get("/on-call/report", **asked)
    columns = {
        "person": "person", "schedule": "schedule", "start": "from", "end": "to", "hours": "hours", "nights": "nights",
        "night_hours": "night h", "weekend_hours": "weekend h", "holiday_hours": "holiday h",
    }  # fmt: skip
    if json:
        emit_json(answer)
    else:
        emit_table(answer["items"], columns, json=False, empty="Nobody was on call in this time.")


def _asked(client: Client, start: str | None, to: str | None, schedule: str | None, team: str | None) -> dict[str, Any]:
    zone = my_zone(client) if start or to else ""
    times = {"from": instant(start, zone, "--from"), "to": instant(to, zone, "--to")}
    return {**times, "schedule": schedule, "team": team}
