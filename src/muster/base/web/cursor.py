"""Pages of long lists: a cursor names the last row that was seen, so that rows that come and go shift nothing."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from fastapi import Query
from pydantic import BaseModel

from muster.kit.errors import Fault, Invalid

Item = TypeVar("Item")
Row = TypeVar("Row")

Limit = Annotated[int, Query(ge=1, le=500, description="How many to return.")]
After = Annotated[str | None, Query(max_length=500, description="The `next` of the page before.")]


class Page(BaseModel, Generic[Item]):
    """One page of a list; `next` is absent on the last."""

    items: list[Item]
    next: str | None = None


def encode(*key: Any) -> str:
    """A cursor for a row's sort key (JSON values, datetimes as text)."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def decode(cursor: str | None, *types: type) -> tuple[Any, ...] | None:
    """The sort key in a cursor, each part converted to its type; None for the first page.

    Raises:
        Invalid: the cursor is not one that this list gave out.
    """
    if cursor is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        parts = msgspec.json.decode(raw, type=list)
        if len(parts) != len(types):
            raise ValueError
        return tuple(msgspec.convert(part, kind) for part, kind in zip(parts, types, strict=True))
    except (binascii.Error, msgspec.MsgspecError, ValueError, UnicodeError):
        fault = Fault("after", "This is not a cursor of this list.", "Use the `next` of the page before, unchanged.")
        raise Invalid("The cursor is unusable.", faults=[fault]) from None


def page_of(rows: Sequence[Row], limit: int, key: Callable[[Row], tuple[Any, ...]]) -> tuple[list[Row], str | None]:
    """Cut `limit + 1` fetched rows to a page and the cursor of the next."""
    kept = list(rows[:limit])
    return kept, encode(*key(kept[-1])) if len(rows) > limit else None
