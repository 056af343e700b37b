"""Dynatrace: a custom integration for problem notifications, with the payload that the integration's page shows."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.given import Found, Given, Skipped, Table, identity
from muster.inbound.proof import ANY_HEADER
from muster.inbound.states import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendors.families import MONITORING

_STATES = states("open", "resolved")
_SEVERITIES: Table = {
    **dict.fromkeys(("availability", "monitoring_unavailable"), "critical"),
    **dict.fromkeys(("error", "custom_alert"), "high"),
    **dict.fromkeys(("performance", "resource_contention"), "medium"),
}


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """A problem and its state."""
    return {"ProblemID", "State", "ProblemTitle"} <= data.keys()


def read(given: Given) -> Iterable[Found]:
    """A problem; one that was merged into another is not known to be over, so that it stays."""
    record = given.record
    if record.text("ProblemID") == "999" and record.text("ProblemTitle").lower().startswith(
        "dynatrace problem notification test"
    ):
        yield Skipped("It is Dynatrace's test notification; it arrived, and nobody is paged by it.")
        return
    title, place = record.text("ProblemTitle"), record.text("ImpactedEntity")
    yield given.signal(
        key=identity(record.text("PID") or record.text("ProblemID"), kind="problem"),
        state=record.text("State"),
        states=_STATES,
        title=title,
        severity=given.severity(record.text("ProblemSeverity") or record.text("ProblemImpact"), _SEVERITIES),
        description=record.text("ProblemDetailsText"),
        labels={
            "alertname": title,
            "entity": place,
            "impact": record.text("ProblemImpact"),
            "tags": record.text("Tags"),
            "problem": record.text("ProblemID"),
        },
        links=given.link("Dynatrace", "ProblemURL", "Problem URL"),
    )


_PAYLOAD = """{"PID": "{PID}", "ProblemID": "{ProblemID}", "State": "{State}", "ProblemTitle": "{ProblemTitle}",
 "ProblemSeverity": "{ProblemSeverity}", "ProblemImpact": "{ProblemImpact}", "ImpactedEntity": "{ImpactedEntity}",
 "ProblemURL": "{ProblemURL}", "Tags": "{Tags}"}"""
_SAMPLE = """{"PID": "1907", "ProblemID": "P-1907", "State": "%s", "ProblemTitle": "Response time degradation",
 "ProblemSeverity": "PERFORMANCE", "ProblemImpact": "SERVICE", "ImpactedEntity": "checkout", "Tags": "shop",
 "ProblemURL": "https://dynatrace.example.org/#problems/1907"}"""

DYNATRACE = Vendor(
    name="dynatrace",
    title="Dynatrace",
    family=MONITORING,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % "OPEN",
    recovery=_SAMPLE % "RESOLVED",
    proof=ANY_HEADER,
    steps=(
        Step("Under Problem notifications, add a custom integration with this URL.", "Webhook URL"),
        Step("Give it this payload, and switch on Call webhook if problem is closed.", "Custom payload", _PAYLOAD),
    ),
)
