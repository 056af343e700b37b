"""The kinds of manifest, in the order in which they are brought about: each may refer to those before it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from muster.base.unit import Unit
from muster.kit.errors import Invalid
from muster.kit.faults import faults_of
from muster.kit.yamldoc import Document
from muster.oncall.actions.apply import apply_schedules
from muster.oncall.reading import read_schedule
from muster.people.actions.apply import Applied, apply_persons, apply_teams
from muster.people.manifest import REACH, PersonManifest, TeamManifest
from muster.plan.actions.apply import apply_plans

Services = Mapping[str, Any]
Bring = Callable[[Unit, Document, Services], Awaitable[list[Applied]]]


@dataclass(frozen=True, slots=True)
class Kind:
    """How one document of a kind is brought about; it raises Invalid with faults that point into the document."""

    name: str
    bring: Bring


def parsed(model: type[BaseModel], document: Document, services: Services) -> Any:
    """The document as its model.

    Raises:
        Invalid: with every fault at its place.
    """
    try:
        return model.model_validate(document.data, context={REACH: services["reach"]})
    except ValidationError as error:
        raise Invalid("The manifest is not valid.", faults=faults_of(error, model, document)) from None


async def _person(unit: Unit, document: Document, services: Services) -> list[Applied]:
    return await apply_persons(unit, [parsed(PersonManifest, document, services)], services["reach"])


async def _team(unit: Unit, document: Document, services: Services) -> list[Applied]:
    return await apply_teams(unit, [parsed(TeamManifest, document, services)])


async def _schedule(unit: Unit, document: Document, services: Services) -> list[Applied]:
    return await apply_schedules(unit, [read_schedule(document.data)])


async def _plan(unit: Unit, document: Document, services: Services) -> list[Applied]:
    return await apply_plans(unit, [document])


KINDS: tuple[Kind, ...] = (
    Kind("Person", _person),
    Kind("Team", _team),
    Kind("Schedule", _schedule),
    Kind("Plan", _plan),
)
