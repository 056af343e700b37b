"""The name that somebody probably meant, so that a refusal can offer it."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name closest to `name`, or None when nothing is near enough to be worth offering."""
    by_folded = {_folded(word): word for word in known}
    matches = get_close_matches(_folded(name), by_folded, n=1, cutoff=0.6)
    return by_folded[matches[0]] if matches else None


def did_you_mean(name: str, known: Iterable[str], *, most: int = 12) -> str:
    """A sentence that helps after an unknown name: the near one if there is one, else what is known (shortened)."""
    names = list(known)
    near = nearest(name, names)
    if near is not None:
        return f"Did you mean `{near}`?"
    if not names:
        return ""
    shown = ", ".join(f"`{name}`" for name in names[:most])
    return f"Known: {shown}{' …' if len(names) > most else ''}."


def _folded(name: str) -> str:
    return name.casefold().replace("-", "_")
