"""Names in Muster for things that have titles elsewhere; the same export always leads to the same names."""

import re
import unicodedata
from collections.abc import Collection, Iterable

from muster.people.rules import RESERVED

LONGEST = 63
_OTHER = re.compile(r"[^a-z0-9._-]+")


def slug(title: str, otherwise: str = "unnamed", longest: int = LONGEST) -> str:
    """A title as a name: accents and signs fall away; `otherwise` where nothing is left."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"-{2,}", "-", _OTHER.sub("-", plain)).strip("._-")[:longest].strip("._-")
    return found if found and found not in RESERVED else f"{otherwise}-{found}".strip("-")[:longest]


def distinct(name: str, taken: Collection[str], longest: int = LONGEST) -> str:
    """The name, or with the least number that makes it different from those that are taken."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name[: longest - len(str(number)) - 1]}-{number}"
    return found


def names_of(titles: Iterable[tuple[str, str]], otherwise: str, prefix: str = "") -> dict[str, str]:
    """A name for each (id, title). Of equal ones the lesser id has the plain name, so that order does not matter."""
    names: dict[str, str] = {}
    for id, title in sorted(titles, key=lambda titled: (slug(titled[1], otherwise), titled[0])):
        names[id] = distinct(f"{prefix}{slug(title, otherwise, LONGEST - len(prefix))}", set(names.values()))
    return names
