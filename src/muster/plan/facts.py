"""What the plan's rules look at: one alert or report, at one instant."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from muster.kit.localtime import to_local
from muster.kit.rules import PreparedFacts, prepare

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

VOCABULARY: dict[str, Any] = {
    "labels": {},
    "annotations": {},
    "title": "",
    "description": "",
    "source": "",
    "integration": "",
    "category": "",
    "severity": "",
    "workload": "",
    "component": "",
    "criticality": "",
    "impact": None,
    "alert": {"name": "", "key": "", "status": ""},
    "now": {"hour": 0, "minute": 0, "weekday": "", "weekend": False, "day": 0, "month": 0},
    "hours": None,
}
"""Every name that a rule may read, with a sample of its value (see `Rule.compile`)."""

STEP_VOCABULARY: dict[str, Any] = {
    name: VOCABULARY[name]
    for name in ("labels", "title", "category", "severity", "workload", "component", "criticality", "now", "hours")
}
"""What the condition of an escalation step may read: the facts that are frozen with the page, and the moment."""

TEXTS = (
    "title",
    "description",
    "source",
    "integration",
    "category",
    "severity",
    "workload",
    "component",
    "criticality",
)


def moment(instant: datetime, zone: str) -> dict[str, Any]:
    """What rules see as `now`, in a time zone."""
    local = to_local(instant, zone)
    return {
        "hour": local.hour,
        "minute": local.minute,
        "weekday": _WEEKDAYS[local.weekday()],
        "weekend": local.weekday() > 4,
        "day": local.day,
        "month": local.month,
    }


@dataclass(frozen=True, slots=True)
class AlertFacts:
    """One alert or report as rules see it. What is not known is empty text.

    `source` is what reported it (`alertmanager`, `person`), `integration` the name of the integration that took it in;
    `severity` and `category` hold the sender's word until the plan has decided, then the decision. `key` identifies the
    condition; `now` is aware; `hours` tells of each of the plan's named hours whether `now` falls in them.
    """

    now: datetime
    key: str = ""
    name: str = ""
    status: str = "firing"
    title: str = ""
    description: str = ""
    source: str = ""
    integration: str = ""
    category: str = ""
    severity: str = ""
    workload: str = ""
    component: str = ""
    criticality: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    impact: Mapping[str, Any] = field(default_factory=dict)
    hours: Mapping[str, bool] = field(default_factory=dict)

    def variables(self, zone: str = "UTC") -> dict[str, Any]:
        """The facts under the names of `VOCABULARY`; `now` in the given time zone."""
        return {
            "labels": dict(self.labels),
            "annotations": dict(self.annotations),
            "impact": dict(self.impact),
            "alert": {"name": self.name or self.labels.get("alertname", ""), "key": self.key, "status": self.status},
            "now": moment(self.now, zone),
            "hours": dict(self.hours),
            **{name: getattr(self, name) for name in TEXTS},
        }

    def prepared(self, zone: str = "UTC", names: Container[str] = VOCABULARY) -> PreparedFacts:
        """The facts converted once for all rules of a plan; only those of `names`, since converting is most of the work."""
        return prepare({name: value for name, value in self.variables(zone).items() if name in names})
