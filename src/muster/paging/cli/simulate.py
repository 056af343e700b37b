"""`muster simulate`: what an alert would lead to, or whom a policy would wake at a time. Nobody is paged."""

import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_json
from muster.kit.errors import Fault, Invalid, Missing

AtTime = Annotated[str | None, Parameter(help="When, such as 2026-11-22T03:00:00+01:00; now if left out.")]


def simulate(
    *,
    alert: Annotated[Path | None, Parameter(help="A file with what the sender would send; - reads it here.")] = None,
    at: AtTime = None,
    integration: Annotated[str, Parameter(help="The integration through which it would come.")] = "",
    path: Annotated[str, Parameter(help="What follows the integration's address, such as /api/v2/alerts.")] = "",
    policy: Annotated[str, Parameter(help="Without an alert: the policy to ask about.")] = "",
    severity: Annotated[str, Parameter(help="With --policy: of which severity; the worst if left out.")] = "",
    plan: Annotated[str, Parameter(help="The plan; the one in force if left out.")] = "",
    json: Json = False,
) -> None:
    """Tell who would be paged when, by which channel and why, if this alert came at that time; nobody is paged.

    Takes the raw payload of any format that Muster speaks. With --policy it answers "who would be paged on Sunday at 03:00?"
    without an alert. Warns where nobody would be reached.
    """
    client = Client()
    if (alert is None) == (not policy):
        fault = Fault("alert", "Say what to try out.", "Give --alert FILE, or --policy NAME.")
        raise Invalid("There is nothing to try out.", faults=[fault])
    if alert is None:
        found = [client.post(f"/simulate/policies/{policy}", {"at": at, "severity": severity, "plan": plan})]
    else:
        asked = {"payload": _read(alert), "integration": integration, "path": path, "plan": plan, "at": at}
        found = client.post("/simulate", asked)
    if json:
        emit_json(found)
        return
    for number, each in enumerate(found):
        if number:
            print()
        print_simulation(each)


def print_simulation(found: dict[str, Any]) -> None:
    """What would happen, in sentences."""
    if found["title"]:
        print(found["title"])
    if found["severity"]:
        print(f"A {found['severity']} {found['category']} incident, to be acknowledged by {found['acknowledge_by']}.")
    for note in found["notes"]:
        print(f"But: {note}")
    for reason in found["reasons"]:
        print(f"  {reason['sentence']}")
    policy = ""
    for step in found["steps"]:
        if step["policy"] != policy:
            policy = step["policy"]
            print(f"Paged by {policy}:")
        print_step(step)
    for warning in found["warnings"]:
        print(f"warning: {warning}", file=sys.stderr)


def print_step(step: dict[str, Any]) -> None:
    """One step with its people, channels and reasons."""
    again = f", then {step['times'] - 1} more, every {step['every']}" if step["times"] > 1 else ""
    print(f"  {step['at']} step {step['number']}{again}: {', '.join(step['people']) or 'nobody'}")
    if step["skipped"]:
        print(f"    skipped: {step['skipped']}")
    for whom in step["whom"]:
        print(f"    {' '.join([whom['target'] + ':', whom['because'], *whom['unreached']])}")
    for each in step["messages"]:
        print(f"    {each['at']} {each['person']} by {each['channel']} {each['address']} {each['why']}".rstrip())


def _read(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Missing(f"{file} cannot be read.", f"{error}.") from error
