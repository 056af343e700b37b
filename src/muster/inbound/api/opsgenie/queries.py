"""Reading as Opsgenie's clients do: alerts, their notes and log, and what became of a request. Only this integration's."""

from typing import Any

from fastapi import Request, Response

from muster.alerts.alert import Alert
from muster.alerts.integration import Integration
from muster.alerts.listing import AlertFilter
from muster.alerts.signal import NamedBy
from muster.alerts.store import alerts as store
from muster.alerts.store import lists, signals
from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses
from muster.base.web.needs import public
from muster.inbound.api.opsgenie.route import REASON, Identifier, Source, existing, told
from muster.inbound.api.opsgenie.route import router as make_router
from muster.inbound.bounded import LONGEST_KEY
from muster.inbound.json_body import load_json
from muster.inbound.opsgenie import Unprocessable
from muster.inbound.opsgenie_action import NOT_DONE
from muster.inbound.opsgenie_address import closed_by, is_signal
from muster.inbound.opsgenie_search import read_search
from muster.inbound.opsgenie_wire import alert_out, iso, line_out
from muster.inbound.text import bounded_key
from muster.incidents.store import incidents, words
from muster.kit.errors import Fault, Malformed, Missing

MOST = 10_000
LARGEST_PAGE = 100
router = make_router()


@router.get("/v2/alerts")
@public(REASON)
async def alerts(unit: Uses, source: Source, request: Request) -> Response:
    """List the newest alerts first."""
    found = await _searched(unit, source, request)
    at, size = _number(request, "offset", 0, MOST), _number(request, "limit", 20, LARGEST_PAGE)
    if request.query_params.get("order", "desc").lower() == "asc":
        found.reverse()
    return told([alert_out(alert, source) for alert in found[at : at + size]], paging={})


@router.get("/v2/alerts/count")
@public(REASON)
async def count(unit: Uses, source: Source, request: Request) -> Response:
    """How many there are."""
    return told({"count": len(await _searched(unit, source, request))})


@router.get("/v2/alerts/requests/{request_id}")
@public(REASON)
async def request_status(unit: Uses, source: Source, request_id: str) -> Response:
    """What became of a request, as long as raw signals are kept."""
    unit.allow(Permission.ALERT_READ)
    id_ = signals.raw_id_of(source.id, request_id)
    row = await signals.by_id(unit.conn, id_)
    if row is None:
        raise Missing("Request not found. It might not be processed, yet.", "Ask again in a moment.")
    alert = await _meant(unit, source, row, request_id)
    reasons = [fault for fault in row.faults if fault.get("field") == NOT_DONE]
    failed = alert is None or bool(reasons) or row.outcome != "accepted"
    rule = " ".join(f"{fault['rule']} {fault.get('fix', '')}".strip() for fault in reasons or row.faults)
    return told(
        {
            "success": not failed,
            "isSuccess": not failed,
            "action": _action(row.path),
            "processedAt": iso(row.received_at),
            "integrationId": str(source.id),
            "status": (rule or "Nothing became of it: there is no such open alert.") if failed else "Done",
            "alertId": str(alert.id) if alert else "",
            "alias": alert.key if alert else "",
        }
    )


@router.get("/v2/alerts/{identifier:path}/notes")
@public(REASON)
async def notes(unit: Uses, source: Source, request: Request, identifier: Identifier) -> Response:
    """The notes of its open incidents."""
    alert = await existing(unit, source, request, identifier)
    found = await incidents.open_by_alert(unit.conn, [alert.id], resolved=True)
    written = [note for incident in found.get(alert.id, ()) for note in await words.notes(unit.conn, incident.id)]
    return told([line_out("note", note.text, note.by_name, note.at) for note in written])


@router.get("/v2/alerts/{identifier:path}/logs")
@public(REASON)
async def logs(unit: Uses, source: Source, request: Request, identifier: Identifier) -> Response:
    """How it changed, newest first."""
    alert = await existing(unit, source, request, identifier)
    rows = await store.transitions(unit.conn, alert.id)
    return told([line_out("log", row["reason"], "Muster", row["at"]) for row in rows])


@router.get("/v2/alerts/{identifier:path}/recipients")
@router.get("/v2/alerts/{identifier:path}/attachments")
@public(REASON)
async def nothing_kept(unit: Uses, source: Source, request: Request, identifier: Identifier) -> Response:
    """None: who was paged is shown to people who sign in, and attachments are not kept."""
    await existing(unit, source, request, identifier)
    return told([])


@router.get("/v2/alerts/{identifier:path}")
@public(REASON)
async def show(unit: Uses, source: Source, request: Request, identifier: Identifier) -> Response:
    """One alert."""
    return told(alert_out(await existing(unit, source, request, identifier), source, whole=True))


async def _searched(unit: Unit, source: Integration, request: Request) -> list[Alert]:
    unit.allow(Permission.ALERT_READ)
    terms = read_search(request.query_params.get("query", ""))
    found, _ = await lists.newest(unit.conn, AlertFilter(status="all", integration_id=source.id), MOST)
    return [alert for alert in found if all(term.holds(alert) for term in terms)]


def _number(request: Request, name: str, usual: int, most: int) -> int:
    written = request.query_params.get(name, str(usual))
    if not (written.isascii() and written.isdecimal()) or int(written[:9]) > most:
        fault = Fault(name, f"It is a number up to {most}.", f"Send {name}={usual}.")
        raise Unprocessable("The request cannot be processed.", faults=[fault])
    return int(written)


async def _meant(unit: Unit, source: Integration, row: signals.RawSignal, request_id: str) -> Alert | None:
    """The alert that a request was about: for a close only one that it ended."""
    if not is_signal(row.path):
        return await store.named(unit.conn, source.id, "id", row.path.split("/")[3])
    closed = closed_by(row.path)
    if not closed:
        return await store.named(unit.conn, source.id, "key", bounded_key(_alias(row) or request_id, LONGEST_KEY))
    kinds: tuple[NamedBy, ...] = ("key", "id", "tiny")
    for kind in kinds:
        found = await store.named(unit.conn, source.id, kind, closed)
        ended = await store.transitions(unit.conn, found.id) if found else []
        if any(transition["signal_id"] == row.id for transition in ended):
            return found
    return None


def _alias(row: signals.RawSignal) -> str:
    try:
        document: Any = load_json(row.body)
    except Malformed:
        return ""
    return str(document.get("alias") or "").strip() if isinstance(document, dict) else ""


def _action(path: str) -> str:
    last = path.rstrip("/").rpartition("/")[2]
    return "Create" if last == "alerts" else last.capitalize()
