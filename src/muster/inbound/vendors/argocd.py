"""Argo CD: the webhook service of its notifications, with the template that the integration's page shows."""

from collections.abc import Iterable, Mapping
from typing import Any

from muster.alerts.port import Request
from muster.inbound.sender_proof import ANY_HEADER
from muster.inbound.state_words import states
from muster.inbound.vendor import Step, Vendor
from muster.inbound.vendor_report import ReportResult, Skipped, VendorReport, identity
from muster.inbound.vendors.families import DELIVERY

_HEALTH = states(
    "degraded, missing, unknown",
    "healthy",
    skipped={"progressing, suspended": "The application is neither well nor ill."},
)
_SYNC = states("failed, error", "succeeded", skipped={"running, terminating": "The synchronization is not over."})


def recognises(data: Mapping[str, Any], request: Request) -> bool:
    """The fields of our template."""
    return {"argocd_app", "health", "phase"} <= data.keys()


def read(report: VendorReport) -> Iterable[ReportResult]:
    """The application's health and its last synchronization are two alerts; a successful one is a change as well."""
    record = report.record
    name, space = record.text("argocd_app"), record.text("namespace")
    labels = {"app": name, "namespace": space, "project": record.text("project"), "revision": record.text("revision")}
    links = (*report.link("Argo CD", "url"), *report.link("Repository", "repository"))
    health, phase = record.text("health"), record.text("phase")
    if not health and not phase:
        yield Skipped("Argo CD tells neither health nor phase.")
    if health:
        yield report.signal(
            key=identity(space, name, "health", kind="app"), state=health, states=_HEALTH, title=f"{name} is {health.lower()}",
            severity=report.severity(health, {"degraded": "high", "missing": "high"}), labels=labels, links=links,
        )  # fmt: skip
    if phase:
        yield report.signal(
            key=identity(space, name, "sync", kind="app"), state=phase, states=_SYNC,
            title=f"Synchronization of {name} failed", severity=report.severity(phase, {"failed": "high", "error": "high"}),
            description=record.text("message"), labels=labels, links=links,
        )  # fmt: skip
    if phase.lower() == "succeeded":
        yield report.change(
            key=identity(space, name, record.text("revision"), kind="sync"), kind="deployment",
            title=f"{name} {record.text('revision')[:12]}", at=record.time("finished_at"), labels=labels, links=links,
        )  # fmt: skip


_TEMPLATE = """service.webhook.muster: |
  url: MUSTER-ADDRESS/argocd
  headers: [{name: Content-Type, value: application/json}]
template.muster: |
  webhook:
    muster:
      method: POST
      body: |
        {"argocd_app": "{{.app.metadata.name}}", "namespace": "{{.app.metadata.namespace}}",
         "project": "{{.app.spec.project}}", "health": "{{.app.status.health.status}}",
         "phase": "{{.app.status.operationState.phase}}", "revision": "{{.app.status.sync.revision}}",
         "message": {{toJson .app.status.operationState.message}}, "repository": "{{.app.spec.source.repoURL}}",
         "finished_at": "{{.app.status.operationState.finishedAt}}",
         "url": "{{.context.argocdUrl}}/applications/{{.app.metadata.name}}"}
trigger.muster: |
  - when: app.status.health.status in ['Degraded', 'Missing', 'Healthy']
    oncePer: app.status.health.status
    send: [muster]
  - when: app.status.operationState.phase in ['Succeeded', 'Failed', 'Error']
    oncePer: app.status.operationState.startedAt
    send: [muster]"""
_SAMPLE = """{"argocd_app": "shop", "namespace": "argocd", "project": "default", "health": "%s", "phase": "",
 "revision": "0000000", "url": "https://argocd.example.org/applications/shop"}"""

ARGOCD = Vendor(
    name="argocd",
    title="Argo CD",
    family=DELIVERY,
    recognises=recognises,
    read=read,
    problem=_SAMPLE % "Degraded",
    recovery=_SAMPLE % "Healthy",
    proof=ANY_HEADER,
    steps=(
        Step("Add this to the config map.", "argocd-notifications-cm", _TEMPLATE),
        Step("Subscribe each application.", "Annotation", 'notifications.argoproj.io/subscribe.muster.muster: ""'),
    ),
)
