"""How one person is paged: their rules in a form, in words, and tried out for any hour before the night shows it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Asked, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.kit.errors import Fault, Invalid
from muster.kit.localtime import to_instant, to_local
from muster.paging.actions.preview import foretold
from muster.paging.preview_words import PagePreview
from muster.people import store as people
from muster.people.actions.guard import CHANGED, existing_person
from muster.people.actions.notify import set_notify
from muster.people.api.contacts import sees_addresses
from muster.people.api.parts import reach_of
from muster.people.notify import MOST_RULES
from muster.people.notify_form import Quiet, Row, fields_of, quiet_of, read_rows, rows_of
from muster.people.notify_words import sentences
from muster.people.person import Person
from muster.plan import store as plans

SPARE = 1
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
router = page_router()


@template("paging/notify.html")
@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPaging:
    """How a person is paged: in `words`, tried out by severity at a time of day, and as rows of a form."""

    person: Person
    mine: bool
    may_change: bool
    words: Sequence[str]
    tries: Sequence[PagePreview]
    at: str
    at_fault: Fault | None
    ranks: Mapping[str, int]
    rows: Sequence[Row]
    quiet: Quiet
    faults: Mapping[str, Fault]
    kinds: Sequence[str]
    topics: Sequence[str] = (CHANGED,)


@router.get("/me/paging")
@needs(Permission.SELF_MANAGE)
async def my_paging(unit: Uses, request: Request, at: Asked = "") -> Response:
    """How one is paged oneself."""
    return await _page(unit, request, unit.principal.name, at)


@router.get("/settings/people/{name}/paging")
@needs(Permission.PERSON_READ)
async def paging_of(unit: Uses, request: Request, name: str, at: Asked = "") -> Response:
    """How a person is paged."""
    return await _page(unit, request, name, at)


@router.post("/settings/people/{name}/paging")
@needs(Permission.SELF_MANAGE)
async def do_change_paging(unit: Uses, request: Request, name: str) -> Response:
    """Replace a person's rules and quiet hours."""
    form = {key: str(value)[:500] for key, value in (await request.form(max_fields=200)).items()}
    rows = [
        Row(*(form.get(f"{part}-{number}", "") for part in ("severity", "hours", "do"))) for number in range(MOST_RULES)
    ]
    quiet = Quiet(form.get("quiet-hours", ""), form.get("quiet-pierced", ""))
    try:
        await set_notify(unit, name, read_rows(rows, quiet), reach_of(request))
    except Invalid as problem:
        return await _page(unit, request, name, "", rows, quiet, problem)
    return see_other(f"/settings/people/{name}/paging")


async def _page(
    unit: Unit,
    request: Request,
    name: str,
    at: str,
    rows: Sequence[Row] | None = None,
    quiet: Quiet | None = None,
    problem: Invalid | None = None,
) -> Response:
    person = await existing_person(unit.conn, name)
    said = (await people.notify_of(unit.conn, [person.id]))[person.id]
    kinds = reach_of(request).kinds
    labels = {kind.kind: kind.label for kind in kinds}
    contacts = (await people.contacts_of(unit.conn, [person.id]))[person.id]
    moment, fault = _moment(at, person.time_zone, unit.now)
    written = [row for row in rows if not row.empty] if rows is not None else rows_of(said)
    shown = list(rows[: len(rows) - _blank(rows)]) if rows is not None else written
    version = await plans.in_force(unit.conn)
    view = PersonPaging(
        person=person,
        mine=person.name == unit.principal.name,
        may_change=sees_addresses(unit, person) and person.active,
        words=sentences(said, labels),
        tries=await foretold(unit, name, moment, labels),
        at=f"{to_local(moment, person.time_zone):%H:%M}",
        at_fault=fault,
        ranks={name: rank for rank, name in enumerate(version.plan.severities, 1)} if version else {},
        rows=[*shown, *([Row()] * min(SPARE, MOST_RULES - len(shown)))],
        quiet=quiet or quiet_of(said),
        faults=fields_of(problem) if problem else {},
        kinds=sorted({contact.kind for contact in contacts}),
    )
    return render(request, view, status=problem.status if problem else 200)


def _blank(rows: Sequence[Row]) -> int:
    """How many rows at the end are empty."""
    return next((number for number, row in enumerate(reversed(rows)) if not row.empty), len(rows))


def _moment(text: str, zone: str, now: datetime) -> tuple[datetime, Fault | None]:
    """The next time that the person's clock shows an hour; 03:00 where none was asked for."""
    read = _CLOCK.fullmatch(text.strip() or "03:00")
    if read is None:
        return now, Fault("at", f"`{text:.20}` is not a time of day.", "Write it like 03:00.")
    local = to_local(now, zone).replace(hour=int(read[1]), minute=int(read[2]), second=0, microsecond=0)
    instant = to_instant(local, zone)
    return (instant if instant >= now else to_instant(local + timedelta(days=1), zone)), None
