"""Options of an integration: what a format does not have is refused when it is set, not passed over in silence."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.kit.errors import Fault


def unknown_options(options: Mapping[str, Any], known: Iterable[str] = ()) -> tuple[Fault, ...]:
    """A fault for each option that is not among the known ones."""
    names = tuple(known)
    fix = f"Use {', '.join(names)}." if names else "This format has no options; leave them out."
    return tuple(Fault(str(name), "There is no such option.", fix) for name in options if name not in names)
