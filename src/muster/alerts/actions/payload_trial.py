"""Trying a payload on an integration as it is or might be: read by the very reader of the intake, and nothing is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from muster.alerts.integration import Integration
from muster.alerts.integration_draft import Forms, option_faults
from muster.alerts.payload_tree import Leaf, leaves
from muster.alerts.port import Parser, Request
from muster.alerts.signal import Signal
from muster.base.access import Permission
from muster.base.unit import Unit
from muster.kit.errors import Fault, Malformed


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a payload would become; `faults` say why it would be refused, or what is wrong with the options tried."""

    signals: tuple[Signal, ...] = ()
    changes: int = 0
    warnings: tuple[Fault, ...] = ()
    faults: tuple[Fault, ...] = ()
    fields: tuple[Leaf, ...] = ()


def try_payload(
    unit: Unit,
    integration: Integration,
    request: Request,
    parser: Parser,
    forms: Forms,
    options: Mapping[str, Any] | None = None,
) -> Attempt:
    """Read a request as an integration would, with other options where they are given."""
    unit.allow(Permission.SIGNAL_SEND)
    fields = tuple(leaves(request.body.decode("utf-8", "replace")))
    form = forms.get(integration.format)
    wrong = tuple(option_faults(form, options, forms)) if form is not None and options is not None else ()
    tried = integration if options is None else replace(integration, options=dict(options))
    try:
        parsed = parser.parse(tried, request)
    except Malformed as refusal:
        return Attempt(faults=(*wrong, *refusal.faults), fields=fields)
    return Attempt(parsed.signals, len(parsed.changes), parsed.warnings, (*wrong, *parsed.faults), fields)
