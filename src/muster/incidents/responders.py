"""Who is in an incident: who responds, who was asked and since when, who declined, who has not answered. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from muster.paging.history import PageHistory
from muster.paging.page import ASKED, PageState


class Closeness(StrEnum):
    """How somebody stands to an incident, the nearest first."""

    RESPONDING = "responding"
    ASKED = "asked"
    SILENT = "silent"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Responder:
    """One person; `what` says in a sentence why they stand so, `page_id` is the page that still asks them."""

    person: str
    standing: Closeness
    since: datetime
    what: str
    page_id: UUID | None = None


def responders(roles: Mapping[str, tuple[str, datetime]], runs: Sequence[PageHistory]) -> list[Responder]:
    """Everybody once, as they stand nearest; `roles` are title → (person, since)."""
    standings = [
        Responder(person, Closeness.RESPONDING, since, f"{title}.") for title, (person, since) in roles.items()
    ]
    standings += [responder for run in runs for responder in _of_page(run)]
    nearest: dict[str, Responder] = {}
    order = list(Closeness)
    for responder in sorted(standings, key=lambda responder: (order.index(responder.standing), responder.since)):
        nearest.setdefault(responder.person, responder)
    return list(nearest.values())


def _of_page(run: PageHistory) -> Iterator[Responder]:
    """Who answered a page, or has not yet. Those woken by a page that somebody else answered are not needed any more."""
    page = run.page
    for answer in run.answers:
        if answer.coming:
            why = "Is coming." if page.purpose in ASKED else "Answered the page."
            yield Responder(answer.person, Closeness.RESPONDING, answer.at, why)
        else:
            yield Responder(answer.person, Closeness.DECLINED, answer.at, answer.reason or "Declined.")
    answered = {answer.person for answer in run.answers}
    for woken in run.woken:
        if woken.person in answered:
            continue
        if page.state is PageState.RUNNING:
            yield Responder(woken.person, Closeness.ASKED, woken.first_at, page.why, page.id)
        elif page.state is PageState.EXHAUSTED:
            yield Responder(woken.person, Closeness.SILENT, woken.first_at, "Has not answered.")
