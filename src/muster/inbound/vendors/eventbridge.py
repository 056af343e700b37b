"""Amazon EventBridge: state changes of CloudWatch alarms, AWS Health, and any other event that a rule sends here."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.record import Record
from muster.inbound.sender_proof import ANY_HEADER
from muster.inbound.state_words import states
from muster.inbound.text import digest
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, VendorReport
from muster.inbound.vendors.aws import alarm_signal
from muster.inbound.vendors.families import CLOUDS

_ALARM_CHANGE = "CloudWatch Alarm State Change"
_HEALTH = states("open, upcoming", "closed")
_ANY = states("event")


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """Every event of EventBridge has a `detail-type`, a source and a detail."""
    return isinstance(data.get("detail"), dict) and "detail-type" in data and "source" in data


def read(report: VendorReport) -> Iterable[ReportResult]:
    """An alarm, a health event, or an event of which only its rule knows that it matters."""
    record, detail = report.record, report.record.record("detail")
    resources = [name for name in record.items("resources") if isinstance(name, str)]
    kind, source = record.text("detail-type"), record.text("source")
    place = {"account": record.text("account"), "region": record.text("region")}
    if kind == _ALARM_CHANGE:
        state = detail.record("state")
        yield alarm_signal(
            report,
            arn=resources[0] if resources else "",
            **place,
            name=detail.text("alarmName"),
            state=state.text("value"),
            labels={**_metric(detail), "source": source},
            description="\n".join(
                filter(None, (detail.record("configuration").text("description"), state.text("reason")))
            ),
            starts_at=state.time("timestamp") or record.time("time"),
        )
        return
    arn, code = detail.text("eventArn"), detail.text("statusCode")
    if source == "aws.health" and arn:
        title = f"{detail.text('service')}: {detail.text('eventTypeCode')}"
        yield report.signal(
            key=arn, state=code or "open", states=_HEALTH, title=title, labels={**place, "source": source},
            severity=report.severity(detail.text("eventTypeCategory"), {"issue": "high", "investigation": "medium"}),
            starts_at=detail.time("startTime"),
        )  # fmt: skip
        return
    where = resources[0] if resources else ""
    yield report.signal(
        key=digest("eventbridge", source, kind, where),
        state="event",
        states=_ANY,
        title=f"{kind}: {where.rpartition(':')[2]}" if where else kind,
        severity=report.severity(detail.text("severity")),
        labels={**place, "source": source, "resource": where},
        starts_at=record.time("time"),
    )


def _metric(detail: Record) -> dict[str, str]:
    metrics = detail.record("configuration").records("metrics")
    metric = metrics[0].record("metricStat").record("metric") if metrics else Record({}, "", detail.findings)
    dimensions = metric.record("dimensions")
    return {
        "metric": metric.text("name"),
        "namespace": metric.text("namespace"),
        **{name: dimensions.text(name) for name in dimensions.data},
    }


_SAMPLE = """{"version": "0", "id": "muster-sample", "detail-type": "CloudWatch Alarm State Change",
 "source": "aws.cloudwatch", "account": "111122223333", "region": "eu-north-1", "time": "2026-01-01T00:00:00Z",
 "resources": ["arn:aws:cloudwatch:eu-north-1:111122223333:alarm:muster-sample"],
 "detail": {"alarmName": "muster-sample", "state": {"value": "%s", "reason": "Threshold crossed."}}}"""

EVENTBRIDGE = Vendor(
    name="eventbridge",
    title="Amazon EventBridge",
    family=CLOUDS,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % "ALARM",
    recovery=_SAMPLE % "OK",
    proof=ANY_HEADER,
    steps=(
        Step("Under EventBridge, API destinations, add one with this endpoint and the method POST.", "Endpoint"),
        Step(
            "Add a rule with this pattern and the API destination as its target.",
            "Event pattern",
            '{"source": ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"]}',
        ),
    ),
)
