"""Compares what clients of an earlier version rely on with what the code offers now.

More may always be offered: operations, fields of answers, optional parameters, values that a request may have. What was there
stays as it was, and so does who may use it.
"""

import re
from collections.abc import Iterator

from tests.upgrade.shape import Shapes

_FIXED = re.compile(r"(\d\d\d|refusal|needs)\b")
_OPTIONAL = ", optional"


def broken(before: Shapes, now: Shapes) -> list[str]:
    """What a client of before would miss or be refused, each as a sentence that begins with its place."""
    return [sentence for name, lines in before.items() for sentence in _broken(name, lines, now.get(name))]


def _broken(name: str, before: dict[str, str], now: dict[str, str] | None) -> Iterator[str]:
    if now is None:
        yield f"{name} is gone"
        return
    for place, words in before.items():
        if place not in now:
            yield f"{name} {place} is gone (was {words})"
        elif not (_same if _FIXED.match(place) else _accepts)(now[place], words):
            yield f"{name} {place} is {now[place]} (was {words})"
    for place in now.keys() - before.keys():
        if not _FIXED.match(place) and not now[place].endswith(_OPTIONAL) and _belongs(place, before):
            yield f"{name} {place} is new and required"


def _same(now: str, before: str) -> bool:
    """Whether an answer has the same types, and the field whenever it had it before; a text may say which texts it can be."""
    always = now == before or not now.endswith(_OPTIONAL)
    texts = {value for value in _values(now) if value.startswith("'")}
    narrowed = (_values(now) - texts) | {"string"} if texts else _values(now)
    return always and _values(before) in (_values(now), narrowed)


def _accepts(now: str, before: str) -> bool:
    """Whether every request of before is still taken."""
    looser = now.endswith(_OPTIONAL) or not before.endswith(_OPTIONAL)
    return looser and _values(before) <= _values(now)


def _values(words: str) -> set[str]:
    return set(words.removesuffix(_OPTIONAL).split(" | "))


def _belongs(place: str, before: dict[str, str]) -> bool:
    """Whether a request of before has what a new field is part of, and its fields were told: an object of which nothing was
    told had them as well."""
    whole = re.sub(r" ?(\.[^.\[{]+|\[\]|\{\})$", "", place)
    told = any(
        other.startswith((f"{whole} .", f"{whole}.", f"{whole}[", f"{whole}{{", f"{whole} {{")) for other in before
    )
    return whole == place or (whole in before and told)
