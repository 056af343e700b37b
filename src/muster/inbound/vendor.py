"""A format as its vendor declares it: how it is recognised, read, proven and connected. All that vendors share is here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from muster.alerts.signal import Signal
from muster.changes.change import Change
from muster.inbound.document import document_of
from muster.inbound.generic.format import Generic
from muster.inbound.json_body import refused
from muster.inbound.options import unknown_options
from muster.inbound.port import Parsed, Request, Sample
from muster.inbound.record import Findings, records
from muster.inbound.sender_proof import SenderProof
from muster.inbound.vendor_options import SEVERITIES, OptionCheck
from muster.inbound.vendor_report import ReportResult, Skipped, VendorReport
from muster.kit.errors import Fault, Problem

MOST_OBJECTS = 1000
_GENERIC = Generic()


@dataclass(frozen=True, slots=True)
class Step:
    """What to do at the source. `MUSTER-ADDRESS` in `code` stands for the integration's address."""

    text: str
    name: str
    code: str = "MUSTER-ADDRESS"


@dataclass(frozen=True, slots=True)
class Vendor:
    """One vendor's wire format.

    `recognises` is a cheap exact look at an object's shape, which must be nobody else's. `problem` and `recovery` are the
    sample pair; a vendor that reports no recovery has none, and takes the option `ends_after` instead. `prefixes` are
    addresses below which only this format is spoken. `answer` says what to reply to a question by which the vendor makes sure
    whose the address is, from its query and the secret; None where the query asks nothing.
    """

    name: str
    title: str
    family: str
    recognises: Callable[[Mapping[str, Any], Request], bool]
    read: Callable[[VendorReport], Iterable[ReportResult]]
    problem: str
    steps: tuple[Step, ...]
    recovery: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    proof: SenderProof | None = None
    options: Mapping[str, OptionCheck] = field(default_factory=dict)
    paths: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    reply: Callable[[tuple[Signal, ...]], Any] | None = None
    answer: Callable[[Mapping[str, str], str], Any] | None = None

    def parse(self, request: Request, options: Mapping[str, Any]) -> Parsed:
        """Read what was sent; what does not look like this vendor's is read as any JSON, so that it is not lost."""
        document = document_of(request)
        listed = document if isinstance(document, list) else [document]
        if len(listed) > MOST_OBJECTS:
            raise refused("", f"It holds more than {MOST_OBJECTS} reports.", "Send fewer in one request.")
        findings = Findings()
        listed_reports = [
            VendorReport(self.title, record, request, options) for record in records(listed, "", findings)
        ]
        if not isinstance(document, list):
            listed_reports = [replace(item, record=replace(item.record, path="")) for item in listed_reports]
        if not listed_reports or not all(self.recognises(item.record.data, request) for item in listed_reports):
            return self._strange(request, options)
        return self._parsed([results for item in listed_reports for results in self.read(item)], findings)

    def option_faults(self, options: Mapping[str, Any]) -> tuple[Fault, ...]:
        """Everything wrong with an integration's options."""
        checks = {**SEVERITIES, **self.options}
        wrong = (check(options[name]) for name, check in checks.items() if name in options)
        return (*unknown_options(options, checks), *(fault for fault in wrong if fault is not None))

    def refusal(self, problem: Problem) -> Any:
        """Problem details."""
        return problem.as_json()

    def sample(self) -> Sample:
        """The problem of the sample pair."""
        return Sample("", self.problem.encode(), {"content-type": "application/json", **self.headers})

    def _strange(self, request: Request, options: Mapping[str, Any]) -> Parsed:
        read = _GENERIC.parse(request, {name: options[name] for name in ("severities",) if name in options})
        odd = Fault("", f"It does not look like what {self.title} sends; it was read as any JSON.", "See its how-to.")
        return replace(read, warnings=(odd, *read.warnings))

    def _parsed(self, results: list[ReportResult], findings: Findings) -> Parsed:
        signals = tuple(item for item in results if isinstance(item, Signal))
        changes = tuple(item for item in results if isinstance(item, Change))
        skipped = [item for item in results if isinstance(item, Skipped)]
        reasons = [item.reason for item in skipped]
        asked = next((item.confirmation for item in skipped if item.confirmation is not None), None)
        warnings = (*(Fault("", reason) for reason in reasons), *findings.warnings)
        if not signals and not changes:
            findings.stop()
        said: dict[str, Any] = {"accepted": len(signals) + len(changes)}
        if reasons:
            said["ignored"] = reasons
        reply = self.reply(signals) if self.reply and signals else said
        return Parsed(signals, changes, warnings, reply=reply, confirmation=asked)
