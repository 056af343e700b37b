"""Who is in an incident: who responds, who was asked and since when, who declined, who has not answered. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from muster.paging.page import ASKED, Page, PageState


class Standing(StrEnum):
    """How somebody stands to an incident, the nearest first."""

    RESPONDING = "responding"
    ASKED = "asked"
    SILENT = "silent"
    DECLINED = "declined"


class Answer(Protocol):
    """Somebody's answer to a page."""

    @property
    def page_id(self) -> UUID:
        """The page."""
        ...

    @property
    def person(self) -> str:
        """Their name."""
        ...

    @property
    def at(self) -> datetime:
        """When."""
        ...

    @property
    def coming(self) -> bool:
        """Whether they come."""
        ...

    @property
    def reason(self) -> str:
        """What they said."""
        ...


class Wake(Protocol):
    """Somebody whom a page woke."""

    @property
    def page_id(self) -> UUID:
        """The page."""
        ...

    @property
    def person(self) -> str:
        """Their name."""
        ...

    @property
    def first_at(self) -> datetime:
        """When it first did."""
        ...


@dataclass(frozen=True, slots=True)
class Responder:
    """One person; `what` says in a sentence why they stand so, `page_id` is the page that still asks them."""

    person: str
    standing: Standing
    since: datetime
    what: str
    page_id: UUID | None = None


def responders(
    roles: Mapping[str, tuple[str, datetime]],
    runs: Sequence[Page],
    woken: Sequence[Wake],
    answers: Sequence[Answer],
) -> list[Responder]:
    """Everybody once, as they stand nearest; `roles` are title → (person, since).

    Whoever was woken by a page that somebody else answered is not needed any more, and is left out.
    """
    found = [Responder(person, Standing.RESPONDING, since, f"{title}.") for title, (person, since) in roles.items()]
    pages = {run.id: run for run in runs}
    answered = {(each.page_id, each.person): each for each in answers}
    for each in answers:
        page = pages.get(each.page_id)
        if page is None:
            continue
        if each.coming:
            why = "Is coming." if page.purpose in ASKED else "Answered the page."
            found.append(Responder(each.person, Standing.RESPONDING, each.at, why))
        else:
            found.append(Responder(each.person, Standing.DECLINED, each.at, each.reason or "Declined."))
    for wake in woken:
        page = pages.get(wake.page_id)
        if page is None or (wake.page_id, wake.person) in answered:
            continue
        if page.state is PageState.RUNNING:
            found.append(Responder(wake.person, Standing.ASKED, wake.first_at, page.why, page.id))
        elif page.state is PageState.EXHAUSTED:
            found.append(Responder(wake.person, Standing.SILENT, wake.first_at, "Has not answered."))
    nearest: dict[str, Responder] = {}
    order = list(Standing)
    for one in sorted(found, key=lambda each: (order.index(each.standing), each.since)):
        nearest.setdefault(one.person, one)
    return list(nearest.values())
