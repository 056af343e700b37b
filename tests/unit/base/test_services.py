"""Services are found by their types; kinds of manifest stand in an order in which each may refer to those before it."""

from collections.abc import Sequence

import pytest

from muster.base.manifests import Applied, ManifestKind, in_order
from muster.base.services import Services
from muster.base.settings import Settings
from muster.base.unit import Unit
from muster.kit.yamldoc import Document


class Horn:
    """A service."""


async def nothing(unit: Unit, documents: Sequence[Document], services: Services) -> list[Applied]:
    """Applies nothing."""
    return []


def test_a_service_is_found_by_its_type_and_a_later_one_takes_its_place() -> None:
    first, second = Horn(), Horn()
    services = Services(Settings(port=9000), first)
    assert services.of(Horn) is first
    assert services.settings.port == 9000
    services.add(second)
    assert services.of(Horn) is second


def test_what_no_feature_made_is_an_error_or_none() -> None:
    assert Services().find(Horn) is None
    with pytest.raises(LookupError, match="No Horn has been made"):
        Services().of(Horn)


def test_a_kind_of_manifest_follows_those_that_it_may_refer_to() -> None:
    kinds = [
        ManifestKind("Team", nothing),
        ManifestKind("Workload", nothing, after=("Team", "Schedule")),
        ManifestKind("Schedule", nothing, after=("Team",)),
        ManifestKind("Page", nothing),
    ]
    assert [kind.name for kind in in_order(kinds)] == ["Team", "Schedule", "Workload", "Page"]
