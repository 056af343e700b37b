"""Finds the function that carries out a declared action."""

from collections.abc import Awaitable
from importlib import import_module
from typing import Protocol, cast

from muster.base.unit import Unit
from muster.incidents.action import IncidentAction
from muster.incidents.incident import Incident


class Run(Protocol):
    """Carries out an action with the texts of its fields, and returns the incident that goes on."""

    def __call__(self, unit: Unit, ref: str, /, **fields: str) -> Awaitable[Incident]:
        """Check, do, record."""
        ...


def run_of(action: IncidentAction) -> Run:
    """What an action names as its `run`.

    Raises:
        ImportError, AttributeError: there is no such function.
    """
    module, _, name = action.run.partition(":")
    return cast(Run, getattr(import_module(module), name))
