"""The format for everything else: JSON, a form, query parameters or plain text, mapped by rules or by guess."""

from collections.abc import Mapping
from typing import Any

from muster.inbound.document import document_of
from muster.inbound.generic.option_faults import option_faults
from muster.inbound.generic.rules import rules_of
from muster.inbound.generic.signals import any_value, change_in, objects, signal_in
from muster.inbound.generic.unpack import asks_to_confirm, unpacked
from muster.inbound.json_body import refused
from muster.inbound.port import Parsed, Request, Sample
from muster.inbound.record import Findings
from muster.kit.errors import Fault, Malformed, Problem

MOST_OBJECTS = 1000
_SAMPLE = b"""{"id": "muster-sample", "title": "A sample report from the settings page", "status": "triggered",
 "severity": "warning", "service": "sample", "runbook_url": "https://example.org/runbooks/sample"}"""

_CONFIRM = "Confirm the subscription at Amazon SNS; nobody is paged by this."


class Generic:
    """Any system that can post something; options as `rules.option_faults` describes them."""

    name = "generic"
    title = "Any JSON"
    paths: tuple[str, ...] = ()

    def parse(self, request: Request, options: Mapping[str, Any]) -> Parsed:
        """Read one report or a list of them."""
        rules, findings = rules_of(options), Findings()
        document = payload(request)
        if asks_to_confirm(document):
            findings.warn("Type", "Amazon SNS asks about a subscription; this reports nothing.", _CONFIRM)
            return Parsed(warnings=tuple(findings.warnings), status=202, reply={"accepted": 0})
        records = objects(unpacked(document), rules, findings)
        if len(records) > MOST_OBJECTS:
            raise refused("", f"It holds more than {MOST_OBJECTS} reports.", "Send fewer in one request.")
        for record in records:
            if not any_value(record):
                findings.fault(record.path, "The report is empty.", "Send at least a title.")
        if not records:
            findings.fault("", "There is no JSON object in it.", 'Send {"title": "…", "status": "…"}.')
        findings.stop()
        if rules.produces == "change":
            changes = tuple(change_in(record, rules, request.received_at) for record in records)
            return Parsed(
                changes=changes, warnings=tuple(findings.warnings), status=202, reply={"accepted": len(changes)}
            )
        found = (signal_in(record, rules) for record in records)
        signals = tuple(signal for signal in found if signal is not None)
        return Parsed(signals, warnings=tuple(findings.warnings), status=202, reply={"accepted": len(signals)})

    def option_faults(self, options: Mapping[str, Any]) -> tuple[Fault, ...]:
        """What is wrong with the mapping."""
        return option_faults(options)

    def refusal(self, problem: Problem) -> Any:
        """Problem details."""
        return problem.as_json()

    def sample(self) -> Sample:
        """One report with the commonest names."""
        return Sample("", _SAMPLE, {"content-type": "application/json"})


def payload(request: Request) -> Any:
    """The document of a request: JSON, a form (whose field `payload` may hold JSON), the query, or text as a message.

    Raises:
        Malformed: when it claims to be JSON and is not, or holds nothing.
    """
    try:
        return document_of(request)
    except Malformed:
        if not request.content_type.startswith("text/") or not request.body.strip():
            raise
    return {"message": request.body.decode("utf-8", "replace")}
