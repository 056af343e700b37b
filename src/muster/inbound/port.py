"""The port between the intake and the formats it understands: a request in, signals and changes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from muster.alerts.port import Parsed, Request
from muster.kit.errors import Fault, Problem

__all__ = ["Format", "Parsed", "Request", "Sample"]


@dataclass(frozen=True, slots=True)
class Sample:
    """An example request of a format, for the settings page's test and for the documentation; `recovery` is what ends it."""

    path: str
    body: bytes
    headers: Mapping[str, str]
    recovery: bytes = b""


class Format(Protocol):
    """One wire format."""

    @property
    def name(self) -> str:
        """How settings and addresses call it."""
        ...

    @property
    def title(self) -> str:
        """How people call it."""
        ...

    @property
    def paths(self) -> tuple[str, ...]:
        """Addresses that only this format uses, so that they choose it."""
        ...

    def parse(self, request: Request, options: Mapping[str, Any]) -> Parsed:
        """Read a request.

        Raises:
            Malformed: with every fault found, where nothing of it can be used.
        """
        ...

    def option_faults(self, options: Mapping[str, Any]) -> tuple[Fault, ...]:
        """Everything wrong with an integration's options, for whoever sets them; `parse` never fails because of them."""
        ...

    def refusal(self, problem: Problem) -> Any:
        """The JSON body with which this format's senders expect to be refused."""
        ...

    def sample(self) -> Sample:
        """A small example that parses to at least one signal."""
        ...
