"""Options of an integration: what a format does not have is refused when it is set, not passed over in silence."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.inbound.text import shorten
from muster.kit.errors import Fault
from muster.kit.nearest import did_you_mean


def unknown_options(options: Mapping[str, Any], known: Iterable[str] = ()) -> tuple[Fault, ...]:
    """A fault for each option that is not among the known ones."""
    names = tuple(known)
    return tuple(
        Fault(shorten(str(name), 80), "There is no such option.", _fix(str(name), names))
        for name in options
        if name not in names
    )


def _fix(name: str, names: tuple[str, ...]) -> str:
    return did_you_mean(name, names) if names else "This format has no options; leave them out."
