"""The panel of who was paged, how, and what became of it; and which steps reached nobody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from muster.base.unit import Unit
from muster.base.web.typed import template
from muster.incidents.pages.panel import Content, Viewed
from muster.incidents.pages.rows import url_of
from muster.paging.history import PageHistory, StepTaken
from muster.paging.shown import Shown, shown

MOST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class PagedRow:
    """A message to a person, or a target that reached nobody."""

    id: str
    person: str | None
    me: bool
    by: str
    shown: Shown
    reason: str
    drill: bool


@template("incidents/panels/paged.html")
@dataclass(frozen=True, slots=True)
class Paged:
    """The newest first, `count` in all."""

    rows: Sequence[PagedRow]
    count: int
    url: str


async def paged(unit: Unit, viewed: Viewed) -> Content:
    """Who was paged."""
    rows = [row for run in viewed.runs for row in (*_sent(unit, viewed, run), *_unreached(run))]
    rows.sort(key=lambda row: row.shown.at, reverse=True)
    return Content(Paged(rows[:MOST_SHOWN], len(rows), url_of(viewed.held.incident, "pages")))


def _sent(unit: Unit, viewed: Viewed, run: PageHistory) -> Iterator[PagedRow]:
    for delivery in run.deliveries:
        yield PagedRow(
            id=str(delivery.id),
            person=viewed.name_of(delivery.person),
            me=delivery.person_id == unit.principal.person_id,
            by=delivery.channel,
            shown=shown(delivery),
            reason=delivery.reason or delivery.why,
            drill=run.page.drill,
        )


def _unreached(run: PageHistory) -> Iterator[PagedRow]:
    for step in run.steps:
        for number, reason in _missing(step):
            yield PagedRow(
                id=f"{run.page.id}-{step.number}-{number}",
                person=None,
                me=False,
                by=str(step.targets[number].target),
                shown=Shown("failed", "", step.at, "ago"),
                reason=reason,
                drill=run.page.drill,
            )


def _missing(step: StepTaken) -> Iterator[tuple[int, str]]:
    """The targets of a step that did not reach all of their people, and why."""
    for number, meant in enumerate(step.targets):
        # Somebody with quiet hours has a message of their own in the list, which says until when it waits.
        missing = [absent.sentence() for absent in meant.unreached if absent.person not in meant.deferred]
        if missing or (not meant.people and not meant.deferred):
            yield number, " ".join(missing) or meant.reason
