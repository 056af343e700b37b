"""What carriers wrap around a report: JSON inside a string, and the envelope of Amazon SNS."""

from typing import Any

from muster.inbound.generic.words import ENVELOPES
from muster.inbound.json_body import load_json
from muster.inbound.places import squeezed
from muster.kit.errors import Malformed

_DEEPEST = 3
_MOST = 20
_LONGEST = 1_000_000
_SNS_OWN = ("Signature", "SignatureVersion", "SigningCertURL", "SigningCertUrl", "UnsubscribeURL", "UnsubscribeUrl")
_SNS_ASKS = ("SubscriptionConfirmation", "UnsubscribeConfirmation")


def unpacked(document: Any) -> Any:
    """The document with JSON objects in place of the strings that hold them, where a field of that name holds a report."""
    if not isinstance(document, dict):
        return document
    return _opened(document, 0, [_MOST]) if not is_sns(document) else _of_sns(document)


def is_sns(document: Any) -> bool:
    """Whether this is the envelope that Amazon SNS posts."""
    return isinstance(document, dict) and "TopicArn" in document and "MessageId" in document and "Type" in document


def asks_to_confirm(document: Any) -> bool:
    """Whether Amazon SNS asks to confirm a subscription, or tells that one has ended: no report of anything."""
    return is_sns(document) and document["Type"] in _SNS_ASKS


def _of_sns(document: dict[str, Any]) -> dict[str, Any]:
    """The message with its subject; what only SNS itself needs is left out."""
    kept = {name: value for name, value in document.items() if name not in (*_SNS_OWN, "MessageId", "Type")}
    inside = _inside(kept.get("Message"))
    return kept if inside is None else {**_opened(inside, 1, [_MOST]), "TopicArn": document["TopicArn"]}


def _opened(record: dict[str, Any], depth: int, left: list[int]) -> dict[str, Any]:
    return {name: _value(name, value, depth, left) for name, value in record.items()}


def _value(name: str, value: Any, depth: int, left: list[int]) -> Any:
    if depth >= _DEEPEST:
        return value
    if isinstance(value, str) and left[0] > 0 and squeezed(name) in ENVELOPES:
        left[0] -= 1
        inside = _inside(value)
        return value if inside is None else _opened(inside, depth + 1, left)
    return _opened(value, depth + 1, left) if isinstance(value, dict) else value


def _inside(text: Any) -> dict[str, Any] | None:
    if (
        not isinstance(text, str)
        or len(text) > _LONGEST
        or not (text.lstrip().startswith("{") and text.rstrip().endswith("}"))
    ):
        return None
    try:
        found = load_json(text.encode("utf-8", "replace"))
    except Malformed:
        return None
    return found if isinstance(found, dict) else None
