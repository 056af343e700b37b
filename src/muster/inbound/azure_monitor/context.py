"""Which kind of `alertContext` this is, told by its own members, because Azure spells its kinds in several ways."""

import re

from muster.inbound.azure_monitor.activity import activity
from muster.inbound.azure_monitor.conditions import conditions, log_search, prometheus
from muster.inbound.azure_monitor.context_facts import ContextFacts
from muster.inbound.azure_monitor.resource import PORTAL
from muster.inbound.bounded import flat
from muster.inbound.places import LONGEST_URL, is_address
from muster.inbound.record import Record
from muster.kit.link import Link

_HREF = re.compile(r'href="(https?://[^<>\s]{1,4000}?)"(?: target|>)')


def read_context(context: Record, resource: str = "") -> ContextFacts:
    """The reading of any `alertContext`; an unknown kind becomes annotations, so that nothing is hidden."""
    members = context.data
    if "condition" in members or "conditionType" in members:
        return conditions(context)
    if "expression" in members and "labels" in members:
        return prometheus(context)
    if "SearchQuery" in members or "SearchIntervalStartTimeUtc" in members:
        return log_search(context)
    if "eventSource" in members or "operationName" in members or "authorization" in members:
        return activity(context, resource)
    if "AlertData" in members:
        return _cost(context)
    if "SmartDetectorId" in members or "DetectionSummary" in members:
        return _smart_detection(context)
    return ContextFacts(annotations=flat(members))


def _cost(context: Record) -> ContextFacts:
    """Budgets and other cost alerts, which have no severity, rule or target."""
    data = context.record("AlertData")
    name, spent = data.text("BudgetName"), data.text("SpentAmount", "CurrentSpend")
    limit = data.text("NotificationThresholdAmount", "BudgetThreshold")
    title = f"Budget {name}" if name else f"Cost alert: {context.text('AlertCategory')}"
    return ContextFacts(
        identity=(data.text("BudgetId", "Scope"), data.text("ThresholdType")),
        title=f"{title}: {spent} spent, threshold {limit}" if spent and limit else title,
        labels={
            key: value
            for key, value in (
                ("budget", name),
                ("category", context.text("AlertCategory")),
                ("scope", data.text("Scope")),
            )
            if value
        },
        annotations=flat(data.data),
        links=(
            Link(
                "Cost Management in the Azure portal", f"{PORTAL}#view/Microsoft_Azure_CostManagement/Menu/~/overview"
            ),
        ),
    )


def _smart_detection(context: Record) -> ContextFacts:
    """Application Insights' detectors. Azure never says when such an alert is over, except through AlertsManagement."""
    detected = context.text("DetectedFailureRate", "DetectedValue")
    normal = context.text("NormalFailureRate", "NormalValue")
    line = f"Detected {detected}, normally {normal}." if detected and normal else ""
    links = []
    for row in context.records("LinksTable")[:10]:
        found = _HREF.search(row.text("Link")[:LONGEST_URL])
        address = found.group(1).replace('"', "%22").replace("{", "%7B").replace("}", "%7D") if found else ""
        if is_address(address):
            links.append(Link("Details in Application Insights", address))
    plain_facts = {name: value for name, value in context.data.items() if not isinstance(value, dict | list)}
    return ContextFacts(
        identity=(context.text("SmartDetectorId"),),
        title=context.text("DetectionSummary"),
        lines=(line,) if line else (),
        labels={"detector": context.text("SmartDetectorName")} if context.text("SmartDetectorName") else {},
        annotations=flat(plain_facts),
        links=tuple(links),
        at=context.time("FormattedOccurrenceTime", "FormattedOccurenceTime", "AnalysisTimestamp"),
    )
