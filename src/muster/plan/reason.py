"""Why the plan decided as it did: recorded with the decision, shown to whoever asks."""

from dataclasses import dataclass
from enum import StrEnum


class Because(StrEnum):
    """What a decision rests on."""

    RULE = "rule"
    SENDER = "sender"
    USUAL = "usual"
    UNDECIDED = "undecided"


class About(StrEnum):
    """Which decision a reason belongs to."""

    CATEGORY = "category"
    SEVERITY = "severity"
    ROUTE = "route"
    GROUP = "group"


SECTIONS = {
    "category_rules": About.CATEGORY,
    "severity_rules": About.SEVERITY,
    "routes": About.ROUTE,
    "severities": About.ROUTE,
    "grouping": About.GROUP,
}
"""Which decision each section of a plan makes."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason; `at` is the place in the plan (`routes.0`), empty where the plan is silent."""

    about: About
    because: Because
    at: str
    sentence: str

    def as_json(self) -> dict[str, str]:
        """The reason as the ledger and the API keep it."""
        return {"about": str(self.about), "because": str(self.because), "at": self.at, "sentence": self.sentence}
