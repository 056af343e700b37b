"""Tells people what happened to their account, so that they hear of it when it was not them."""

from uuid import UUID

from muster.base.unit import Unit
from muster.people.happenings import AccountChanged
from muster.people.person import Person

NOT_YOU = "If this was not you: sign in, choose Me, and end all access; or call an administrator."


async def tell_owner(unit: Unit, person: Person, title: str, body: str, *, but: UUID | None = None) -> None:
    """Tell a person, by every proved contact `but` the one that was changed; whoever pages sends it."""
    await unit.emit(AccountChanged(person, title, f"{body}\n\n{NOT_YOU}", but))
