"""Alertmanager's API v2 for reading alerts and working with silences, so that `amtool` and dashboards speak to Muster.

Each integration's key opens a world of its own: the alerts that came through it, and the silences made through it, which
mute nothing else. Alerts are posted to the same address, but go through the intake.
"""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from muster import __version__
from muster.alerts.actions import silences
from muster.alerts.alert import Alert, Hold
from muster.alerts.integration import Integration
from muster.alerts.listing import AlertFilter
from muster.alerts.matchers import Matcher
from muster.alerts.pattern import compile_pattern
from muster.alerts.silence import Silence
from muster.alerts.silence_draft import SilenceDraft
from muster.alerts.store import lists
from muster.alerts.store import silences as silence_store
from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses
from muster.base.web.needs import public
from muster.inbound import alertmanager_wire as wire
from muster.inbound.api.alertmanager_route import REASON, Source
from muster.inbound.api.alertmanager_route import router as make_router
from muster.inbound.fingerprint import fingerprint
from muster.kit.errors import Fault, Malformed, Missing

RECEIVER = "muster"
MOST = 10_000
OVER_AFTER = timedelta(minutes=5)
router = make_router()

Filters = Annotated[list[str] | None, Query(alias="filter", max_length=100)]
Flag = Annotated[bool, Query()]


@router.get("/-/healthy")
@router.get("/-/ready")
@public(REASON)
async def healthy(source: Source) -> Response:
    """It answers, and the database too."""
    return PlainTextResponse("OK")


@router.get("/api/v2/status")
@public(REASON)
async def status(unit: Uses, source: Source) -> Response:
    """One node without a cluster."""
    unit.allow(Permission.ALERT_READ)
    return JSONResponse(wire.status_reply(version=__version__, started_at=source.created_at))


@router.get("/api/v2/receivers")
@public(REASON)
async def receivers(unit: Uses, source: Source) -> Response:
    """Muster itself: who is told is its plan's to say."""
    unit.allow(Permission.ALERT_READ)
    return JSONResponse([{"name": RECEIVER}])


@router.get("/api/v2/alerts")
@public(REASON)
async def alerts(
    unit: Uses,
    source: Source,
    filters: Filters = None,
    active: Flag = True,
    silenced: Flag = True,
    inhibited: Flag = True,
    receiver: str = "",
) -> Response:
    """List what fires, at most ten thousand alerts."""
    found = await _alerts(unit, source, filters, receiver, active=active, silenced=silenced, inhibited=inhibited)
    return JSONResponse([_gettable(alert, unit) for alert in found])


@router.get("/api/v2/alerts/groups")
@public(REASON)
async def groups(
    unit: Uses,
    source: Source,
    filters: Filters = None,
    active: Flag = True,
    silenced: Flag = True,
    inhibited: Flag = True,
    receiver: str = "",
) -> Response:
    """List what fires by the alert's name."""
    found = await _alerts(unit, source, filters, receiver, active=active, silenced=silenced, inhibited=inhibited)
    by_name: dict[str, list[dict[str, Any]]] = {}
    for alert in found:
        by_name.setdefault(alert.labels.get("alertname", ""), []).append(_gettable(alert, unit))
    named = ({"alertname": name} if name else {} for name in by_name)
    return JSONResponse(
        [
            wire.alert_group(labels, RECEIVER, alerts_of_name)
            for labels, alerts_of_name in zip(named, by_name.values(), strict=True)
        ]
    )


@router.get("/api/v2/silences")
@public(REASON)
async def list_silences(unit: Uses, source: Source, filters: Filters = None) -> Response:
    """List the silences that were made through this integration."""
    unit.allow(Permission.ALERT_READ)
    matchers = wire.parse_filters(filters or [])
    rows = await silence_store.newest(unit.conn, MOST, integration_id=source.id)
    return JSONResponse([_gettable_silence(row, unit) for row in rows if wire.selects_silence(matchers, row.matchers)])


@router.post("/api/v2/silences")
@public(REASON)
async def post_silence(unit: Uses, source: Source, request: Request) -> Response:
    """Make a silence that mutes this integration's alerts, or change one that is not over."""
    posted = wire.parse_silence(await request.body(), unit.now)
    draft = SilenceDraft(
        kind="silence",
        matchers=posted.matchers,
        starts_at=max(posted.starts_at, unit.now),
        ends_at=posted.ends_at,
        comment=posted.comment,
        integration=source.name,
        author=posted.created_by[:200],
    )
    earlier = await _own(unit, source, posted.id) if posted.id else None
    if earlier is None or earlier.state(unit.now) == "expired":
        silence = await silences.create(unit, draft, comment_needed=False)
    else:
        silence = await silences.change(unit, earlier.id, draft, comment_needed=False)
    return JSONResponse({"silenceID": str(silence.id)})


@router.get("/api/v2/silence/{id}")
@public(REASON)
async def show_silence(unit: Uses, source: Source, id: str) -> Response:
    """Show one silence."""
    unit.allow(Permission.ALERT_READ)
    return JSONResponse(_gettable_silence(await _own(unit, source, id), unit))


@router.delete("/api/v2/silence/{id}")
@public(REASON)
async def delete_silence(unit: Uses, source: Source, id: str) -> Response:
    """End a silence now; one that is over already stays so. Unknown ones are answered as Alertmanager answers."""
    unit.allow(Permission.ALERT_SILENCE)
    if not _is_identifier(id):
        return JSONResponse(wire.no_identifier(id), status_code=422)
    try:
        silence = await _own(unit, source, id)
    except Missing:
        return Response(status_code=404)
    if silence.state(unit.now) != "expired":
        await silences.expire(unit, silence.id)
    return Response(status_code=200)


async def _alerts(
    unit: Unit,
    source: Integration,
    filters: list[str] | None,
    receiver: str,
    *,
    active: bool,
    silenced: bool,
    inhibited: bool,
) -> list[Alert]:
    unit.allow(Permission.ALERT_READ)
    matchers: tuple[Matcher, ...] = wire.parse_filters(filters or [])
    if receiver and not _names_us(receiver):
        return []
    chosen = AlertFilter(integration_id=source.id, matchers=matchers)
    found: list[Alert] = []
    after: lists.Cursor | None = None
    while len(found) < MOST:
        page, after = await lists.newest(unit.conn, chosen, MOST - len(found), after)
        found += page
        if after is None:
            break
    wanted = {"active": active, "silenced": silenced, "inhibited": inhibited}
    return [alert for alert in found if wanted[_state_of(alert)]]


def _names_us(receiver: str) -> bool:
    try:
        return compile_pattern(receiver).matches(RECEIVER)
    except ValueError as error:
        raise Malformed("The receiver cannot be read.", faults=[Fault("receiver", str(error))]) from None


def _state_of(alert: Alert) -> str:
    """In Alertmanager's terms: what a silence holds is silenced, what Muster itself holds is inhibited."""
    if not alert.hold:
        return "active"
    return "silenced" if alert.hold in (Hold.SILENCE, Hold.MAINTENANCE) else "inhibited"


def _gettable(alert: Alert, unit: Unit) -> dict[str, Any]:
    state = _state_of(alert)
    return wire.gettable_alert(
        fingerprint=fingerprint(alert.labels),
        labels=alert.labels,
        annotations=alert.annotations,
        starts_at=alert.starts_at,
        ends_at=alert.ends_at or unit.now + OVER_AFTER,
        updated_at=alert.last_seen_at,
        receivers=[RECEIVER],
        generator_url=next((link.url for link in alert.links if link.label == "Source"), ""),
        state="active" if state == "active" else "suppressed",
        silenced_by=[str(alert.hold_ref)] if state == "silenced" else (),
        inhibited_by=[str(alert.hold)] if state == "inhibited" else (),
    )


def _gettable_silence(silence: Silence, unit: Unit) -> dict[str, Any]:
    return wire.gettable_silence(
        id=str(silence.id),
        matchers=silence.matchers,
        starts_at=silence.starts_at,
        ends_at=silence.ends_at,
        updated_at=silence.updated_at,
        created_by=silence.created_by,
        comment=silence.comment,
        now=unit.now,
    )


async def _own(unit: Unit, source: Integration, text: str) -> Silence:
    """A silence that was made through this integration; those of others do not exist for it.

    Raises:
        Missing: there is none of that id.
    """
    found = await silence_store.by_id(unit.conn, UUID(text)) if _is_identifier(text) else None
    if found is None or found.integration_id != source.id:
        raise Missing("There is no such silence.", "`amtool silence query` lists those of this integration.")
    return found


def _is_identifier(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
