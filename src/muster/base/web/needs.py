"""What every route must declare: the permission that it needs, or why it is open to everybody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from muster.base.access import Permission
from muster.base.web.budget import Budget

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
_MARK = "__muster_needs__"
BODY = 256 * 1024
"""Bytes that a request of a route may have which declares nothing else."""


@dataclass(frozen=True, slots=True)
class Needs:
    """A route's demand. `permission` is None for an open route, whose `reason` then says why.

    `streams` marks a route that outlives its transaction (live events, exports): it is authorised first and opens its own.
    `largest` is how many bytes its request may have; None leaves it at MUSTER_MAX_BODY. `sensitive` marks a deed for which a
    browser's session must have been proven lately; `unfinished` what is open to somebody who has yet to set a second factor up.
    `budget` is how often a person may ask for it.
    """

    permission: Permission | None
    reason: str = ""
    streams: bool = False
    largest: int | None = BODY
    sensitive: bool = False
    unfinished: bool = False
    budget: Budget | None = None


def needs(
    permission: Permission,
    *,
    streams: bool = False,
    largest: int | None = BODY,
    sensitive: bool = False,
    unfinished: bool = False,
    budget: Budget | None = None,
) -> Callable[[Endpoint], Endpoint]:
    """Declare the permission of a route; put it below the router's decorator."""

    def mark(endpoint: Endpoint) -> Endpoint:
        demand = Needs(permission, "", streams, largest, sensitive, unfinished, budget)
        setattr(endpoint, _MARK, demand)
        return endpoint

    return mark


def public(reason: str) -> Callable[[Endpoint], Endpoint]:
    """Declare that a route is open to everybody, and why."""

    def mark(endpoint: Endpoint) -> Endpoint:
        setattr(endpoint, _MARK, Needs(None, reason))
        return endpoint

    return mark


def needs_of(endpoint: Callable[..., Any]) -> Needs:
    """What a route declares.

    Raises:
        TypeError: it declares nothing; such a route cannot be registered.
    """
    declared = getattr(endpoint, _MARK, None)
    if not isinstance(declared, Needs):
        raise TypeError(f"{endpoint.__module__}.{endpoint.__qualname__} declares no permission: use @needs or @public")
    return declared
