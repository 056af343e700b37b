"""What somebody does in a chat, as every chat tells it: a pressed button, or a text. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

VERBS = {"ack": "acknowledge", "esc": "escalate", "acknowledge": "acknowledge", "escalate": "escalate"}
"""What buttons carry, with the verb that it means."""
LONGEST_TEXT = 1000


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of ours was pressed by `who` (the provider's id); `back` is where the answer is to be said."""

    delivery_id: UUID
    verb: str
    who: str
    back: str


@dataclass(frozen=True, slots=True)
class Wrote:
    """`who` wrote to the bot; `start` is the code of a `/start`, empty when none was given, None when it was none."""

    text: str
    who: str
    back: str
    start: str | None = None


def part_of(value: Any, name: str) -> Mapping[str, Any]:
    """A mapping within one; empty where there is none."""
    part = value.get(name) if isinstance(value, dict) else None
    return part if isinstance(part, dict) else {}


def text_of(value: Any) -> str:
    """A text; empty where it is none."""
    return value if isinstance(value, str) else ""


def number_of(value: Any) -> str:
    """A whole number as text; empty where it is none."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def uuid_of(value: Any) -> UUID | None:
    """An identifier; None where it is none."""
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
