"""Sending a format's own sample through an integration: the real path but for the socket, and nobody is paged.

What becomes of it is an alert with the label muster_test="true", which is held back for that reason and ends by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from muster.alerts.actions.integrations import stream
from muster.alerts.actions.receive import Item, LostRace, receive
from muster.alerts.alert import Alert
from muster.alerts.events import INTEGRATION_TESTED, SIGNAL_SENT
from muster.alerts.integration import Integration
from muster.alerts.integration_draft import FormatForm
from muster.alerts.port import Parsed, Parser, Request
from muster.alerts.signal import Signal
from muster.alerts.transition import TEST_LABEL
from muster.base.access import Permission
from muster.base.unit import Unit
from muster.kit.errors import Fault, Invalid, Unavailable
from muster.ledger.actions import record
from muster.ledger.event import Event

LASTS = timedelta(minutes=2)
PREFIX = "muster-test:"


@dataclass(frozen=True, slots=True)
class TestResult:
    """What the sample became; `warnings` are the format's remarks about it."""

    alerts: tuple[Alert, ...]
    changes: int
    warnings: tuple[Fault, ...]


async def send_sample(
    unit: Unit, integration: Integration, form: FormatForm, parser: Parser, *, recovery: bool = False
) -> TestResult:
    """Put the sample, or the recovery that ends it, through parsing, storing, deduplication and what follows.

    Raises:
        Malformed: this integration's options do not fit its own format's sample. Invalid: its format has no recovery.
    """
    unit.allow(Permission.SIGNAL_SEND)
    if recovery and not form.recovery:
        fault = Fault("recovery", f"{form.title} reports no recovery.", "Send the sample itself.")
        raise Invalid("There is no recovery to send.", faults=[fault])
    body = form.recovery if recovery else form.example
    request = Request(form.path, "POST", form.headers, {}, body, unit.now)
    parsed = parser.parse(integration, request)
    marked = replace(parsed, signals=tuple(_marked(signal, unit) for signal in parsed.signals), changes=())
    alerts = tuple(alert for alert in await _take(unit, Item(integration, request, marked)) if alert is not None)
    data = {
        "name": integration.name,
        "format": form.name,
        "recovery": recovery,
        "alerts": [alert.id for alert in alerts],
    }
    await record(unit, Event(stream(integration), INTEGRATION_TESTED, data))
    return TestResult(alerts, len(parsed.changes), _remarks(parsed))


async def send(unit: Unit, integration: Integration, request: Request, parser: Parser) -> Sequence[Alert | None]:
    """Take a signal that somebody sends by hand, as if its source had.

    Raises:
        Malformed: with every fault; nothing is kept then.
    """
    unit.allow(Permission.SIGNAL_SEND)
    parsed = parser.parse(integration, request)
    alerts = await _take(unit, Item(integration, request, parsed))
    data = {"name": integration.name, "path": request.path, "alerts": [alert.id for alert in alerts if alert]}
    await record(unit, Event(stream(integration), SIGNAL_SENT, data))
    return alerts


async def _take(unit: Unit, item: Item) -> Sequence[Alert | None]:
    try:
        return (await receive(unit, [item]))[0]
    except LostRace:
        raise Unavailable("The same alert came in at the same moment.", "Try again.") from None


def _marked(signal: Signal, unit: Unit) -> Signal:
    return replace(
        signal,
        key=PREFIX + signal.key,
        labels={**signal.labels, TEST_LABEL: "true"},
        ends_at=unit.now + LASTS,
        starts_at=unit.now,
    )


def _remarks(parsed: Parsed) -> tuple[Fault, ...]:
    return (*parsed.faults, *parsed.warnings)
