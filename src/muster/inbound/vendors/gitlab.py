"""GitLab: pipelines and deployments that fail and recover, and pushes as changes."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.given import Found, Given, Skipped, identity
from muster.inbound.proof import Proof
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_options import BRANCHES
from muster.inbound.vendors.branches import RUN, left_out
from muster.inbound.vendors.families import DELIVERY

_ZERO = "0" * 40


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """GitLab names the event in a header and the kind of its object in the body."""
    project = "project" in data or "project_id" in data or "user" in data
    return "object_kind" in data and (bool(request.header("x-gitlab-event")) or project)


def read(given: Given) -> Iterable[Found]:
    """By the kind of object."""
    kind = given.record.text("object_kind")
    if kind == "pipeline":
        yield _pipeline(given)
    elif kind == "deployment":
        yield from _deployment(given)
    elif kind == "push":
        yield _push(given)
    else:
        yield Skipped(f"The event {kind[:60]} is neither an alert nor a change.")


def _project(given: Given) -> str:
    return given.record.record("project").text("path_with_namespace", "name")


def _default(given: Given) -> str:
    return given.record.record("project").text("default_branch")


def _pipeline(given: Given) -> Found:
    pipeline, project = given.record.record("object_attributes"), _project(given)
    branch, state = pipeline.text("ref"), pipeline.text("status", "detailed_status")
    if pipeline.text("source") == "merge_request_event" and not given.options.get("branches"):
        return Skipped("The pipeline is that of a merge request.")
    if reason := left_out(given.options, branch, _default(given)):
        return Skipped(reason)
    name = pipeline.text("name")
    return given.signal(
        key=identity(project, branch, name, kind="pipeline"),
        state=state, states=RUN, title=f"{name or 'Pipeline'} failed on {branch} of {project}",
        severity=given.severity(state, {"failed": "high"}),
        description=given.record.record("commit").text("message"),
        labels={"repository": project, "branch": branch, "source": pipeline.text("source")},
        links=given.url("Pipeline", pipeline.text("url")),
    )  # fmt: skip


def _deployment(given: Given) -> Iterable[Found]:
    record, project = given.record, _project(given)
    place, state = record.text("environment"), record.text("status")
    labels = {"repository": project, "environment": place, "ref": record.text("ref", "short_sha")}
    links = given.link("Job", "deployable_url")
    yield given.signal(
        key=identity(project, place, kind="deployment"), state=state, states=RUN,
        title=f"Deployment of {project} to {place} failed", severity=given.severity(state, {"failed": "high"}),
        description=record.text("commit_title"), labels=labels, links=links,
    )  # fmt: skip
    if state == "success":
        yield given.change(
            key=f"deployment:{record.text('deployment_id')}", kind="deployment",
            title=f"{project} {record.text('short_sha')} to {place}", at=_moment(given),
            labels=labels, description=record.text("commit_title"), links=links,
        )  # fmt: skip


def _moment(given: Given) -> Any:
    """GitLab writes `2021-04-28 21:50:00 +0200`, with a space before the offset."""
    written = given.record.text("status_changed_at")
    head, _, offset = written.rpartition(" ")
    moved = {"at": f"{head}{offset}" if offset[:1] in ("+", "-") else written}
    return type(given.record)(moved, "status_changed_at", given.findings).time("at")


def _push(given: Given) -> Found:
    record, project = given.record, _project(given)
    branch, after = record.text("ref").removeprefix("refs/heads/"), record.text("after")
    if after == _ZERO or branch != _default(given):
        return Skipped("Only commits to the default branch are kept as changes.")
    commits = record.records("commits")
    message = commits[-1].text("title", "message") if commits else after[:12]
    return given.change(
        key=f"push:{after}", title=f"{project}: {message.partition(chr(10))[0]}", kind="deployment",
        at=commits[-1].time("timestamp") if commits else None, labels={"repository": project, "branch": branch},
        links=given.url("Commit", commits[-1].text("url")) if commits else (),
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
    proof=Proof("secret", ("X-Gitlab-Token",), "secret token", "Enter it with the webhook."),
    steps=(
        Step("In the project or group, under Settings, Webhooks, add one with this URL.", "URL"),
        Step("Tick Pipeline events, Deployment events and Push events.", "Trigger", "Pipeline events"),
    ),
)
