"""What the response contributes to the facts of an incident: attestations, and the notes that answer the checklist."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from muster.incidents.closure_check import ClosureCheck


@dataclass(frozen=True, slots=True)
class Attestation:
    """Who declared an item of the checklist, when, and what they said to it."""

    name: str
    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class ClosureFacts:
    """The kinds of checks that features judge, standing attestations by the item's name, and who wrote each named note."""

    kinds: Mapping[str, ClosureCheck]
    attested: Mapping[str, Attestation] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
