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
    """One reason.

    Attributes:
        at: the place in the plan (`routes.0`), empty where the plan is silent.
        value: what was decided by it: the severity, the category, the policy.
        condition: the rule's text, empty where the rule always holds.
        error: why the rule could not be decided.
        labels: what alerts that join one incident agree in, by name.
    """

    about: About
    because: Because
    at: str
    value: str = ""
    condition: str = ""
    error: str = ""
    labels: tuple[tuple[str, str], ...] = ()

    @property
    def sentence(self) -> str:
        """The reason for people."""
        return _rule(self) if self.because in (Because.RULE, Because.UNDECIDED) else _silence(self)

    def as_json(self) -> dict[str, str]:
        """The reason as the ledger and the API keep it."""
        return {"about": str(self.about), "because": str(self.because), "at": self.at, "sentence": self.sentence}


def _rule(reason: Reason) -> str:
    section, _, place = reason.at.partition(".")
    if reason.because is Because.UNDECIDED:
        return f"`{reason.condition}` counts as not matching: {reason.error}."
    if section == "grouping":
        return f"Alerts join when these agree: {_agreed(reason)}."
    if section == "severities":
        return f"At severity {place.removesuffix('.escalate')}, `{reason.value}` is paged too."
    what = f"`{reason.condition}` holds" if reason.condition else "It catches everything"
    return f"{what} ({section}, rule {int(place) + 1})."


def _silence(reason: Reason) -> str:
    if reason.because is Because.SENDER:
        return f"The sender says {reason.value}, and no rule of the plan says otherwise."
    match reason.about:
        case About.SEVERITY:
            return f"The severity is {reason.value}: the worst, because nothing says how bad it is."
        case About.CATEGORY:
            return f"The category is {reason.value}: the plan's first, because nothing says otherwise."
        case About.ROUTE:
            return "No route matched, so the last one is taken."
        case About.GROUP:
            return f"It has none of {', '.join(name for name, _ in reason.labels)}, so it stands alone."


def _agreed(reason: Reason) -> str:
    return ", ".join(f"{name} {value or '(none)'}" for name, value in reason.labels)
