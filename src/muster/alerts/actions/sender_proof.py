"""What a request says, as far as its sender is to be believed."""

from dataclasses import replace

from muster.alerts.integration import Integration
from muster.alerts.port import Parsed, Parser, Request, SenderCheck, Unproven
from muster.base.aside import report_aside
from muster.kit.errors import Unauthenticated

LARGE = 128 * 1024
"""Bytes above which a report takes long enough to read to delay others' alerts."""


async def believed(
    parser: Parser, sender_check: SenderCheck | None, integration: Integration, request: Request
) -> Parsed:
    """Read a request, unless it is forged; where that cannot be told, it may wake people but end nothing.

    Raises:
        Malformed. Unauthenticated: it is not its sender's. Unproven: that cannot be told, and it would end something.
    """
    doubt = None
    if sender_check is not None and sender_check.asks(integration):
        doubt = await sender_check.doubt(integration, request)
    if doubt is not None and doubt.forged:
        raise Unauthenticated("The request does not prove who sent it.", faults=[doubt.reason])
    if len(request.body) > LARGE:
        parsed = await report_aside(parser.parse, integration, request)
    else:
        parsed = parser.parse(integration, request)
    if doubt is None:
        return parsed
    if parsed.changes or any(signal.status != "firing" for signal in parsed.signals):
        raise Unproven("Muster cannot tell whether this comes from its sender.", faults=[doubt.reason])
    return replace(parsed, warnings=(doubt.reason, *parsed.warnings))
