"""Amazon SNS: CloudWatch alarms, events of EventBridge, or any text that a topic carries; and the topic's own messages.

The signature of a message is checked in `inbound/actions/senders.py`, since that needs the network.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from muster.alerts.port import Request
from muster.inbound.json_body import load_json
from muster.inbound.record import Record
from muster.inbound.state_words import states
from muster.inbound.text import digest
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_options import check_signature, check_topics
from muster.inbound.vendor_report import ReportResult, Skipped, VendorReport
from muster.inbound.vendors import eventbridge
from muster.inbound.vendors.aws import alarm_signal
from muster.inbound.vendors.families import CLOUDS
from muster.inbound.vendors.sns_signature import ENVELOPE
from muster.kit.errors import Malformed

CONFIRMATION, NOTIFICATION, ENDED = "SubscriptionConfirmation", "Notification", "UnsubscribeConfirmation"
_ANY = states("message")


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """SNS's envelope, or an alarm by itself where the topic delivers raw messages."""
    envelope = data.get("Type") in (CONFIRMATION, NOTIFICATION, ENDED) and "TopicArn" in data and "Message" in data
    return envelope or ("AlarmName" in data and "NewStateValue" in data)


def read(report: VendorReport) -> Iterable[ReportResult]:
    """What the envelope holds."""
    record = report.record
    kind, topic = record.text("Type"), record.text("TopicArn")
    if kind == CONFIRMATION:
        reason = f"SNS asks to confirm the subscription of {topic[:200]}; Muster does, if its signature is right."
        yield Skipped(reason, {name: record.text(name) for name in ENVELOPE if record.text(name)})
    elif kind == ENDED:
        yield report.signal(
            key=f"subscription:{topic}", state="message", states=_ANY, severity=report.severity("warning"),
            title=f"Nothing of {topic.rpartition(':')[2]} arrives any more: the subscription was cancelled",
            labels={"topic": topic},
        )  # fmt: skip
    elif not kind:
        yield _alarm(report, {})
    else:
        yield from _message(report, topic)


def _message(report: VendorReport, topic: str) -> Iterable[ReportResult]:
    record, text = report.record, report.record.text("Message")
    try:
        inner = load_json(text.encode("utf-8", "replace"))
    except Malformed:
        inner = None
    subject = record.text("Subject")
    # What stands on the alert is the message without its envelope: that ends subscriptions for whoever reads it.
    plain = {"Subject": subject, "Message": text}
    if isinstance(inner, dict):
        held = replace(report, record=Record(inner, record.at("Message"), record.findings))
        if recognises(inner, report.request) and "AlarmName" in inner:
            yield _alarm(held, {"topic": topic})
            return
        if eventbridge.recognises(inner, report.request):
            yield from eventbridge.read(held)
            return
        plain = inner
    title = subject or text.strip().partition("\n")[0][:200] or topic.rpartition(":")[2]
    yield replace(report, record=Record(plain, "", record.findings)).signal(
        key=digest("sns", topic, title), state="message", states=_ANY, title=title, description=text,
        severity=report.severity("message"), labels={"topic": topic}, starts_at=record.time("Timestamp"),
    )  # fmt: skip


def _alarm(report: VendorReport, labels: Mapping[str, str]) -> ReportResult:
    record = report.record
    trigger = record.record("Trigger")
    dimensions = {
        record.text("name", "Name"): record.text("value", "Value") for record in trigger.records("Dimensions")
    }
    return alarm_signal(
        report,
        arn=record.text("AlarmArn"),
        account=record.text("AWSAccountId"),
        region=record.text("Region"),
        name=record.text("AlarmName"),
        state=record.text("NewStateValue"),
        labels={"metric": trigger.text("MetricName"), "namespace": trigger.text("Namespace"), **dimensions, **labels},
        description="\n".join(filter(None, (record.text("AlarmDescription"), record.text("NewStateReason")))),
        starts_at=record.time("StateChangeTime"),
    )


_SAMPLE = (
    '{"Type": "Notification", "MessageId": "muster-sample", "TopicArn": "arn:aws:sns:eu-north-1:111122223333:muster",\n'
    ' "Message": "{\\"AlarmName\\": \\"muster-sample\\", \\"AWSAccountId\\": \\"111122223333\\", '
    '\\"NewStateValue\\": \\"%s\\",'
    ' \\"AlarmArn\\": \\"arn:aws:cloudwatch:eu-north-1:111122223333:alarm:muster-sample\\"}",\n'
    ' "Timestamp": "2026-01-01T00:00:00.000Z", "SignatureVersion": "2"}'
)

CLOUDWATCH_SNS = Vendor(
    name="cloudwatch-sns",
    title="Amazon CloudWatch over SNS",
    family=CLOUDS,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % "ALARM",
    recovery=_SAMPLE % "OK",
    options={"signature": check_signature, "topics": check_topics},
    steps=(
        Step(
            "Subscribe this address to the topic with the protocol HTTPS, raw message delivery off. Muster confirms it.",
            "Endpoint",
        ),
        Step(
            "Let each alarm notify the topic when it is in alarm and when it is OK again.",
            "aws",
            "aws sns subscribe --topic-arn TOPIC --protocol https --notification-endpoint MUSTER-ADDRESS",
        ),
    ),
)
