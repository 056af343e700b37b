"""An incident's timeline."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel

from muster.base.access import Permission
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.incidents.actions.guard import existing
from muster.incidents.api.parts import Ref
from muster.incidents.timeline import TimelineEntry, line
from muster.ledger import store as ledger
from muster.ledger.event_kind import EventKind, by_name

router = api_router("/incidents", "incidents")


class TimelineEntryOut(BaseModel):
    """One line of the timeline; the ledger holds the event itself under `position`."""

    position: int
    seq: int
    at: datetime
    kind: str
    icon: str
    weight: str
    actor: str
    via: str
    what: str
    detail: str
    note: str
    reasons: list[str]

    @classmethod
    def of(cls, entry: TimelineEntry) -> "TimelineEntryOut":
        """From the domain value."""
        return cls(
            **{name: getattr(entry, name) for name in cls.model_fields if name != "reasons"}, reasons=[*entry.reasons]
        )


@router.get("/{ref}/timeline")
@needs(Permission.INCIDENT_READ)
async def show_timeline(
    unit: Uses,
    ref: Ref,
    order: Annotated[Literal["oldest", "newest"], Query(description="Which comes first.")] = "oldest",
    after: After = None,
    limit: Limit = 50,
) -> Page[TimelineEntryOut]:
    """Show what happened, who did it, and why."""
    incident = await existing(unit.conn, ref)
    cursor = decode(after, int)
    if order == "newest":
        chosen = ledger.StoredEntryFilter(stream=incident.stream)
        rows = await ledger.newest(unit.conn, chosen, limit + 1, cursor[0] if cursor else None)
        kept, following = page_of(rows, limit, lambda entry: (entry.position,))
    else:
        rows = await ledger.of_stream(unit.conn, incident.stream, cursor[0] if cursor else 0, limit + 1)
        kept, following = page_of(rows, limit, lambda entry: (entry.seq,))
    kinds = by_name(unit.ports.of(EventKind))
    return Page(items=[TimelineEntryOut.of(line(entry, kinds)) for entry in kept], next=following)
