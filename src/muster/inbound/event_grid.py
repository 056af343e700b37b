"""Azure Event Grid asks whether an address wants its events before it sends any: the answer repeats its code."""

from typing import Any

from muster.inbound.json_body import load_json
from muster.inbound.port import Parsed, Request
from muster.kit.errors import Fault, Malformed

_TYPE = "Microsoft.EventGrid.SubscriptionValidationEvent"
_LOOKED_AT = 4096


def validation(request: Request) -> Parsed | None:
    """The answer to Event Grid's question; None for every other request."""
    if _TYPE.encode() not in request.body[:_LOOKED_AT]:
        return None
    try:
        document = load_json(request.body)
    except Malformed:
        return None
    events = document if isinstance(document, list) else [document]
    code = next((found for event in events if (found := _code(event))), "")
    if not code:
        return None
    asked = Fault("", "Event Grid asked whether it may send here; it was told that it may.")
    return Parsed(warnings=(asked,), reply={"validationResponse": code})


def _code(event: Any) -> str:
    if not isinstance(event, dict) or event.get("eventType", event.get("type")) != _TYPE:
        return ""
    data = event.get("data")
    code = data.get("validationCode") if isinstance(data, dict) else None
    return code if isinstance(code, str) and len(code) <= 200 else ""
