"""What Opsgenie's clients ask to be done with an alert: done, or written down with the reason why not.

Every request is kept as a raw signal, so that `GET /v2/alerts/requests/{requestId}` can say what became of it.
"""

from dataclasses import replace

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from muster.alerts.actions import silences
from muster.alerts.actions.integrations import stream
from muster.alerts.actions.receive import Item, receive
from muster.alerts.alert import Alert
from muster.alerts.integration import Integration
from muster.alerts.matchers import Matcher
from muster.alerts.port import Parsed, kept_headers
from muster.alerts.port import Request as Sent
from muster.alerts.signal import Signal
from muster.alerts.silence_draft import SilenceDraft
from muster.alerts.store import signals
from muster.alerts.store.signals import RawSignal
from muster.base.unit import Unit
from muster.base.web.edge import Uses
from muster.base.web.needs import public
from muster.inbound.api.opsgenie.route import REASON, Identifier, Source, decides, named
from muster.inbound.api.opsgenie.route import router as make_router
from muster.inbound.events import SENDER_ASKED
from muster.inbound.json_body import load_json, refused
from muster.inbound.opsgenie import ALLOWED, accepted, request_id_of
from muster.inbound.opsgenie_action import DECIDED, REFUSED, Wish, changed, not_done, read_wish
from muster.inbound.record import Findings, Record
from muster.incidents.actions.escalate import escalate
from muster.incidents.actions.writing import note
from muster.incidents.store import incidents
from muster.kit.errors import Fault, Missing, Problem
from muster.ledger.actions import record as record_event
from muster.ledger.event import Event

router = make_router()
OVER = "The alert is closed."


@router.post("/v2/alerts/{identifier:path}/actions/{name}")
@public(REASON)
async def custom(unit: Uses, source: Source, request: Request, identifier: Identifier, name: str) -> Response:
    """Refuse to run an action, in words."""
    return await _do(unit, source, request, identifier, "actions")


@router.post("/v2/alerts/{identifier:path}/attachments")
@router.post("/v2/alerts/{identifier:path}/acknowledge")
@router.post("/v2/alerts/{identifier:path}/unacknowledge")
@router.post("/v2/alerts/{identifier:path}/snooze")
@router.post("/v2/alerts/{identifier:path}/escalate")
@router.post("/v2/alerts/{identifier:path}/assign")
@router.post("/v2/alerts/{identifier:path}/notes")
@router.post("/v2/alerts/{identifier:path}/tags")
@router.delete("/v2/alerts/{identifier:path}/tags")
@router.post("/v2/alerts/{identifier:path}/details")
@router.delete("/v2/alerts/{identifier:path}/details")
@router.post("/v2/alerts/{identifier:path}/responders")
@router.post("/v2/alerts/{identifier:path}/teams")
@router.put("/v2/alerts/{identifier:path}/message")
@router.put("/v2/alerts/{identifier:path}/description")
@router.put("/v2/alerts/{identifier:path}/priority")
@public(REASON)
async def act(unit: Uses, source: Source, request: Request, identifier: Identifier) -> Response:
    """Do what the end of the address says."""
    return await _do(unit, source, request, identifier, request.url.path.rpartition("/")[2])


@router.delete("/v2/alerts/{identifier:path}")
@public(REASON)
async def delete(unit: Uses, source: Source, request: Request, identifier: Identifier) -> Response:
    """Refuse to delete an alert, in words."""
    return await _do(unit, source, request, identifier, "delete")


async def _do(unit: Unit, source: Integration, request: Request, identifier: str, action: str) -> Response:
    given = request.query_params
    body, query = await request.body(), {name: ",".join(given.getlist(name)) for name in given}
    record = _words(body, query, action)
    wish = read_wish(action, record, unit.now)
    alert = await named(unit, source, request, identifier)
    kept = kept_headers(dict(request.headers))
    path = f"/v2/alerts/{alert.id if alert else 'unknown'}/{action}"
    sent = Sent(path, request.method, kept, query, body, unit.now)
    request_id = request_id_of(sent)
    id_ = signals.raw_id_of(source.id, request_id)
    await signals.insert(unit.conn, [RawSignal(id_, source.id, unit.now, path, kept, body, "accepted")])
    item = Item(source, sent, Parsed(), id_)
    fault = not_done("There is no such alert.") if alert is None else await _done(unit, item, alert, wish, record)
    if fault is not None:
        await signals.remark(unit.conn, {id_: [fault.as_json()]})
    data = {"action": action, "alert": str(alert.id) if alert else "", "user": wish.user, "done": fault is None}
    await record_event(unit, Event(stream(source), SENDER_ASKED, data, fault.rule if fault else ""))
    return JSONResponse(accepted(request_id), 202)


async def _done(unit: Unit, item: Item, alert: Alert, wish: Wish, record: Record) -> Fault | None:
    """Do it; else the reason why not. Whoever works on the incident reads of both."""
    source, action = item.integration, wish.action
    if signal := changed(alert, action, record, removing=item.request.method == "DELETE"):
        if not alert.active:
            return not_done(OVER)
        await _report(unit, item, signal)
        return None
    reason = REFUSED.get(action, "")
    if action in DECIDED and not decides(source):
        reason = f"{DECIDED[action]} A manager may set the option {ALLOWED} of {source.name}."
    places = (await incidents.open_by_alert(unit.conn, [alert.id], resolved=True)).get(alert.id, [])
    for incident in places:
        await note(unit, incident.id, f"{wish.sentence} Not done: {reason}" if reason else wish.sentence)
    if reason:
        return not_done(reason)
    if action == "notes":
        return None if places else not_done("No open incident has this alert to write the note to.")
    if not alert.active:
        return not_done(OVER)
    if action == "acknowledge":
        await _report(unit, item, Signal(alert.key, "acknowledged", alert.title))
        return None
    try:
        if action == "escalate":
            for incident in places:
                await escalate(unit, incident.id, wish.sentence)
        elif wish.until is not None:
            mine = tuple(Matcher(name, text) for name, text in alert.labels.items() if name == "alias")
            draft = SilenceDraft("silence", mine, unit.now, wish.until, wish.sentence, source.name, wish.user[:200])
            await silences.create(unit, draft)
    except Problem as problem:
        return not_done(str(problem))
    return None


async def _report(unit: Unit, item: Item, signal: Signal) -> None:
    await receive(unit, [replace(item, parsed=Parsed((signal,)))])


def _words(body: bytes, query: dict[str, str], action: str) -> Record:
    """The body; what deletes may say it in the query instead. Attachments are not looked at."""
    document = load_json(body) if body.strip() and action != "attachments" else dict(query)
    if not isinstance(document, dict):
        raise refused("", "The body is a JSON object.", "See Opsgenie's Alert API.")
    return Record(document, "", Findings())


@router.api_route("/v2/alerts/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"])
@public(REASON)
async def unserved(source: Source, rest: str) -> Response:
    """Refuse in words what is none of the addresses above."""
    raise Missing(
        "Nothing is served at this address.",
        "Create an alert with POST /v2/alerts; docs/how-to/connect-opsgenie-senders.md lists what else there is.",
    )
