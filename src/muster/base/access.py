"""Who may do what: every permission by name, the least level that holds it, and the one check of all routes and actions."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from uuid import UUID

from muster.kit.errors import Denied, Unauthenticated


class Level(IntEnum):
    """How far a person's permissions reach; each level includes those below it."""

    NOBODY = 0
    VIEWER = 1
    RESPONDER = 2
    MANAGER = 3
    ADMINISTRATOR = 4

    @property
    def label(self) -> str:
        """The level's name in manifests, API and UI."""
        return self.name.lower()


class Permission(StrEnum):
    """One nameable thing that can be done; `object.verb`."""

    SELF_MANAGE = "self.manage"
    INCIDENT_READ = "incident.read"
    INCIDENT_REPORT = "incident.report"
    INCIDENT_ACKNOWLEDGE = "incident.acknowledge"
    INCIDENT_MITIGATE = "incident.mitigate"
    INCIDENT_RESOLVE = "incident.resolve"
    INCIDENT_CLOSE = "incident.close"
    INCIDENT_REOPEN = "incident.reopen"
    INCIDENT_MERGE = "incident.merge"
    INCIDENT_EDIT = "incident.edit"
    INCIDENT_SEVERITY = "incident.severity"
    INCIDENT_ROLES = "incident.roles"
    INCIDENT_ASK = "incident.ask"
    INCIDENT_CHECK = "incident.check"
    ALERT_READ = "alert.read"
    ALERT_SILENCE = "alert.silence"
    ALERT_JUDGE = "alert.judge"
    SIGNAL_SEND = "signal.send"
    SIGNAL_INSPECT = "signal.inspect"
    PAGE_READ = "page.read"
    PAGE_ESCALATE = "page.escalate"
    PERSON_READ = "person.read"
    PERSON_MANAGE = "person.manage"
    TEAM_READ = "team.read"
    TEAM_MANAGE = "team.manage"
    TOKEN_MANAGE = "token.manage"
    SCHEDULE_READ = "schedule.read"
    SCHEDULE_OVERRIDE = "schedule.override"
    SCHEDULE_MANAGE = "schedule.manage"
    CATALOG_READ = "catalog.read"
    CATALOG_MANAGE = "catalog.manage"
    PLAN_READ = "plan.read"
    PLAN_PUBLISH = "plan.publish"
    CHANGE_READ = "change.read"
    CLOCK_READ = "clock.read"
    LEDGER_READ = "ledger.read"
    LEDGER_EXPORT = "ledger.export"
    LEDGER_SEAL = "ledger.seal"
    INTEGRATION_READ = "integration.read"
    INTEGRATION_MANAGE = "integration.manage"
    CHANNEL_TEST = "channel.test"
    SETTINGS_READ = "settings.read"
    SETTINGS_MANAGE = "settings.manage"
    METRICS_READ = "metrics.read"
    APPLY = "apply"


@dataclass(frozen=True, slots=True)
class Grant:
    """The least level that holds a permission, and what it allows, as people read it."""

    level: Level
    sentence: str


GRANTS: dict[Permission, Grant] = {
    Permission.SELF_MANAGE: Grant(Level.VIEWER, "manage one's own password, contacts, sessions and tokens"),
    Permission.INCIDENT_READ: Grant(Level.VIEWER, "see incidents and their timelines"),
    Permission.INCIDENT_REPORT: Grant(Level.VIEWER, "report a problem, also on behalf of somebody"),
    Permission.INCIDENT_ACKNOWLEDGE: Grant(Level.RESPONDER, "acknowledge an incident"),
    Permission.INCIDENT_MITIGATE: Grant(Level.RESPONDER, "declare an incident mitigated"),
    Permission.INCIDENT_RESOLVE: Grant(Level.RESPONDER, "declare an incident resolved"),
    Permission.INCIDENT_CLOSE: Grant(Level.RESPONDER, "ask to close an incident; the plan says who may"),
    Permission.INCIDENT_REOPEN: Grant(Level.RESPONDER, "reopen an incident"),
    Permission.INCIDENT_MERGE: Grant(Level.RESPONDER, "merge an incident into another"),
    Permission.INCIDENT_EDIT: Grant(Level.RESPONDER, "write notes, links and the incident's title"),
    Permission.INCIDENT_SEVERITY: Grant(Level.RESPONDER, "change severity; the plan says who may lower it"),
    Permission.INCIDENT_ROLES: Grant(Level.RESPONDER, "assign an incident's roles"),
    Permission.INCIDENT_ASK: Grant(Level.RESPONDER, "hand an incident over, add responders and ask for help"),
    Permission.INCIDENT_CHECK: Grant(Level.RESPONDER, "attest items of the closure checklist; the plan says who may"),
    Permission.ALERT_READ: Grant(Level.VIEWER, "see alerts and raw signals, with what looks like a secret hidden"),
    Permission.ALERT_SILENCE: Grant(Level.RESPONDER, "create and expire silences and maintenance windows"),
    Permission.ALERT_JUDGE: Grant(Level.RESPONDER, "say whether an alert was real"),
    Permission.SIGNAL_SEND: Grant(Level.RESPONDER, "send signals to an integration"),
    Permission.SIGNAL_INSPECT: Grant(
        Level.MANAGER, "see the bodies of raw signals as they were sent, with whatever they hold"
    ),
    Permission.PAGE_READ: Grant(Level.VIEWER, "see who was paged, when, how and why"),
    Permission.PAGE_ESCALATE: Grant(Level.RESPONDER, "escalate a page by hand"),
    Permission.PERSON_READ: Grant(Level.VIEWER, "see persons"),
    Permission.PERSON_MANAGE: Grant(Level.ADMINISTRATOR, "create, change and deactivate persons"),
    Permission.TEAM_READ: Grant(Level.VIEWER, "see teams"),
    Permission.TEAM_MANAGE: Grant(Level.MANAGER, "create and change teams"),
    Permission.TOKEN_MANAGE: Grant(Level.ADMINISTRATOR, "see and revoke everybody's tokens"),
    Permission.SCHEDULE_READ: Grant(Level.VIEWER, "see schedules and who is on call"),
    Permission.SCHEDULE_OVERRIDE: Grant(
        Level.RESPONDER, "override one's own shifts, put oneself on call, swap and leave notes"
    ),
    Permission.SCHEDULE_MANAGE: Grant(Level.MANAGER, "create and change schedules"),
    Permission.CATALOG_READ: Grant(Level.VIEWER, "see workloads and dependencies"),
    Permission.CATALOG_MANAGE: Grant(Level.MANAGER, "change the catalogue"),
    Permission.PLAN_READ: Grant(Level.VIEWER, "read the response plan"),
    Permission.PLAN_PUBLISH: Grant(Level.MANAGER, "publish a version of the response plan"),
    Permission.CHANGE_READ: Grant(Level.VIEWER, "see changes"),
    Permission.CLOCK_READ: Grant(Level.VIEWER, "see running clocks"),
    Permission.LEDGER_READ: Grant(Level.VIEWER, "read the ledger"),
    Permission.LEDGER_EXPORT: Grant(Level.MANAGER, "export and verify the ledger"),
    Permission.LEDGER_SEAL: Grant(Level.ADMINISTRATOR, "seal the ledger now"),
    Permission.INTEGRATION_READ: Grant(Level.VIEWER, "see integrations, without their keys"),
    Permission.INTEGRATION_MANAGE: Grant(Level.MANAGER, "create and change integrations and see their keys"),
    Permission.CHANNEL_TEST: Grant(Level.RESPONDER, "send a test page"),
    Permission.SETTINGS_READ: Grant(Level.VIEWER, "see settings, without secrets"),
    Permission.SETTINGS_MANAGE: Grant(Level.ADMINISTRATOR, "change settings"),
    Permission.METRICS_READ: Grant(Level.VIEWER, "read the figures for Prometheus"),
    Permission.APPLY: Grant(Level.ADMINISTRATOR, "apply manifests"),
}


class Kind(StrEnum):
    """What sort of actor stands behind a request or job."""

    PERSON = "person"
    TOKEN = "token"
    INTEGRATION = "integration"
    LINK = "link"
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts. `scopes` narrows what the level allows ("incident.*"); for links and integrations it is all they may do.

    `person_id` is the human behind the act where there is one: also for tokens and tapped links.
    """

    kind: Kind
    name: str
    level: Level = Level.NOBODY
    person_id: UUID | None = None
    scopes: frozenset[str] | None = field(default=None)
    via: str = ""

    def as_json(self) -> dict[str, str]:
        """The actor as the ledger keeps it."""
        parts = {"kind": str(self.kind), "name": self.name, "via": self.via}
        if self.person_id:
            parts["person"] = str(self.person_id)
        return {key: value for key, value in parts.items() if value}


SYSTEM = Principal(Kind.SYSTEM, "muster", Level.ADMINISTRATOR)
ANONYMOUS = Principal(Kind.ANONYMOUS, "anonymous")


def refusal(principal: Principal, permission: Permission) -> str:
    """Why this principal may not, as a sentence; empty when they may. Deny by default."""
    grant = GRANTS[permission]
    if principal.kind is Kind.SYSTEM:
        return ""
    if principal.scopes is not None and not any(_covers(scope, permission) for scope in principal.scopes):
        return f"This {principal.kind} is not scoped for {permission}."
    if principal.kind in (Kind.INTEGRATION, Kind.LINK):
        return "" if principal.scopes is not None else f"This {principal.kind} may do nothing."
    if principal.level < grant.level:
        return f"To {grant.sentence} needs the level {grant.level.label}; {principal.name} has {principal.level.label}."
    return ""


def check(principal: Principal, permission: Permission) -> None:
    """Let pass or refuse.

    Raises:
        Unauthenticated: nobody is signed in.
        Denied: with the permission and the reason.
    """
    if principal.kind is Kind.ANONYMOUS:
        raise Unauthenticated("Sign in first.", f"To {GRANTS[permission].sentence} needs a session or an API token.")
    if reason := refusal(principal, permission):
        raise Denied("You may not do this.", reason, permission=str(permission))


def _covers(scope: str, permission: Permission) -> bool:
    return scope in ("*", permission) or (scope.endswith(".*") and permission.startswith(scope[:-1]))
