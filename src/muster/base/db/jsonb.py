"""JSON columns in batches: `unnest($1::text[])` and a cast, since a list inside of a jsonb[] reads as one more dimension."""

from collections.abc import Iterable

import msgspec


def texts(values: Iterable[object]) -> list[str]:
    """Each value as JSON text; the statement casts it with `::jsonb`."""
    return [msgspec.json.encode(value).decode() for value in values]
