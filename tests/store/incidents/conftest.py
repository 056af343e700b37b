"""What the tests of incidents share: an organisation, a plan, everybody as a principal, and the features wired."""

from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest

from muster.alerts.actions.verdicts import existing as existing_alert
from muster.alerts.alert import Alert, AlertStatus, Hold
from muster.alerts.happenings import AlertChange, AlertsChanged, ChangeKind
from muster.alerts.store import alerts
from muster.base.access import SYSTEM, Kind, Level, Principal
from muster.base.db.database import Database
from muster.base.features import installed, subscribe
from muster.base.unit import Unit
from muster.incidents.actions.guard import existing
from muster.incidents.actions.report import Report, report
from muster.incidents.incident import Incident
from muster.kit.ids import new_id
from muster.people import store as people
from muster.people.actions.persons import create_person
from muster.people.actions.teams import create_team
from muster.people.drafts import PersonDraft, TeamDraft
from muster.plan.actions.publish import publish

PLAN = """
kind: Plan
name: main
severities:
  critical: {acknowledge_within: 5m, escalate: war-room}
  high: {acknowledge_within: 15m}
  low: {acknowledge_within: 1d}
severity_rules:
  - {if: 'severity == "critical"', then: critical}
  - {if: 'severity == "low"', then: low}
  - {if: 'true', then: high}
routes: [{if: 'true', to: first}]
grouping: {by: [alertname], window: 10m}
escalation:
  first:
    - {notify: ["person:ana"], wait: 5m}
    - {notify: ["person:bo"], wait: 5m}
  war-room:
    - {notify: ["team:directors"], wait: 5m}
paging:
  remind_acknowledged: {critical: 1h}
authority:
  levels: [responder, incident_manager, director]
  close: {only: incident_manager, not_same_person_as: resolver}
  severity.lower: incident_manager
closure:
  - {check: no_firing_alerts}
  - {check: record_complete, fields: [trigger, resolution]}
  - {check: attest, name: users_recovered, by: incident_manager, about: Affected users can work again.}
  - {check: note, name: cause, severities: [critical]}
"""
LEVELS = {
    "vera": Level.VIEWER,
    "ana": Level.RESPONDER,
    "bo": Level.RESPONDER,
    "mona": Level.MANAGER,
    "otto": Level.MANAGER,
    "dora": Level.ADMINISTRATOR,
}


@dataclass
class House:
    """The organisation: `person("ana")` is her as a principal, `report(...)` opens an incident."""

    database: Database
    persons: dict[str, Principal] = field(default_factory=dict)

    def person(self, name: str) -> Principal:
        return self.persons[name]

    async def report(self, by: str = "ana", title: str = "The shop answers 500", **told: str) -> Incident:
        async with self.database.unit(self.person(by)) as unit:
            return await report(unit, Report(title, **told))

    async def began(self, name: str, severity: str = "", key: str = "") -> Alert:
        """An alert that fires now, as intake writes it."""
        async with self.database.unit(SYSTEM) as unit:
            now, source = unit.now, await self._source(unit)
            alert = Alert(
                **dict.fromkeys(("description", "next_step", "group_hint", "hold_reason"), ""),
                **dict.fromkeys(("ends_at", "resolved_at", "hold_ref", "verdict"), None),
                **dict.fromkeys(("starts_at", "first_seen_at", "last_seen_at", "changed_at"), now),
                **dict.fromkeys(("episode", "signal_count"), 1),
                id=new_id(now), integration_id=source, key=key or name, status=AlertStatus.FIRING, title=f"{name} fires",
                labels={"alertname": name}, annotations={}, severity_hint=severity, links=(), hold=Hold.NONE,
                signal_id=new_id(now),
            )  # fmt: skip
            await alerts.insert(unit.conn, [alert])
            await unit.emit(AlertsChanged((AlertChange(alert, ChangeKind.OPENED, "It fires."),)))
        return alert

    async def ended(self, alert: Alert) -> None:
        """The alert is over."""
        async with self.database.unit(SYSTEM) as unit:
            over = replace(alert, status=AlertStatus.RESOLVED, resolved_at=unit.now)
            await alerts.update(unit.conn, [over])
            await unit.emit(AlertsChanged((AlertChange(over, ChangeKind.RESOLVED, "Its source says so."),)))

    async def verdict(self, alert: Alert) -> str | None:
        async with self.database.unit(SYSTEM) as unit:
            return (await existing_alert(unit, alert.id)).verdict

    async def incident(self, ref: str = "1") -> Incident:
        async with self.database.unit(SYSTEM) as unit:
            return await existing(unit.conn, ref)

    async def _source(self, unit: Unit) -> UUID:
        found: UUID | None = await unit.conn.fetchval("SELECT id FROM integrations")
        if found is None:
            found = new_id(unit.now)
            await unit.conn.execute(
                """INSERT INTO integrations (id, name, format, key_digest, key_sealed, created_at)
                   VALUES ($1, 'prometheus', 'alertmanager', '\\x00', '', $2)""",
                found,
                unit.now,
            )
        return found


@pytest.fixture
async def house(database: Database) -> House:
    """A wired organisation whose plan is in force."""
    subscribe(database.bus, installed())
    async with database.unit(SYSTEM) as unit:
        for name, level in LEVELS.items():
            await create_person(
                unit,
                PersonDraft(
                    name=name,
                    email=f"{name}@contoso.example",
                    full_name=name.title(),
                    time_zone="UTC",
                    permission=level.label,
                ),
            )
        await create_team(unit, TeamDraft(name="directors", title="", members=("dora",), lead=""))
        await publish(unit, PLAN)
        found = await people.persons_named(unit.conn, LEVELS)
    house = House(database)
    for name, person in found.items():
        house.persons[name] = Principal(Kind.PERSON, name, person.level, person.id)
    return house
