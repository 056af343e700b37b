"""The parts of an incident's page: each feature brings panels, the page shows them without knowing whose they are.

A panel that fails takes nothing else with it: it is logged, and a quiet line stands in its place.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import structlog

from muster.alerts.alert import Alert
from muster.base.unit import Unit
from muster.incidents.actions.facts import Situation
from muster.incidents.actions.guard import Held
from muster.incidents.form import Form
from muster.incidents.pages.obligation import ObligationView
from muster.paging.history import PageHistory
from muster.people.person import Person

log = structlog.get_logger("muster.incidents.panel")


class PanelPlace(StrEnum):
    """Where a panel stands: among what is to be done, or among the facts."""

    STEPS = "steps"
    FACTS = "facts"


@dataclass(frozen=True, slots=True)
class Viewed:
    """What the page has loaded of an incident, for all panels: its pages, the gravest of its alerts, and people by name."""

    situation: Situation
    runs: Sequence[PageHistory]
    alerts: Sequence[Alert]
    alert_count: int
    persons: Mapping[str, Person]

    @property
    def held(self) -> Held:
        """The incident with its plan and roles."""
        return self.situation.held

    def name_of(self, person: str) -> str:
        """The full name of a person, or what is known."""
        known = self.persons.get(person)
        return known.full_name or known.name if known else person


@dataclass(frozen=True, slots=True)
class Content:
    """What a panel shows: a typed view, and what it adds to the page around it. Without a view it is not shown."""

    view: object | None
    forms: Sequence[Form] = ()
    next_step: ObligationView | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page; those of a place stand by `order`. The page is renewed for the incident's own topic, and for these."""

    name: str
    title: str
    place: PanelPlace
    order: int
    load: Callable[[Unit, Viewed], Awaitable[Content]]
    topics: Sequence[str] = field(default=())


async def load_panels(unit: Unit, viewed: Viewed, panels: Sequence[Panel]) -> dict[str, Content | None]:
    """The content of each panel by its name; None for one that failed.

    All of them are loaded within one savepoint. What fails may have broken the transaction: then the others are loaded again
    without it.
    """
    broken: set[str] = set()
    while True:
        contents: dict[str, Content | None] = dict.fromkeys(broken)
        current = ""
        try:
            async with unit.trial() as trial:
                for panel in panels:
                    if panel.name not in broken:
                        current = panel.name
                        contents[panel.name] = await panel.load(trial, viewed)
            return contents
        except Exception:
            if not current:
                raise
            log.exception("panel.failed", panel=current, incident=viewed.held.incident.ref)
            broken.add(current)
