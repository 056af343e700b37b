"""Silences and maintenance windows in the browser."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Form, Request, Response
from pydantic import BaseModel, StringConstraints

from muster.alerts.actions import silences, verdicts
from muster.alerts.alert import Alert
from muster.alerts.api.parts import names_of
from muster.alerts.api.shapes import SilenceOut
from muster.alerts.api.silences import length_of
from muster.alerts.listing import AlertFilter
from muster.alerts.matchers import Matcher
from muster.alerts.pages.parts import TABS, Row, Typed, row
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
from muster.base.web.typed import Tab, template
from muster.kit.errors import Fault, Invalid
from muster.kit.localtime import to_instant

PAGE, MOST_SHOWN = 50, 20
LENGTHS = (("30m", "30 minutes"), ("1h", "1 hour"), ("2h", "2 hours"), ("4h", "4 hours"), ("8h", "8 hours"),
           ("1d", "1 day"), ("3d", "3 days"), ("7d", "a week"), ("until", "until…"))  # fmt: skip
UNTIL = "until"
KINDS: dict[str, Literal["silence", "maintenance"]] = {"silence": "silence", "maintenance": "maintenance"}
TELLING = ("alertname", "service", "instance", "job", "cluster", "namespace", "resource")
Line = Annotated[str, StringConstraints(max_length=20_000)]
router = page_router()


class SilenceForm(BaseModel):
    """A new silence as typed; times are on the clock of who types. `preview` asks what it would hold back."""

    kind: Line = "silence"
    matchers: Line = ""
    length: Line = ""
    start: Line = ""
    end: Line = ""
    comment: Line = ""
    preview: Line = ""

    def draft(self, zone: str, now: datetime) -> SilenceDraft:
        """What is asked for.

        Raises:
            Invalid: with everything that is wrong about it, by field of the form.
        """
        matchers, faults = read_matchers(self.matchers)
        starts_at = _local("start", self.start, zone, faults) or now
        ends_at = _local("end", self.end, zone, faults)
        if self.length not in ("", UNTIL):
            ends_at = starts_at + length_of(self.length)
        elif ends_at is None and not any(fault.field == "end" for fault in faults):
            faults.append(Fault("end", "It does not say until when.", "Choose how long, or a time."))
        kind, end = KINDS.get(self.kind, "silence"), ends_at or now + timedelta(hours=1)
        draft = SilenceDraft(kind, matchers, starts_at, end, self.comment)
        fields = {fault.field for fault in faults}
        faults += [_renamed(fault) for fault in draft.faults(now) if fault.field not in fields]
        if faults:
            raise Invalid("This silence cannot be made.", faults=faults)
        return draft


@template("alerts/silences.html")
@dataclass(frozen=True, slots=True)
class SilenceList:
    """Silences and maintenance windows, of the view that is `current`."""

    rows: Sequence[SilenceOut]
    views: Sequence[Tab]
    current: str
    previous: str
    following: str
    tabs: Sequence[Tab] = TABS
    topics: Sequence[str] = ("silences",)


@template("alerts/silence.html")
@dataclass(frozen=True, slots=True)
class SilencePage:
    """One silence and the alerts that it holds back now."""

    silence: SilenceOut
    rows: Sequence[Row]
    more: bool
    topics: Sequence[str] = ("silences", "alerts")


@template("alerts/silence_new.html")
@dataclass(frozen=True, slots=True)
class SilenceFormPage:
    """The form for a silence; with `preview`, `rows` are what it would hold back."""

    typed: SilenceForm
    faults: Mapping[str, Fault]
    problem: Invalid | None
    preview: bool
    rows: Sequence[Row]
    more: bool
    lengths: Sequence[tuple[str, str]] = LENGTHS


@router.get("/silences")
@needs(Permission.ALERT_READ)
async def silences_page(unit: Uses, request: Request, view: Asked = "Current", after: Asked = "") -> Response:
    """List silences."""
    cursor = decode(after or None, datetime, UUID)
    since = None if view == "All" else unit.now
    rows = await store.newest(unit.conn, PAGE + 1, (cursor[0], cursor[1]) if cursor else None, since)
    kept, following = page_of(rows, PAGE, lambda silence: (silence.ends_at, silence.id))
    page = SilenceList(
        rows=[SilenceOut.of(silence, unit.now, {}) for silence in kept],
        views=[Tab(label, address("/silences", {"view": label})) for label in ("Current", "All")],
        current=view if view == "All" else "Current",
        previous=address("/silences", {"view": view}) if cursor else "",
        following=address("/silences", {"view": view, "after": following}) if following else "",
    )
    return render(request, page)


@router.get("/silences/new")
@needs(Permission.ALERT_SILENCE)
async def new_silence_page(
    unit: Uses, request: Request, matchers: Typed = "", alert: Asked = "", kind: Asked = "silence"
) -> Response:
    """Ask for a new silence, for an alert's labels if one is named."""
    if alert:
        matchers = _matchers_for(await verdicts.existing(unit, _uuid(alert)))
    typed = SilenceForm(kind=kind, matchers=matchers, length="2h")
    return await _form(unit, request, typed, preview=bool(matchers))


@router.post("/silences")
@needs(Permission.ALERT_SILENCE)
async def do_create_silence(unit: Uses, request: Request, typed: Annotated[SilenceForm, Form()]) -> Response:
    """Create a silence, or show what it would hold back."""
    if typed.preview:
        return await _form(unit, request, typed, preview=True)
    try:
        silence = await silences.create(unit, typed.draft(request.state.view.zone, unit.now))
    except Invalid as problem:
        return await _form(unit, request, typed, problem)
    return see_other(f"/silences/{silence.id}")


@router.get("/silences/{id}")
@needs(Permission.ALERT_READ)
async def silence_page(unit: Uses, request: Request, id: UUID) -> Response:
    """Show a silence and what it holds back."""
    silence = await silences.existing(unit, id)
    names = await names_of(unit)
    alerts = await _held(unit, silence)
    rows = [row(alert, names) for alert in alerts]
    return render(request, SilencePage(SilenceOut.of(silence, unit.now, names), rows, more=len(alerts) == PAGE))


@router.post("/silences/{id}/prolong")
@needs(Permission.ALERT_SILENCE)
async def do_prolong(unit: Uses, id: UUID, length: Field = "1h") -> Response:
    """Let a silence last longer than it would."""
    now = await silences.existing(unit, id)
    ends_at = max(now.ends_at, unit.now) + length_of(length)
    draft = SilenceDraft(now.kind, now.matchers, now.starts_at, ends_at, now.comment)
    await silences.change(unit, id, draft, comment_needed=False)
    return see_other(f"/silences/{id}")


@router.post("/silences/{id}/expire")
@needs(Permission.ALERT_SILENCE)
async def do_expire(unit: Uses, id: UUID, reason: Field = "") -> Response:
    """End a silence now."""
    await silences.expire(unit, id, reason.strip()[:2000])
    return see_other(f"/silences/{id}")


async def _form(
    unit: Unit, request: Request, typed: SilenceForm, problem: Invalid | None = None, *, preview: bool = False
) -> Response:
    matchers, faults = read_matchers(typed.matchers)
    faults = faults or matcher_faults(matchers)
    alerts: list[Alert] = []
    if not faults:
        alerts, _ = await lists.newest(unit.conn, AlertFilter(held="none", matchers=matchers), MOST_SHOWN + 1)
    elif preview and typed.matchers.strip():
        problem = Invalid("The matchers cannot be used.", faults=faults)
    names = await names_of(unit)
    shown = by_field(problem)
    page = SilenceFormPage(
        typed=typed,
        faults=shown,
        problem=problem if problem and not shown else None,
        preview=preview and not problem,
        rows=[row(alert, names) for alert in alerts[:MOST_SHOWN]],
        more=len(alerts) > MOST_SHOWN,
    )
    return render(request, page, status=422 if problem else 200)


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
    alerts, _ = await lists.newest(unit.conn, chosen, PAGE)
    return [alert for alert in alerts if alert.hold_ref == silence.id]


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
