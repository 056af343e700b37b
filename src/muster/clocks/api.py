"""Running deadlines, soonest first."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from muster.base.access import Permission
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.clocks import store
from muster.clocks.clock import RunningClock

router = api_router("/clocks", "clocks")


class ClockOut(BaseModel):
    """A deadline; `subject` is the ledger stream that it belongs to."""

    id: UUID
    subject: str
    kind: str
    label: str
    state: str
    started_at: datetime
    due_at: datetime

    @classmethod
    def of(cls, clock: RunningClock) -> "ClockOut":
        """From the domain value."""
        return cls(
            id=clock.id,
            subject=clock.subject,
            kind=clock.kind,
            label=clock.label,
            state=clock.state,
            started_at=clock.started_at,
            due_at=clock.due_at,
        )


@router.get("")
@needs(Permission.CLOCK_READ)
async def running_clocks(unit: Uses, after: After = None, limit: Limit = 50) -> Page[ClockOut]:
    """List the running clocks."""
    rows = await store.next_due(unit.conn, limit + 1, decode(after, datetime, UUID))
    clocks, following = page_of(rows, limit, lambda clock: (clock.due_at, clock.id))
    return Page(items=[ClockOut.of(clock) for clock in clocks], next=following)
