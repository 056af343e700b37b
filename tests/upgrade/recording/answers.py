"""What to ask of the recorded Muster: every route of GET that says something, with fixed instants where time matters."""

from collections.abc import AsyncIterator, Iterable
from typing import Any

from tests.upgrade.recording.stage import Stage

WEEKS = "from=2026-12-07T00:00:00Z&to=2026-12-28T00:00:00Z"
INSTANTS = ("2026-12-08T20:00:00Z", "2026-12-12T02:00:00Z", "2026-12-25T12:00:00Z", "2027-01-09T11:00:00Z")
ALONE = (
    "/calendars",
    "/catalog/graph",
    "/chains",
    "/changes?limit=200",
    "/clocks?limit=200",
    "/components?limit=200",
    "/feeds?everybody=true",
    "/heartbeats",
    "/incidents?limit=200",
    "/integrations",
    "/ledger/key",
    "/ledger/seals?limit=200",
    "/ledger?limit=200&kind=IncidentOpened",
    "/me/shift-notices",
    "/noise",
    "/alerts.csv?status=all",
    "/incidents.csv",
    "/on-call",
    "/on-call/fairness?from=2026-12-01T00:00:00Z&to=2027-01-01T00:00:00Z",
    "/on-call/report.csv?from=2026-12-01T00:00:00Z&to=2027-01-01T00:00:00Z",
    "/on-call/report?from=2026-12-01T00:00:00Z&to=2027-01-01T00:00:00Z",
    "/organisation",
    "/persons?inactive=true",
    "/plan-schema.json",
    "/plans",
    "/plans/main/diff?from=2&to=3",
    "/requests?limit=200",
    "/schedules",
    "/signals?limit=200",
    "/silences?limit=200&state=all",
    "/teams",
    "/tokens?everybody=true",
    "/web-push/key",
    "/workloads",
)
OF_INCIDENT = (
    "alerts",
    "checks",
    "explanation",
    "links",
    "notes",
    "obligations",
    "pages",
    "responders",
    "roles",
    "severities",
    "timeline?limit=200&order=oldest",
)


OF_BO = ("/me", "/me/shifts?from=2026-12-01T00:00:00Z&to=2027-01-01T00:00:00Z", "/sessions")
"""What bo asks about himself."""


async def answers(stage: Stage) -> AsyncIterator[tuple[str, Any]]:
    """Each path with its answer."""
    for path in await _paths(stage):
        yield path, await stage.call("GET", path)
    for path in OF_BO:
        yield path, await stage.call("GET", path, by="bo")


async def _paths(stage: Stage) -> list[str]:
    paths = list(ALONE)
    for name in await _names(stage, "/calendars"):
        paths.append(f"/calendars/{name}?{WEEKS}")
    for name in await _names(stage, "/integrations"):
        paths += [f"/integrations/{name}", f"/integrations/{name}/key"]
    for name in await _names(stage, "/persons"):
        preview = f"/persons/{name}/notify/preview?severity=low&at=2026-12-08T03:00:00Z"
        paths += [f"/persons/{name}", *(f"/persons/{name}/{part}" for part in ("contacts", "notify")), preview]
        paths.append(f"/deliveries?limit=200&person={name}")
    for name in await _names(stage, "/teams"):
        paths.append(f"/teams/{name}")
    for name in await _names(stage, "/workloads"):
        paths += [f"/workloads/{name}", *(f"/workloads/{name}/{part}" for part in ("blast-radius", "manifest"))]
    for name in await _names(stage, "/schedules"):
        parts = (f"coverage?{WEEKS}", "handoff-notes", f"overrides?{WEEKS}", "versions")
        paths += [f"/schedules/{name}", *(f"/schedules/{name}/{part}" for part in parts)]
        paths += [f"/schedules/{name}/on-call?at={instant}" for instant in INSTANTS]
    versions = (await stage.call("GET", "/plans/main/versions"))["items"]
    numbers = [f"/versions/{number}" for number in sorted({version["number"] for version in versions})]
    paths += [f"/plans/main{part}" for part in ("", "/versions", *numbers)]
    for ref in [item["ref"] for item in (await stage.call("GET", "/incidents?limit=200"))["items"]]:
        paths += [f"/incidents/{ref}", *(f"/incidents/{ref}/{part}" for part in OF_INCIDENT)]
        pages = await stage.call("GET", f"/incidents/{ref}/pages")
        paths += [f"/pages/{page['id']}/explanation" for page in pages]
        paths += [f"/ledger/streams/incident:{(await stage.call('GET', f'/incidents/{ref}'))['id']}?limit=200"]
    for listed in ("/requests?limit=200", "/silences?limit=200&state=all"):
        route = listed.partition("?")[0]
        paths += [f"{route}/{row['id']}" for row in (await stage.call("GET", listed))["items"]]
    for alert in (await stage.call("GET", "/alerts?status=all&limit=200"))["items"]:
        paths += [f"/alerts/{alert['id']}", f"/alerts/{alert['id']}/signals", f"/alerts/{alert['id']}/explanation"]
    for signal in _first((await stage.call("GET", "/signals?limit=200"))["items"]):
        paths.append(f"/signals/{signal['id']}")
    for delivery in _first(await stage.call("GET", "/deliveries?limit=200&person=bo")):
        paths.append(f"/deliveries/{delivery['id']}")
    return [*paths, "/alerts?status=all&limit=200"]


async def _names(stage: Stage, path: str) -> Iterable[str]:
    return [item["name"] for item in (await stage.call("GET", path))["items"]]


def _first(rows: list[Any]) -> list[Any]:
    return rows[:5]
