"""Integrations: keys that are sealed and told once, changes that reach the intake, verdicts, tests, manifests."""

import pytest
from tests.conftest import MovableClock
from tests.store.alerts.conftest import KEY, SECRETS, Send, count, posted, stored

from muster.alerts.actions import integrations, samples, verdicts
from muster.alerts.actions.apply import apply_integrations
from muster.alerts.actions.intake import Intake
from muster.alerts.actions.noise import ranked_rules
from muster.alerts.alert import Hold
from muster.alerts.happenings import AlertChange, IntegrationDeleting
from muster.alerts.integration_draft import IntegrationDraft
from muster.alerts.manifest import IntegrationManifest
from muster.base.access import SYSTEM, Kind, Level, Principal
from muster.base.db.database import Database
from muster.base.unit import Unit
from muster.inbound.formats import InboundFormats, forms
from muster.kit.errors import Conflict, Denied, Invalid, Missing

MONA = Principal(Kind.PERSON, "mona", Level.MANAGER)
VERA = Principal(Kind.PERSON, "vera", Level.VIEWER)
FORMS = forms()


async def test_a_random_key_is_long_kept_only_sealed_and_shown_on_request(database: Database) -> None:
    async with database.unit(MONA) as unit:
        made, key = await integrations.create(unit, IntegrationDraft(name="prom"), FORMS, SECRETS)
    assert len(key) >= 32
    async with database.read() as conn:
        row = await conn.fetchrow("SELECT * FROM integrations WHERE id = $1", made.id)
    assert row is not None
    assert key not in str(dict(row))
    async with database.unit(MONA) as unit:
        assert await integrations.reveal(unit, "prom", SECRETS) == key
    async with database.unit(VERA) as unit:
        with pytest.raises(Denied):
            await integrations.reveal(unit, "prom", SECRETS)
    assert await count(database, "SELECT count(*) FROM ledger WHERE kind = 'IntegrationKeyShown'") == 1
    assert await count(database, "SELECT count(*) FROM ledger WHERE data::text LIKE $1", f"%{key}%") == 0


async def test_a_rotated_key_is_refused_at_once(database: Database, intake: Intake, clock: MovableClock) -> None:
    wanted = posted(clock.now(), "DiskFull")
    assert (await intake.accept(KEY, wanted)).status == 200
    async with database.unit(MONA) as unit:
        key = await integrations.rotate(unit, "prom", SECRETS, "leaked")
    with pytest.raises(Missing):
        await intake.accept(KEY, wanted)
    assert (await intake.accept(key, wanted)).status == 200


async def test_a_switched_off_integration_is_refused(database: Database, intake: Intake, clock: MovableClock) -> None:
    await intake.accept(KEY, posted(clock.now(), "DiskFull"))
    async with database.unit(MONA) as unit:
        draft = integrations.draft_of(await integrations.existing(unit, "prom")).model_copy(update={"active": False})
        await integrations.update(unit, "prom", draft, FORMS, SECRETS)
    with pytest.raises(Missing):
        await intake.accept(KEY, posted(clock.now(), "DiskFull"))


async def test_names_and_keys_belong_to_one(database: Database, intake: Intake) -> None:
    async with database.unit(MONA) as unit:
        with pytest.raises(Conflict):
            await integrations.create(unit, IntegrationDraft(name="prom"), FORMS, SECRETS)
        with pytest.raises(Invalid) as refused:
            await integrations.create(unit, IntegrationDraft(name="third", key=KEY), FORMS, SECRETS)
    assert refused.value.faults[0].field == "key"


async def test_what_fires_or_is_used_keeps_its_integration(database: Database, send: Send) -> None:
    async def object_to(unit: Unit, leaving: IntegrationDeleting) -> None:
        if leaving.integration.name == "other":
            leaving.objections.append("The plan names it.")

    database.bus.subscribe(IntegrationDeleting, object_to)
    await send("DiskFull")
    async with database.unit(MONA) as unit:
        with pytest.raises(Conflict, match="in use") as refused:
            await integrations.delete(unit, "prom")
        assert refused.value.detail.startswith("1 of its alerts is not over")
        with pytest.raises(Conflict):
            await integrations.delete(unit, "other")
    await send("DiskFull", over=True)
    async with database.unit(MONA) as unit:
        await integrations.delete(unit, "prom", "replaced")
    assert await stored(database) == []
    assert await count(database, "SELECT count(*) FROM signals") == 0
    assert (
        await count(database, "SELECT count(*) FROM ledger WHERE kind = 'IntegrationDeleted' AND reason = 'replaced'")
        == 1
    )


@pytest.mark.parametrize("name", sorted(FORMS))
async def test_each_formats_sample_goes_all_the_way_and_pages_nobody(
    database: Database, told: list[AlertChange], name: str
) -> None:
    async with database.unit(MONA) as unit:
        made, _ = await integrations.create(unit, IntegrationDraft(name="source", format=name), FORMS, SECRETS)
        result = await samples.send_sample(unit, made, FORMS[name], InboundFormats())
    assert [alert.hold for alert in result.alerts] == [Hold.TEST] * len(result.alerts)
    assert result.alerts or result.changes
    assert [alert.key for alert in await stored(database)] == [alert.key for alert in result.alerts]
    assert all(change.alert.hold for change in told)
    async with database.unit(MONA) as unit:
        await integrations.delete(unit, "source")


async def test_verdicts_count_for_the_rule_in_every_episode(database: Database, send: Send) -> None:
    for verdict in ("false", "false", "real"):
        await send("DiskFull")
        (alert,) = await stored(database)
        async with database.unit(MONA) as unit:
            await verdicts.judge(unit, alert.id, verdict, "looked")  # type: ignore[arg-type]
        await send("DiskFull", over=True)
    await send("Slow")
    async with database.unit(VERA) as unit:
        rules, totals = await ranked_rules(unit, 30)
        with pytest.raises(Denied):
            await verdicts.judge(unit, alert.id, None)
    first = rules[0]
    assert (first.rule, first.episodes, first.paged, first.false, first.real) == ("DiskFull", 3, 3, 2, 1)
    assert (totals.episodes, totals.false_rate) == (4, 2 / 3)
    async with database.unit(MONA) as unit:
        assert (await verdicts.judge(unit, alert.id, None)).verdict is None
    assert await count(database, "SELECT count(*) FROM alert_verdicts") == 2
    assert await count(database, "SELECT count(*) FROM ledger WHERE kind = 'AlertJudged'") == 4


async def test_manifests_are_applied_once(database: Database) -> None:
    manifest = IntegrationManifest(name="prom", format="alertmanager", key="small-org-prometheus-key-0123456789")

    async def apply(**changes: object) -> list[tuple[str, list[str]]]:
        async with database.unit(SYSTEM) as unit:
            wanted = manifest.model_copy(update=changes)
            return [(each.outcome, each.changes) for each in await apply_integrations(unit, [wanted], FORMS, SECRETS)]

    assert await apply() == [("created", [])]
    assert await apply() == [("unchanged", [])]
    assert await apply(key="") == [("unchanged", [])]
    assert await apply(title="Shop", key="another-key-0123456789") == [
        ("changed", ["title: none → Shop", "key: another → as given"])
    ]
