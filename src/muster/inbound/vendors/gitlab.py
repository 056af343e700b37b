"""GitLab: pipelines and deployments that fail and recover, and pushes as changes."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.sender_proof import SenderProof
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_options import BRANCHES
from muster.inbound.vendor_report import ReportResult, Skipped, VendorReport, identity
from muster.inbound.vendors.branches import RUN, left_out
from muster.inbound.vendors.families import DELIVERY

_ZERO = "0" * 40


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """GitLab names the event in a header and the kind of its object in the body."""
    project = "project" in data or "project_id" in data or "user" in data
    return "object_kind" in data and (bool(request.header("x-gitlab-event")) or project)


def read(report: VendorReport) -> Iterable[ReportResult]:
    """By the kind of object."""
    kind = report.record.text("object_kind")
    if kind == "pipeline":
        yield _pipeline(report)
    elif kind == "deployment":
        yield from _deployment(report)
    elif kind == "push":
        yield _push(report)
    else:
        yield Skipped(f"The event {kind[:60]} is neither an alert nor a change.")


def _project(report: VendorReport) -> str:
    return report.record.record("project").text("path_with_namespace", "name")


def _default(report: VendorReport) -> str:
    return report.record.record("project").text("default_branch")


def _pipeline(report: VendorReport) -> ReportResult:
    pipeline, project = report.record.record("object_attributes"), _project(report)
    branch, state = pipeline.text("ref"), pipeline.text("status", "detailed_status")
    if pipeline.text("source") == "merge_request_event" and not report.options.get("branches"):
        return Skipped("The pipeline is that of a merge request.")
    if reason := left_out(report.options, branch, _default(report)):
        return Skipped(reason)
    name = pipeline.text("name")
    return report.signal(
        key=identity(project, branch, name, kind="pipeline"),
        state=state, states=RUN, title=f"{name or 'Pipeline'} failed on {branch} of {project}",
        severity=report.severity(state, {"failed": "high"}),
        description=report.record.record("commit").text("message"),
        labels={"repository": project, "branch": branch, "source": pipeline.text("source")},
        links=report.url("Pipeline", pipeline.text("url")),
    )  # fmt: skip


def _deployment(report: VendorReport) -> Iterable[ReportResult]:
    record, project = report.record, _project(report)
    place, state = record.text("environment"), record.text("status")
    labels = {"repository": project, "environment": place, "ref": record.text("ref", "short_sha")}
    links = report.link("Job", "deployable_url")
    yield report.signal(
        key=identity(project, place, kind="deployment"), state=state, states=RUN,
        title=f"Deployment of {project} to {place} failed", severity=report.severity(state, {"failed": "high"}),
        description=record.text("commit_title"), labels=labels, links=links,
    )  # fmt: skip
    if state == "success":
        yield report.change(
            key=f"deployment:{record.text('deployment_id')}", kind="deployment",
            title=f"{project} {record.text('short_sha')} to {place}", at=_moment(report),
            labels=labels, description=record.text("commit_title"), links=links,
        )  # fmt: skip


def _moment(report: VendorReport) -> Any:
    """GitLab writes `2021-04-28 21:50:00 +0200`, with a space before the offset."""
    written = report.record.text("status_changed_at")
    head, _, offset = written.rpartition(" ")
    moved = {"at": f"{head}{offset}" if offset[:1] in ("+", "-") else written}
    return type(report.record)(moved, "status_changed_at", report.findings).time("at")


def _push(report: VendorReport) -> ReportResult:
    record, project = report.record, _project(report)
    branch, after = record.text("ref").removeprefix("refs/heads/"), record.text("after")
    if after == _ZERO or branch != _default(report):
        return Skipped("Only commits to the default branch are kept as changes.")
    commits = record.records("commits")
    message = commits[-1].text("title", "message") if commits else after[:12]
    return report.change(
        key=f"push:{after}", title=f"{project}: {message.partition(chr(10))[0]}", kind="deployment",
        at=commits[-1].time("timestamp") if commits else None, labels={"repository": project, "branch": branch},
        links=report.url("Commit", commits[-1].text("url")) if commits else (),
    )  # fmt: skip


_SAMPLE = """{"object_kind": "pipeline", "object_attributes": {"id": %s, "ref": "main", "source": "push", "status": "%s",
  "url": "https://gitlab.example.org/example/shop/-/pipelines/1907"},
 "project": {"path_with_namespace": "example/shop", "default_branch": "main"}, "commit": {"message": "A sample"}}"""

GITLAB = Vendor(
    name="gitlab",
    title="GitLab",
    family=DELIVERY,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % ("1907", "failed"),
    recovery=_SAMPLE % ("1908", "success"),
    headers={"x-gitlab-event": "Pipeline Hook"},
    options=BRANCHES,
    proof=SenderProof("secret", ("X-Gitlab-Token",), "secret token", "Enter it with the webhook."),
    steps=(
        Step("In the project or group, under Settings, Webhooks, add one with this URL.", "URL"),
        Step("Tick Pipeline events, Deployment events and Push events.", "Trigger", "Pipeline events"),
    ),
)
