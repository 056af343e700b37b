"""The kinds of manifest, in the order in which they are brought about: each may refer to those before it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from muster.alerts.actions.apply import apply_integrations
from muster.alerts.manifest import IntegrationManifest
from muster.base.unit import Unit
from muster.catalog.actions.apply import apply_workloads
from muster.kit.errors import Invalid
from muster.kit.faults import faults_of
from muster.kit.yamldoc import Document
from muster.oncall.actions.apply import apply_calendars, apply_schedules
from muster.oncall.calendars.draft import read_calendar_draft
from muster.oncall.schedules.draft import read_schedule
from muster.people.actions.apply import Applied, apply_organisation, apply_persons, apply_teams
from muster.people.manifest import REACH, OrganisationManifest, PersonManifest, TeamManifest
from muster.plan.actions.apply import apply_plans

Services = Mapping[str, Any]
Bring = Callable[[Unit, Sequence[Document], Services], Awaitable[list[Applied]]]


@dataclass(frozen=True, slots=True)
class Kind:
    """How documents of a kind are brought about; it raises Invalid with faults that point into the document.

    They are handed over one by one, so that each is judged for itself, or `together` where they refer to each other.
    """

    name: str
    bring: Bring
    together: bool = False


def parsed(model: type[BaseModel], document: Document, services: Services) -> Any:
    """The document as its model.

    Raises:
        Invalid: with every fault at its place.
    """
    try:
        return model.model_validate(document.data, context={REACH: services["reach"]})
    except ValidationError as error:
        raise Invalid("The manifest is not valid.", faults=faults_of(error, model, document)) from None


async def _persons(unit: Unit, documents: Sequence[Document], services: Services) -> list[Applied]:
    return await apply_persons(unit, [parsed(PersonManifest, each, services) for each in documents], services["reach"])


async def _teams(unit: Unit, documents: Sequence[Document], services: Services) -> list[Applied]:
    return await apply_teams(unit, [parsed(TeamManifest, each, services) for each in documents])


async def _schedules(unit: Unit, documents: Sequence[Document], services: Services) -> list[Applied]:
    return await apply_schedules(unit, [read_schedule(each.data) for each in documents])


async def _calendars(unit: Unit, documents: Sequence[Document], services: Services) -> list[Applied]:
    return await apply_calendars(unit, [read_calendar_draft(each.data) for each in documents])


async def _workloads(unit: Unit, documents: Sequence[Document], services: Services) -> list[Applied]:
    return await apply_workloads(unit, documents)


async def _integrations(unit: Unit, documents: Sequence[Document], services: Services) -> list[Applied]:
    manifests = [parsed(IntegrationManifest, each, services) for each in documents]
    return await apply_integrations(unit, manifests, services["formats"], services["secrets"])


async def _plans(unit: Unit, documents: Sequence[Document], services: Services) -> list[Applied]:
    return await apply_plans(unit, documents)


async def _organisation(unit: Unit, documents: Sequence[Document], services: Services) -> list[Applied]:
    return await apply_organisation(unit, [parsed(OrganisationManifest, document, services) for document in documents])


KINDS: tuple[Kind, ...] = (
    Kind("Organisation", _organisation, together=True),
    Kind("Person", _persons),
    Kind("Team", _teams),
    Kind("Calendar", _calendars),
    Kind("Schedule", _schedules),
    Kind("Workload", _workloads, together=True),
    Kind("Integration", _integrations),
    Kind("Plan", _plans),
)
