"""GitHub: workflows, checks, statuses and deployments that fail and recover, security alerts, and changes."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.sender_proof import SenderProof
from muster.inbound.state_words import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_options import BRANCHES
from muster.inbound.vendor_report import ReportResult, SeverityTable, Skipped, VendorReport, identity
from muster.inbound.vendors.branches import RUN, left_out
from muster.inbound.vendors.families import DELIVERY

_FINDING = states(
    "created, reopened, reintroduced, auto_reopened, reopened_by_user, publicly_leaked, appeared_in_branch",
    "fixed, resolved, closed_by_user, dismissed, auto_dismissed",
    skipped={"assignees_changed, validated, revoked": "The finding itself did not change."},
)
_RUN: SeverityTable = {"failure": "high", "timed_out": "high", "startup_failure": "high", "error": "high"}
_SECURITY = ("dependabot_alert", "code_scanning_alert", "secret_scanning_alert")
_ZERO = "0" * 40


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """GitHub names the event in a header; without it, by a repository of GitHub's and the event's own object."""
    if request.header("x-github-event") and not request.header("x-gitea-event"):
        return True
    repository = data.get("repository")
    return isinstance(repository, dict) and "full_name" in repository and "node_id" in repository and bool(_kind(data))


def read(report: VendorReport) -> Iterable[ReportResult]:
    """By the event."""
    data = report.record.data
    kind = report.request.header("x-github-event") or _kind(data)
    if kind == "workflow_run":
        yield _workflow(report)
    elif kind == "check_run":
        yield _check(report)
    elif kind == "status":
        yield _status(report)
    elif kind == "deployment_status":
        yield from _deployment(report)
    elif kind in _SECURITY:
        yield _finding(report, kind)
    elif kind == "push":
        yield _push(report)
    elif kind == "release":
        yield _release(report)
    else:
        yield Skipped(f"The event {kind or 'without a name'} is neither an alert nor a change.")


def _repository(report: VendorReport) -> str:
    return report.record.record("repository").text("full_name", "name")


def _default(report: VendorReport) -> str:
    return report.record.record("repository").text("default_branch", "master_branch")


def _workflow(report: VendorReport) -> ReportResult:
    run, repository = report.record.record("workflow_run"), _repository(report)
    branch = run.text("head_branch")
    if reason := left_out(report.options, branch, _default(report)):
        return Skipped(reason)
    state = run.text("conclusion") or run.text("status")
    name = report.record.record("workflow").text("name") or run.text("name")
    return report.signal(
        key=identity(repository, run.text("workflow_id") or name, branch, kind="workflow"),
        state=state, states=RUN, title=f"{name or 'Workflow'} failed on {branch} of {repository}",
        severity=report.severity(state, _RUN), description=run.text("display_title"),
        labels={"repository": repository, "branch": branch, "workflow": name, "event": run.text("event")},
        links=report.url("Run", run.text("html_url")), starts_at=run.time("run_started_at"),
    )  # fmt: skip


def _check(report: VendorReport) -> ReportResult:
    run, repository = report.record.record("check_run"), _repository(report)
    if run.record("app").text("slug") == "github-actions":
        return Skipped("GitHub's own checks are told by workflow_run.")
    branch = run.record("check_suite").text("head_branch")
    if reason := left_out(report.options, branch, _default(report)):
        return Skipped(reason)
    state, name = run.text("conclusion") or run.text("status"), run.text("name")
    return report.signal(
        key=identity(repository, name, branch, kind="check"),
        state=state, states=RUN, title=f"{name} failed on {branch} of {repository}",
        severity=report.severity(state, _RUN), description=run.record("output").text("summary", "title"),
        labels={"repository": repository, "branch": branch, "check": name},
        links=report.url("Check", run.text("html_url")), starts_at=run.time("started_at"),
    )  # fmt: skip


def _status(report: VendorReport) -> ReportResult:
    record, repository = report.record, _repository(report)
    names = [branch.text("name") for branch in record.records("branches")]
    default = _default(report)
    branch = default if default in names else next(iter(names), "")
    if reason := left_out(report.options, branch, default):
        return Skipped(reason)
    state, name = record.text("state"), record.text("context")
    return report.signal(
        key=identity(repository, name, branch, kind="status"),
        state=state, states=RUN, title=f"{name} failed on {branch} of {repository}",
        severity=report.severity(state, _RUN), description=record.text("description"),
        labels={"repository": repository, "branch": branch, "check": name}, links=report.link("Details", "target_url"),
    )  # fmt: skip


def _deployment(report: VendorReport) -> Iterable[ReportResult]:
    status, deployment = report.record.record("deployment_status"), report.record.record("deployment")
    repository, place = _repository(report), status.text("environment") or deployment.text("environment")
    state, reference = status.text("state"), deployment.text("ref")
    labels = {"repository": repository, "environment": place, "ref": reference}
    links = report.url("Deployment", status.text("target_url", "log_url"))
    yield report.signal(
        key=identity(repository, place, kind="deployment"), state=state, states=RUN,
        title=f"Deployment of {repository} to {place} failed", severity=report.severity(state, _RUN),
        description=status.text("description"), labels=labels, links=links, starts_at=status.time("created_at"),
    )  # fmt: skip
    if state == "success":
        yield report.change(
            key=f"deployment:{status.text('id')}", title=f"{repository} {reference} to {place}", kind="deployment",
            at=status.time("created_at"), labels=labels, links=links,
        )  # fmt: skip


def _finding(report: VendorReport, kind: str) -> ReportResult:
    alert, repository = report.record.record("alert"), _repository(report)
    rule, advisory = alert.record("rule"), alert.record("security_advisory")
    title = (
        advisory.text("summary") or rule.text("description") or alert.text("secret_type_display_name", "secret_type")
    )
    severity = advisory.text("severity") or rule.text("security_severity_level", "severity")
    return report.signal(
        key=identity(repository, kind, alert.text("number"), kind="finding"),
        state=report.record.text("action"), states=_FINDING,
        title=f"{repository}: {title or kind.replace('_', ' ')}",
        severity=report.severity(severity) or ("high" if kind == "secret_scanning_alert" else "medium"),
        labels={"repository": repository, "kind": kind}, links=report.url("Finding", alert.text("html_url")),
        starts_at=alert.time("created_at"),
    )  # fmt: skip


def _push(report: VendorReport) -> ReportResult:
    record, repository = report.record, _repository(report)
    branch = record.text("ref").removeprefix("refs/heads/")
    after = record.text("after")
    if record.text("ref").startswith("refs/tags/") or after == _ZERO or branch != _default(report):
        return Skipped("Only commits to the default branch are kept as changes.")
    commit = record.record("head_commit")
    return report.change(
        key=f"push:{after}", title=f"{repository}: {commit.text('message').partition(chr(10))[0] or after[:12]}",
        kind="deployment", at=commit.time("timestamp"), labels={"repository": repository, "branch": branch},
        description=commit.text("message"), links=report.link("Commits", "compare"),
    )  # fmt: skip


def _release(report: VendorReport) -> ReportResult:
    release, repository = report.record.record("release"), _repository(report)
    if report.record.text("action") not in ("published", "released"):
        return Skipped("The release is not published by this.")
    return report.change(
        key=f"release:{release.text('id')}", title=f"{repository} {release.text('tag_name')}", kind="deployment",
        at=release.time("published_at"), labels={"repository": repository}, description=release.text("body"),
        links=report.url("Release", release.text("html_url")),
    )  # fmt: skip


def _kind(data: Mapping[str, Any]) -> str:
    """The event by the object that it is about."""
    if isinstance(data.get("deployment_status"), dict):
        return "deployment_status"
    for name in ("workflow_run", "workflow_job", "check_run", "check_suite", "deployment", "release"):
        if isinstance(data.get(name), dict):
            return name
    alert = data.get("alert")
    if isinstance(alert, dict):
        named = {"security_advisory": _SECURITY[0], "rule": _SECURITY[1], "secret_type": _SECURITY[2]}
        return next((kind for name, kind in named.items() if name in alert), "")
    if "zen" in data and "hook_id" in data:
        return "ping"
    if "context" in data and "branches" in data and "state" in data:
        return "status"
    return "push" if {"ref", "before", "after", "pusher"} <= data.keys() else ""


_SAMPLE = """{"action": "completed", "workflow": {"id": 7, "name": "Build"},
 "workflow_run": {"id": %s, "name": "Build", "workflow_id": 7, "head_branch": "main", "status": "completed",
  "conclusion": "%s", "event": "push", "html_url": "https://github.com/example/shop/actions/runs/1907"},
 "repository": {"full_name": "example/shop", "node_id": "R_sample", "default_branch": "main"}}"""

GITHUB = Vendor(
    name="github",
    title="GitHub",
    family=DELIVERY,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % ("1907", "failure"),
    recovery=_SAMPLE % ("1908", "success"),
    headers={"x-github-event": "workflow_run"},
    options=BRANCHES,
    proof=SenderProof("signature", ("X-Hub-Signature-256",), "webhook secret", "Enter it with the webhook."),
    steps=(
        Step(
            "In the repository or organization, add a webhook with this URL and the content type application/json.",
            "Payload URL",
        ),
        Step(
            "Choose the events Workflow runs, Deployment statuses, Pushes, Releases, and the security alerts that you want.",
            "Events",
            "workflow_run, deployment_status, push, release, dependabot_alert, code_scanning_alert, secret_scanning_alert",
        ),
    ),
)
