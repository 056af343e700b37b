"""Contexts of metric, log and Prometheus alerts: the conditions that were met, their dimensions and their queries."""

from muster.inbound.azure_monitor.context_facts import ContextFacts
from muster.inbound.bounded import text_map
from muster.inbound.fingerprint import fingerprint
from muster.inbound.places import link, named_links, next_step
from muster.inbound.record import Record
from muster.kit.link import Link

_RESULTS = (
    ("Results", "linkToFilteredSearchResultsUI"),
    ("Results", "LinkToFilteredSearchResultsUI"),
    ("Search", "linkToSearchResultsUI"),
    ("Search", "LinkToSearchResults"),
)


def conditions(context: Record) -> ContextFacts:
    """Metric alerts (static, dynamic, availability test) and log alerts (V2): `condition.allOf`."""
    labels = text_map(context.record("properties"))
    annotations: dict[str, str] = {}
    lines: list[str] = []
    identity: list[str] = []
    links: list[Link] = []
    for met in context.record("condition").records("allOf"):
        dimensions = _dimensions(met)
        labels.update(dimensions)
        lines.append(sentence(met, dimensions))
        identity += [met.text("metricName", "searchQuery", "webTestName"), *(f"{k}={v}" for k, v in dimensions.items())]
        for name, field in (
            ("metric_value", "metricValue"),
            ("threshold", "threshold"),
            ("search_query", "searchQuery"),
        ):
            annotations.setdefault(name, met.text(field))
        for name, field in (("metric", "metricName"), ("web_test", "webTestName")):
            labels.setdefault(name, met.text(field))
        links += _results(met)
    return ContextFacts(
        identity=tuple(identity),
        lines=tuple(line for line in lines if line),
        labels=_filled(labels),
        annotations=_filled(annotations),
        links=tuple(links),
        next_step=next_step(labels, named_links(labels)),
    )


def log_search(context: Record) -> ContextFacts:
    """Log alerts of the first version: Log Analytics and Application Insights, in the common and in the older schema."""
    dimensions = _dimensions(context)
    operator = context.text("Operator", "AlertThresholdOperator").lower()
    count, threshold = context.text("ResultCount"), context.text("Threshold", "AlertThresholdValue")
    found = f"{count} results" if count else ""
    limit = f"the alert is for {operator} {threshold}" if operator and threshold else ""
    items = [text for text in context.items("AffectedConfigurationItems") if isinstance(text, str) and text]
    labels = {**dimensions, "workspace": context.text("WorkspaceId"), "application": context.text("ApplicationId")}
    return ContextFacts(
        identity=(context.text("SearchQuery"), context.text("WorkspaceId", "ApplicationId"), *dimensions.values()),
        lines=tuple(line for line in ("; ".join(part for part in (found, limit) if part),) if line),
        labels=_filled(labels),
        annotations=_filled({"search_query": context.text("SearchQuery"), "affected": ", ".join(items[:20])}),
        links=_results(context),
        severity=context.text("SeverityDescription", "Severity"),
        at=context.time("SearchIntervalEndtimeUtc"),
    )


def prometheus(context: Record) -> ContextFacts:
    """Rules of Azure's managed Prometheus, which bring their own labels and annotations."""
    labels, annotations = text_map(context.record("labels")), text_map(context.record("annotations"))
    expression, value = context.text("expression"), context.text("expressionValue")
    links = named_links(annotations)
    return ContextFacts(
        identity=(context.text("ruleGroup"), fingerprint(labels)),
        title=annotations.get("summary", "") or annotations.get("title", ""),
        lines=tuple(line for line in (annotations.get("description", ""), f"{expression} is {value}") if len(line) > 4),
        labels=labels,
        annotations={**annotations, **_filled({"expression": expression, "value": value})},
        links=links,
        next_step=next_step(annotations, links),
    )


def sentence(met: Record, dimensions: dict[str, str]) -> str:
    """One condition in words: `Transactions (Total) is 100: GreaterThan 0 over ApiName=GetBlob`."""
    name = met.text("webTestName") or met.text("metricName") or met.text("searchQuery")
    aggregation, value = met.text("timeAggregation"), met.text("metricValue")
    rule = " ".join(part for part in (met.text("operator"), met.text("threshold")) if part)
    where = ", ".join(f"{key.removeprefix('dimension_')}={entry}" for key, entry in dimensions.items())
    text = f"{name} ({aggregation})" if name and aggregation else name
    text += f" is {value}" if value else ""
    text += f": {rule}" if rule else ""
    return f"{text} over {where}" if where else text


def _dimensions(record: Record) -> dict[str, str]:
    found = record.records("Dimensions") or record.records("dimensions")
    return _filled({f"dimension_{entry.text('name')}": entry.text("value") for entry in found})


def _results(record: Record) -> tuple[Link, ...]:
    return tuple(
        entry for label, name in _RESULTS for entry in link(label, record.text(name), record.findings, record.at(name))
    )


def _filled(texts: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text}
