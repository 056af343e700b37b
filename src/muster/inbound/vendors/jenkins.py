"""Jenkins: the notification plugin, which tells of every phase of a build."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.state_words import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, SeverityTable, Skipped, VendorReport, identity
from muster.inbound.vendors.families import DELIVERY

_STATES = states(
    "failure, unstable",
    "success",
    skipped={"aborted, not_built": "The build was stopped before it could fail or succeed."},
)
_SEVERITIES: SeverityTable = {"failure": "high", "unstable": "medium"}
_UNDER_WAY = ("queued", "started")


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """A job and the phase of its build."""
    build = data.get("build")
    return "name" in data and isinstance(build, dict) and "phase" in build


def read(report: VendorReport) -> Iterable[ReportResult]:
    """A job fails until a later build of it succeeds."""
    record, build = report.record, report.record.record("build")
    phase, job = build.text("phase"), record.text("url") or record.text("name")
    if phase.lower() in _UNDER_WAY:
        yield Skipped(f"The build is only {phase.lower()}.")
        return
    scm = build.record("scm")
    name = record.text("display_name", "name")
    yield report.signal(
        key=identity(job, kind="job"),
        state=build.text("status"),
        states=_STATES,
        title=f"{name} failed" if build.text("status") != "UNSTABLE" else f"{name} is unstable",
        severity=report.severity(build.text("status"), _SEVERITIES),
        description=build.text("log"),
        labels={"job": record.text("name"), "branch": scm.text("branch")},
        links=(*report.url("Build", build.text("full_url")), *report.url("Repository", scm.text("url"))),
        starts_at=build.time("timestamp"),
    )


_SAMPLE = """{"name": "shop", "display_name": "shop", "url": "job/shop/", "build": {"number": %s, "phase": "FINALIZED",
 "full_url": "https://jenkins.example.org/job/shop/1907/", "status": "%s", "timestamp": 1796029200000,
 "scm": {"url": "https://git.example.org/shop", "branch": "main", "commit": "0000000"}}}"""

JENKINS = Vendor(
    name="jenkins",
    title="Jenkins",
    family=DELIVERY,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % ("1907", "FAILURE"),
    recovery=_SAMPLE % ("1908", "SUCCESS"),
    steps=(
        Step("Install the plugin Notification, and add to the job a notification endpoint with this URL.", "URL"),
        Step("Choose the format JSON, the protocol HTTP and the event Job Finalized.", "Event", "Job Finalized"),
    ),
)
