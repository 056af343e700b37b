"""Raw signals: what was received, as it was received as far as the reader may see it, also what was refused and why."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from muster.alerts.actions import verdicts
from muster.alerts.actions.integrations import existing
from muster.alerts.api.parts import names_of
from muster.alerts.api.shapes import FaultOut, Text
from muster.alerts.listing import one_of
from muster.alerts.masked import inspects, masked_headers, readable_body
from muster.alerts.store import signals as store
from muster.alerts.store.signals import RawSignal
from muster.base.access import Permission, Principal
from muster.base.unit import Unit
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.kit.errors import Missing
from muster.kit.masking import mask_text

OUTCOMES = ("", "accepted", "malformed", "deferred")
router = api_router("", "alerts")


class SignalOut(BaseModel):
    """A request as it came in. `body` is its text, or base64 where it is no UTF-8 (`encoding` says which); in lists it is
    cut where `size` is more bytes than it holds. Whoever may not inspect signals gets the text with what looks like a secret
    hidden (`inspected` is false).

    `faults` say why it was refused, or what was odd about it though it was accepted.
    """

    id: UUID
    integration: str
    received_at: datetime
    path: str
    headers: dict[str, str]
    outcome: str
    faults: list[FaultOut]
    size: int
    encoding: str
    inspected: bool
    body: str

    @classmethod
    def of(cls, signal: RawSignal, names: dict[UUID, str], reader: Principal) -> "SignalOut":
        """From the row, as this reader may see it."""
        text, encoding = readable_body(signal.body, reader)
        return cls(
            id=signal.id,
            received_at=signal.received_at,
            outcome=signal.outcome,
            integration=names.get(signal.integration_id, ""),
            path=mask_text(signal.path),
            headers=masked_headers(signal.headers),
            faults=[_fault(fault) for fault in signal.faults],
            size=len(signal.body) if signal.size is None else signal.size,
            encoding=encoding,
            inspected=inspects(reader),
            body=text,
        )


@router.get("/alerts/{id}/signals")
@needs(Permission.ALERT_READ)
async def signals_of_alert(unit: Uses, id: UUID, limit: Limit = 50) -> Page[SignalOut]:
    """List the raw signals that changed an alert, and the last one, newest first, as long as they are kept."""
    alert = await verdicts.existing(unit, id)
    rows = await store.of_alert(unit.conn, alert.id, limit)
    names = await names_of(unit)
    return Page(items=[SignalOut.of(row, names, unit.principal) for row in rows])


@router.get("/signals")
@needs(Permission.ALERT_READ)
async def list_signals(
    unit: Uses, integration: Text = "", outcome: Text = "", after: After = None, limit: Limit = 50
) -> Page[SignalOut]:
    """List what was received lately, newest first; `outcome` is accepted, malformed or deferred."""
    one_of("outcome", outcome, OUTCOMES)
    chosen = (await existing(unit, integration)).id if integration else None
    cursor = decode(after, datetime, UUID)
    rows = await store.newest(unit.conn, chosen, outcome, limit + 1, (cursor[0], cursor[1]) if cursor else None)
    kept, following = page_of(rows, limit, lambda row: (row.received_at, row.id))
    names = await names_of(unit)
    return Page(items=[SignalOut.of(row, names, unit.principal) for row in kept], next=following)


@router.get("/signals/{id}")
@needs(Permission.ALERT_READ)
async def show_signal(unit: Uses, id: UUID) -> SignalOut:
    """Show one raw signal."""
    return await signal_out(unit, id)


async def signal_out(unit: Unit, id: UUID) -> SignalOut:
    """A raw signal as its reader may see it.

    Raises:
        Missing: there is none.
    """
    row = await store.by_id(unit.conn, id)
    if row is None:
        rule = "Raw signals are kept for a time: MUSTER_KEEP_SIGNALS says how many days."
        raise Missing("There is no such signal.", rule)
    return SignalOut.of(row, await names_of(unit), unit.principal)


def _fault(data: dict[str, Any]) -> FaultOut:
    return FaultOut(**{name: mask_text(str(data.get(name, ""))) for name in FaultOut.model_fields})
