"""A feature as one object: everything that it brings, so that the program is a list of features.

What a feature brings is named as `module:attribute` below `muster` and imported when it is used, so that a command of the command
line pays for no server. Some of it is found by its folder and needs no name: `migrations/`, `templates/` and `static/`.
`tests/architecture/test_features.py` resolves every name, and finds what is not declared.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from muster.base.bus import Bus
from muster.base.ports import Ports

if TYPE_CHECKING:
    from fastapi import APIRouter

COMPOSITION = "app.features:NAMES"
"""Where the names of the features stand, in their order. Only composition knows them all."""


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """One entry of the navigation, at its `position`: `key` is the letter after `g`; `phone` puts it into the bar at the bottom."""

    label: str
    url: str
    icon: str
    key: str
    position: int
    phone: bool = False


@dataclass(frozen=True, slots=True)
class Feature:
    """One folder below `muster`.

    Attributes:
        name: the folder.
        holds: what is in it, in one line, as the architecture page says it.
        settings: dataclasses of its settings; see `base/settings.py`.
        commands: where each of its commands is, by its name on the command line.
        routers: its routers, or tuples of them.
        navigation: its entries of the navigation.
        services: functions of `Services` that add to them what its routes and jobs need, from what is there already.
        jobs: functions of `Services` that give a handler for each kind of job.
        begin: coroutine functions of a Unit that enqueue periodic work at start; doing it again changes nothing.
        subscriptions: pairs of a happening's type and the coroutine function of (Unit, happening) that hears it.
        provides: pairs of a port and a value of it, or a tuple of them; see `base/ports.py`.
        formerly: names that its folder had when its first migrations were applied.
        beside: it stands beside its neighbours in the order that say so too: none of them imports another.
    """

    name: str
    holds: str
    settings: tuple[str, ...] = ()
    commands: Mapping[str, str] = field(default_factory=dict)
    routers: tuple[str, ...] = ()
    navigation: tuple[NavigationEntry, ...] = ()
    services: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ()
    begin: tuple[str, ...] = ()
    subscriptions: tuple[tuple[str, str], ...] = ()
    provides: tuple[tuple[str, str], ...] = ()
    formerly: tuple[str, ...] = ()
    beside: bool = False


@cache
def installed() -> tuple[Feature, ...]:
    """The features of this Muster, in their order."""
    return tuple(resolve(f"{name}.feature:FEATURE") for name in resolve(COMPOSITION))


def resolve(name: str) -> Any:
    """What stands at `module:attribute` below `muster`."""
    module, _, attribute = name.partition(":")
    return getattr(import_module(f"muster.{module}"), attribute)


def resolve_all(names: Iterable[str]) -> Iterator[Any]:
    """The same for several; a tuple at a name counts as its items."""
    for name in names:
        value = resolve(name)
        yield from value if isinstance(value, tuple) else (value,)


def routers(features: Iterable[Feature]) -> "tuple[APIRouter, ...]":
    """The routers of features, in their order."""
    return tuple(router for feature in features for router in resolve_all(feature.routers))


def navigation_of(features: Iterable[Feature]) -> tuple[NavigationEntry, ...]:
    """The navigation, in the order of its positions."""
    return tuple(
        sorted((entry for feature in features for entry in feature.navigation), key=lambda entry: entry.position)
    )


def ports_of(features: Iterable[Feature]) -> Ports:
    """What features provide for ports; the values of a port are imported when somebody asks for them."""
    names: dict[str, list[str]] = {}
    for feature in features:
        for port, value in feature.provides:
            names.setdefault(f"muster.{port}", []).append(value)
    return Ports(load=lambda port: resolve_all(names.get(f"{port.__module__}:{port.__qualname__}", ())))


def subscribe(bus: Bus, features: Iterable[Feature]) -> None:
    """Let features hear what they subscribe to."""
    for feature in features:
        for happening, subscriber in feature.subscriptions:
            bus.subscribe(resolve(happening), resolve(subscriber))
