"""Silences and maintenance windows in the browser."""

from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from fastapi import Request, Response

from muster.alerts.actions import silences, verdicts
from muster.alerts.alert import Alert
from muster.alerts.api.parts import names_of
from muster.alerts.api.silences import length_of
from muster.alerts.listing import AlertFilter
from muster.alerts.matchers import Matcher
from muster.alerts.pages.parts import TABS, Typed, row
from muster.alerts.silence import Silence
from muster.alerts.silence_draft import SilenceDraft, matcher_faults, read_matchers
from muster.alerts.store import lists
from muster.alerts.store import silences as store
from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.cursor import decode, page_of
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Asked, Field, address, by_field, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.kit.errors import Fault, Invalid
from muster.kit.localtime import to_instant

PAGE, MOST_SHOWN = 50, 20
LENGTHS = (("30m", "30 minutes"), ("1h", "1 hour"), ("2h", "2 hours"), ("4h", "4 hours"), ("8h", "8 hours"),
           ("1d", "1 day"), ("3d", "3 days"), ("7d", "a week"))  # fmt: skip
UNTIL = "until"
KINDS: dict[str, Literal["silence", "maintenance"]] = {"silence": "silence", "maintenance": "maintenance"}
TELLING = ("alertname", "service", "instance", "job", "cluster", "namespace", "resource")
router = page_router()


@router.get("/silences")
@needs(Permission.ALERT_READ)
async def silences_page(unit: Uses, request: Request, view: Asked = "Current", after: Asked = "") -> Response:
    """List silences."""
    cursor = decode(after or None, datetime, UUID)
    since = None if view == "All" else unit.now
    rows = await store.newest(unit.conn, PAGE + 1, (cursor[0], cursor[1]) if cursor else None, since)
    kept, following = page_of(rows, PAGE, lambda silence: (silence.ends_at, silence.id))
    views = [{"label": label, "url": address("/silences", {"view": label})} for label in ("Current", "All")]
    return render(
        request,
        "alerts/silences.html",
        tabs=TABS,
        views=views,
        current=view if view == "All" else "Current",
        rows=[_shown(silence, unit) for silence in kept],
        previous=address("/silences", {"view": view}) if cursor else "",
        following=address("/silences", {"view": view, "after": following}) if following else "",
        topics=["silences"],
    )


@router.get("/silences/new")
@needs(Permission.ALERT_SILENCE)
async def new_silence_page(
    unit: Uses, request: Request, matchers: Typed = "", alert: Asked = "", kind: Asked = "silence"
) -> Response:
    """Ask for a new silence, for an alert's labels if one is named."""
    if alert:
        matchers = _matchers_for(await verdicts.existing(unit, _uuid(alert)))
    typed = {"kind": kind, "matchers": matchers, "length": "2h", "start": "", "end": "", "comment": ""}
    return await _form(unit, request, typed, preview=bool(matchers))


@router.post("/silences")
@needs(Permission.ALERT_SILENCE)
async def do_create_silence(
    unit: Uses,
    request: Request,
    kind: Field = "silence",
    matchers: Field = "",
    length: Field = "",
    start: Field = "",
    end: Field = "",
    comment: Field = "",
    preview: Field = "",
) -> Response:
    """Create a silence, or show what it would hold back."""
    typed = {"kind": kind, "matchers": matchers, "length": length, "start": start, "end": end, "comment": comment}
    if preview:
        return await _form(unit, request, typed, preview=True)
    try:
        silence = await silences.create(unit, _draft(unit, request, typed))
    except Invalid as problem:
        return await _form(unit, request, typed, problem)
    return see_other(f"/silences/{silence.id}")


@router.get("/silences/{id}")
@needs(Permission.ALERT_READ)
async def silence_page(unit: Uses, request: Request, id: UUID) -> Response:
    """Show a silence and what it holds back."""
    silence = await silences.existing(unit, id)
    names = await names_of(unit)
    found = await _held(unit, silence)
    return render(
        request,
        "alerts/silence.html",
        silence=_shown(silence, unit),
        integration=names.get(silence.integration_id, "") if silence.integration_id else "",
        rows=[row(alert, names) for alert in found],
        more=len(found) == PAGE,
        topics=["silences", "alerts"],
    )


@router.post("/silences/{id}/prolong")
@needs(Permission.ALERT_SILENCE)
async def do_prolong(unit: Uses, id: UUID, length: Field = "1h") -> Response:
    """Let a silence last longer than it would."""
    now = await silences.existing(unit, id)
    ends_at = max(now.ends_at, unit.now) + length_of(length)
    await silences.change(
        unit, id, SilenceDraft(now.kind, now.matchers, now.starts_at, ends_at, now.comment), comment_needed=False
    )
    return see_other(f"/silences/{id}")


@router.post("/silences/{id}/expire")
@needs(Permission.ALERT_SILENCE)
async def do_expire(unit: Uses, id: UUID, reason: Field = "") -> Response:
    """End a silence now."""
    await silences.expire(unit, id, reason.strip()[:2000])
    return see_other(f"/silences/{id}")


async def _form(
    unit: Unit, request: Request, typed: dict[str, str], problem: Invalid | None = None, *, preview: bool = False
) -> Response:
    matchers, faults = read_matchers(typed["matchers"])
    found: list[Alert] = []
    if not faults and not matcher_faults(matchers):
        found, _ = await lists.newest(unit.conn, AlertFilter(held="none", matchers=matchers), MOST_SHOWN + 1)
    elif preview and typed["matchers"].strip():
        problem = Invalid(
            "The matchers cannot be used.", faults=[*faults, *(matcher_faults(matchers) if not faults else [])]
        )
    names = await names_of(unit)
    shown = by_field(problem)
    return render(
        request,
        "alerts/silence_new.html",
        status=422 if problem else 200,
        typed=typed,
        lengths=[*LENGTHS, (UNTIL, "until…")],
        faults=shown,
        problem=problem if problem and not shown else None,
        preview=preview and not problem,
        rows=[row(alert, names) for alert in found[:MOST_SHOWN]],
        more=len(found) > MOST_SHOWN,
    )


def _draft(unit: Unit, request: Request, typed: dict[str, str]) -> SilenceDraft:
    matchers, faults = read_matchers(typed["matchers"])
    zone = request.state.view.zone
    starts_at = _local("start", typed["start"], zone, faults) or unit.now
    ends_at = _local("end", typed["end"], zone, faults)
    if typed["length"] not in ("", UNTIL):
        ends_at = starts_at + length_of(typed["length"])
    elif ends_at is None and not any(fault.field == "end" for fault in faults):
        faults.append(Fault("end", "It does not say until when.", "Choose how long, or a time."))
    draft = SilenceDraft(
        KINDS.get(typed["kind"], "silence"),
        matchers,
        starts_at,
        ends_at or unit.now + timedelta(hours=1),
        typed["comment"],
    )
    if faults:
        more = [fault for fault in draft.faults(unit.now) if fault.field not in {other.field for other in faults}]
        raise Invalid("This silence cannot be made.", faults=[*faults, *(_renamed(fault) for fault in more)])
    if wrong := draft.faults(unit.now):
        raise Invalid("This silence cannot be made.", faults=[_renamed(fault) for fault in wrong])
    return draft


def _renamed(fault: Fault) -> Fault:
    return Fault("end", fault.rule, fault.fix) if fault.field == "ends_at" else fault


def _local(field: str, text: str, zone: str, faults: list[Fault]) -> datetime | None:
    if not text.strip():
        return None
    try:
        return to_instant(datetime.fromisoformat(text), zone)
    except (ValueError, OverflowError):
        faults.append(Fault(field, f"{text!r} is not a time.", "Write it as 2026-11-22T18:00."))
        return None


async def _held(unit: Unit, silence: Silence) -> list[Alert]:
    if silence.state(unit.now) != "active":
        return []
    chosen = AlertFilter(held="any", matchers=silence.matchers, integration_id=silence.integration_id)
    found, _ = await lists.newest(unit.conn, chosen, PAGE)
    return [alert for alert in found if alert.hold_ref == silence.id]


def _shown(silence: Silence, unit: Unit) -> dict[str, Any]:
    return {
        "id": silence.id,
        "url": f"/silences/{silence.id}",
        "kind": "Maintenance window" if silence.kind == "maintenance" else "Silence",
        "state": silence.state(unit.now),
        "matchers": [matcher.text() for matcher in silence.matchers],
        "starts_at": silence.starts_at,
        "ends_at": silence.ends_at,
        "created_by": silence.created_by,
        "created_at": silence.created_at,
        "comment": silence.comment,
    }


def _matchers_for(alert: Alert) -> str:
    """The labels that tell an alert from others; all of them where it has none of the usual ones."""
    chosen = [name for name in TELLING if alert.labels.get(name)] or sorted(alert.labels)[:10]
    return "\n".join(Matcher(name, alert.labels[name]).text() for name in chosen)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        fault = Fault("alert", "This is not the id of an alert.", "Begin from the alert's page.")
        raise Invalid("There is no such alert.", faults=[fault]) from None
