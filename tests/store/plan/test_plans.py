"""Plans in the database: published whole or not at all, never changed afterwards, exactly one in force."""

from uuid import UUID

import asyncpg
import pytest
from tests.unit.plan.texts import SMALL, changed

from muster.base.access import SYSTEM, Kind, Level, Principal
from muster.base.db.database import Database
from muster.base.unit import Unit
from muster.kit.errors import Conflict, Denied, Invalid, Missing
from muster.kit.yamldoc import read_documents
from muster.ledger.store import of_stream
from muster.people.actions.persons import deactivate_person
from muster.people.actions.teams import delete_team
from muster.people.happenings import PersonDeactivating, TeamDeleting
from muster.plan import store
from muster.plan.actions.activate import activate
from muster.plan.actions.apply import apply_plans
from muster.plan.actions.guard import object_to_person, object_to_team, schedule_in_use
from muster.plan.actions.publish import publish, restore, validate
from muster.plan.happenings import PlanPublished

FASTER = changed(("acknowledge_within: 5m", "acknowledge_within: 3m"))
OTHER = changed(("name: main", "name: holidays"))
MONA = Principal(Kind.PERSON, "mona", Level.MANAGER)


async def test_the_first_plan_takes_force_and_is_told_to_the_ledger(database: Database) -> None:
    async with database.unit(SYSTEM) as unit:
        assert await store.in_force(unit.conn) is None
    async with database.unit(MONA) as unit:
        done = await publish(unit, SMALL, "A start.")
    assert (done.created, done.version.label, done.version.published_by) == (True, "main 1", "mona")
    async with database.unit(SYSTEM) as unit:
        current = await store.in_force(unit.conn)
        assert current is not None
        assert (current.id, current.plan, current.text) == (done.version.id, done.version.plan, SMALL)
        (entry,) = await of_stream(unit.conn, "plan:main", 0, 10)
        assert (entry.kind, entry.reason, entry.data["number"]) == ("PlanPublished", "A start.", 1)


async def test_a_new_version_takes_force_and_the_pinned_one_stays_as_it_was(database: Database) -> None:
    async with database.unit(MONA) as unit:
        first = await publish(unit, SMALL)
    async with database.unit(MONA) as unit:
        second = await publish(unit, FASTER, "Faster.")
    assert [change.sentence() for change in second.changes] == [
        "`severities.critical.acknowledge_within` is 3m; it was 5m."
    ]
    store._parsed.clear()
    async with database.unit(SYSTEM) as unit:
        current = await store.in_force(unit.conn)
        assert current is not None
        assert current.number == 2
        assert (await store.pinned(unit.conn, first.version.id)).plan == first.version.plan
        assert [entry.number for entry in await store.history(unit.conn, "main", 10)] == [2, 1]
        assert [entry.number for entry in await store.history(unit.conn, "main", 10, before=2)] == [1]


async def test_the_same_text_is_not_a_new_version(database: Database) -> None:
    for expected in (True, False):
        async with database.unit(MONA) as unit:
            done = await publish(unit, SMALL if expected else SMALL + "\n\n")
        assert (done.created, done.version.number) == (expected, 1)


async def test_a_plan_with_faults_is_not_published_at_all(database: Database) -> None:
    text = changed(("person:bo", "person:bob"), ("schedule:primary", "schedule:primry"), ("team:security", "team:x"))
    with pytest.raises(Invalid) as refused:
        async with database.unit(MONA) as unit:
            await publish(unit, text, file="p.yaml")
    assert [fault.sentence() for fault in refused.value.faults] == [
        "p.yaml:14:17: escalation.platform.0.notify.0: There is no schedule `primry`. Did you mean `primary`?",
        "p.yaml:15:17: escalation.platform.1.notify.0: There is no person `bob`. Did you mean `bo`?",
        "p.yaml:17:16: escalation.secops.0.notify: There is no team `x`. Known: `security`.",
    ]
    async with database.unit(SYSTEM) as unit:
        assert await store.plans(unit.conn) == []


async def test_a_dry_run_tells_faults_warnings_and_changes_and_writes_nothing(database: Database) -> None:
    async with database.unit(MONA) as unit:
        await publish(unit, SMALL)
    async with database.unit(MONA) as unit:
        reading, changes = await validate(unit, FASTER)
        assert [change.path for change in changes] == ["severities.critical.acknowledge_within"]
        assert [one.rule for one in reading.warnings] == ["`bo` has no verified contact: a page would not reach them."]
        reading, changes = await validate(unit, changed(("5m}", "5}")))
        assert (len(reading.faults), changes) == (2, ())
        assert len(await store.history(unit.conn, "main", 10)) == 1


async def test_an_older_version_is_restored_by_publishing_its_text_anew(database: Database) -> None:
    for text in (SMALL, FASTER):
        async with database.unit(MONA) as unit:
            await publish(unit, text)
    async with database.unit(MONA) as unit:
        done = await restore(unit, "main", 1)
    assert (done.version.number, done.version.text, done.version.note) == (3, SMALL, "Restored version 1.")
    with pytest.raises(Conflict, match="Version 1 says what version 3, the newest, says"):
        async with database.unit(MONA) as unit:
            await restore(unit, "main", 1)
    with pytest.raises(Missing, match="has no version 9"):
        async with database.unit(MONA) as unit:
            await restore(unit, "main", 9)


async def test_exactly_one_plan_is_in_force(database: Database) -> None:
    told: list[tuple[str, bool]] = []

    async def listen(unit: Unit, happening: PlanPublished) -> None:
        told.append((happening.version.label, happening.in_force))

    database.bus.subscribe(PlanPublished, listen)
    for text in (SMALL, OTHER):
        async with database.unit(MONA) as unit:
            await publish(unit, text)
    assert told == [("main 1", True), ("holidays 1", False)]
    async with database.unit(MONA) as unit:
        await activate(unit, "holidays", "Winter.")
    async with database.unit(SYSTEM) as unit:
        current = await store.in_force(unit.conn)
        assert current is not None
        assert current.name == "holidays"
        assert [(one.name, one.active) for one in await store.plans(unit.conn)] == [("holidays", True), ("main", False)]
        assert [entry.kind for entry in await of_stream(unit.conn, "plan:holidays", 0, 10)] == [
            "PlanPublished",
            "PlanActivated",
        ]
    with pytest.raises(Conflict, match="in force already"):
        async with database.unit(MONA) as unit:
            await activate(unit, "holidays")
    with pytest.raises(asyncpg.UniqueViolationError):
        async with database.unit(SYSTEM) as unit:
            await unit.conn.execute("UPDATE plans SET active = true")


@pytest.mark.parametrize(
    "statement", ["UPDATE plan_versions SET note = 'x'", "DELETE FROM plan_versions", "TRUNCATE plan_versions CASCADE"]
)
async def test_the_database_refuses_to_change_a_published_version(database: Database, statement: str) -> None:
    async with database.unit(MONA) as unit:
        await publish(unit, SMALL)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="A published plan is never changed"):
        async with database.unit(SYSTEM) as unit:
            await unit.conn.execute(statement)


async def test_only_managers_publish(database: Database) -> None:
    with pytest.raises(Denied):
        async with database.unit(Principal(Kind.PERSON, "ana", Level.RESPONDER)) as unit:
            await publish(unit, SMALL)


async def test_plans_are_applied_from_manifests_and_a_second_time_nothing_changes(database: Database) -> None:
    outcomes = []
    for text in (SMALL, SMALL, FASTER, "# written differently\n" + FASTER):
        documents = read_documents("kind: Team\nname: x\n---\nkind: Plan\n" + text, "org.yaml").documents[1:]
        async with database.unit(SYSTEM) as unit:
            (applied,) = await apply_plans(unit, documents)
        outcomes.append((applied.outcome, applied.changes))
    assert outcomes == [
        ("created", []),
        ("unchanged", []),
        ("changed", ["`severities.critical.acknowledge_within` is 3m; it was 5m."]),
        ("changed", ["only its writing changed"]),
    ]


async def test_a_manifest_with_faults_is_refused_with_places_in_the_manifest(database: Database) -> None:
    documents = read_documents(
        "kind: Team\nname: x\n---\nkind: Plan\n" + changed(("person:bo", "person:b")), "org.yaml"
    ).documents
    with pytest.raises(Invalid) as refused:
        async with database.unit(SYSTEM) as unit:
            await apply_plans(unit, documents[1:])
    assert (
        refused.value.faults[0]
        .sentence()
        .startswith("org.yaml:19:17: escalation.platform.1.notify.0: There is no person `b`.")
    )


async def test_what_the_plan_in_force_needs_cannot_leave(database: Database) -> None:
    database.bus.subscribe(PersonDeactivating, object_to_person)
    database.bus.subscribe(TeamDeleting, object_to_team)
    async with database.unit(MONA) as unit:
        await publish(unit, SMALL)
    with pytest.raises(Conflict, match=r"names it in step 2 of the policy platform: publish a plan without it first\."):
        async with database.unit(SYSTEM) as unit:
            await deactivate_person(unit, "bo")
    with pytest.raises(Conflict, match="step 1 of the policy secops"):
        async with database.unit(SYSTEM) as unit:
            await delete_team(unit, "security")
    async with database.unit(SYSTEM) as unit:
        assert len(await schedule_in_use(unit, "primary")) == 1
        assert await schedule_in_use(unit, "other") == []


async def test_a_version_that_today_s_checks_would_refuse_is_still_read(database: Database) -> None:
    circular = changed(('"person:bo"', '"policy:secops"'))
    async with database.unit(MONA) as unit:
        await publish(unit, SMALL)
        await unit.conn.execute(
            "INSERT INTO plan_versions SELECT $1, plan, 2, $2, digest, note, published_at, published_by FROM plan_versions",
            UUID(int=7),
            circular,
        )
    async with database.unit(SYSTEM) as unit:
        current = await store.in_force(unit.conn)
        assert current is not None
        assert current.plan.name == "main"
