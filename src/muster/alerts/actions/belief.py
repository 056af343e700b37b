"""What a request says, as far as its sender is to be believed."""

from dataclasses import replace

from muster.alerts.integration import Integration
from muster.alerts.port import Doorkeeper, Parsed, Parser, Request, Unproven
from muster.kit.errors import Unauthenticated


async def believed(parser: Parser, doorkeeper: Doorkeeper | None, integration: Integration, request: Request) -> Parsed:
    """Read a request, unless it is forged; where that cannot be told, it may wake people but end nothing.

    Raises:
        Malformed. Unauthenticated: it is not its sender's. Unproven: that cannot be told, and it would end something.
    """
    doubt = None
    if doorkeeper is not None and doorkeeper.asks(integration):
        doubt = await doorkeeper.doubt(integration, request)
    if doubt is not None and doubt.forged:
        raise Unauthenticated("The request does not prove that it is its sender's.", faults=[doubt.reason])
    parsed = parser.parse(integration, request)
    if doubt is None:
        return parsed
    if parsed.changes or any(signal.status != "firing" for signal in parsed.signals):
        raise Unproven("It cannot be told whether this is its sender's.", faults=[doubt.reason])
    return replace(parsed, warnings=(doubt.reason, *parsed.warnings))
