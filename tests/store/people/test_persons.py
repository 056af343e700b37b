"""Creating, changing and letting go of persons and teams."""

import asyncio

import pytest

from muster.base.access import SYSTEM, Level
from muster.base.db.database import Database
from muster.base.unit import Unit
from muster.kit.errors import Conflict, Denied, Invalid, Missing
from muster.people import store
from muster.people.actions import contacts, passwords, persons, sessions, teams, tokens
from muster.people.drafts import ContactDraft, PersonDraft, TeamDraft
from muster.people.happenings import ContactProofWanted, PersonDeactivating, TeamDeleting
from muster.people.reach import Reach

from .conftest import PASSWORD, Open, SignIn

ANA = PersonDraft(
    name="ana", email="ana@contoso.example", full_name="Ana Silva", time_zone="Europe/Lisbon", permission="responder"
)
BO = PersonDraft(
    name="bo", email="bo@contoso.example", full_name="Bo Lind", time_zone="Europe/Stockholm", permission="manager"
)


async def kinds(unit: Unit) -> list[str]:
    """The kinds of all events so far."""
    await unit.write_gathered()
    return [row["kind"] for row in await unit.conn.fetch("SELECT kind FROM ledger_events ORDER BY position")]


async def test_a_person_is_created_with_an_event_by_an_administrator_only(acting_as: Open, admin: str) -> None:
    async with acting_as(admin) as unit:
        ana = await persons.create_person(unit, ANA)
        assert (ana.name, ana.level, ana.time_zone, ana.has_password) == (
            "ana",
            Level.RESPONDER,
            "Europe/Lisbon",
            False,
        )
        assert (await kinds(unit))[-1] == "PersonCreated"
    with pytest.raises(Denied):
        async with acting_as("ana") as unit:
            await persons.create_person(unit, BO)


async def test_every_fault_of_a_person_is_told_at_once(acting_as: Open, admin: str) -> None:
    with pytest.raises(Invalid) as refused:
        async with acting_as(admin) as unit:
            await persons.create_person(
                unit,
                PersonDraft(
                    name="Ana Silva",
                    email="root@CONTOSO.example",
                    full_name="",
                    time_zone="Mars/Base",
                    permission="boss",
                ),
            )
    assert [fault.field for fault in refused.value.faults] == ["name", "time_zone", "permission", "email"]
    assert "Rut Root" in refused.value.faults[-1].rule


async def test_a_name_that_is_taken_and_one_that_nobody_has_are_refused(acting_as: Open, admin: str) -> None:
    with pytest.raises(Conflict):
        async with acting_as(admin) as unit:
            await persons.create_person(unit, PersonDraft(name="root", email="x@contoso.example"))
    with pytest.raises(Missing):
        async with acting_as(admin) as unit:
            await persons.update_person(unit, "nobody", ANA)


async def test_only_what_differs_is_recorded(acting_as: Open, admin: str) -> None:
    async with acting_as(admin) as unit:
        await persons.create_person(unit, ANA)
        before = len(await kinds(unit))
        await persons.update_person(unit, "ana", ANA)
        assert len(await kinds(unit)) == before
        ana = await persons.update_person(
            unit,
            "ana",
            PersonDraft(name="ana", email="a@contoso.example", full_name="Ana", time_zone="UTC", permission="manager"),
        )
        assert (ana.email, ana.level) == ("a@contoso.example", Level.MANAGER)
        assert (await kinds(unit))[before:] == ["PersonChanged"]


async def test_the_last_administrator_can_neither_leave_nor_be_demoted(acting_as: Open, admin: str) -> None:
    with pytest.raises(Conflict, match="last administrator"):
        async with acting_as(admin) as unit:
            await persons.deactivate_person(unit, admin)
    with pytest.raises(Conflict, match="last administrator"):
        async with acting_as(admin) as unit:
            await persons.update_person(
                unit, admin, PersonDraft(name=admin, email="root@contoso.example", permission="viewer")
            )


async def test_an_administrator_who_cannot_sign_in_does_not_count(acting_as: Open, admin: str) -> None:
    async with acting_as(admin) as unit:
        await persons.create_person(
            unit, PersonDraft(name="eve", email="eve@contoso.example", permission="administrator")
        )
    with pytest.raises(Conflict, match="last administrator"):
        async with acting_as(admin) as unit:
            await persons.deactivate_person(unit, admin)
    async with acting_as(admin) as unit:
        link = await passwords.make_password_link(unit, "eve")
        await passwords.use_password_link(unit, link, PASSWORD, "", "")
    async with acting_as("eve") as unit:
        assert not (await persons.deactivate_person(unit, admin)).active


async def test_two_administrators_cannot_remove_each_other_at_once(
    database: Database, acting_as: Open, admin: str
) -> None:
    async with acting_as(admin) as unit:
        await persons.create_person(
            unit, PersonDraft(name="eve", email="eve@contoso.example", permission="administrator")
        )
        link = await passwords.make_password_link(unit, "eve")
        await passwords.use_password_link(unit, link, PASSWORD, "", "")

    async def remove(name: str) -> str:
        try:
            async with database.unit(SYSTEM) as unit:
                await persons.deactivate_person(unit, name)
                await asyncio.sleep(0.05)
            return "removed"
        except Conflict:
            return "kept"

    assert sorted(await asyncio.gather(remove("root"), remove("eve"))) == ["kept", "removed"]


async def test_who_leaves_loses_access_and_teams_and_keeps_their_history(
    database: Database, acting_as: Open, admin: str, try_sign_in: SignIn, reach: Reach
) -> None:
    async with acting_as(admin) as unit:
        await persons.create_person(unit, ANA)
        await teams.create_team(unit, TeamDraft(name="platform", title="", members=("ana", "root"), lead="ana"))
        link = await passwords.make_password_link(unit, "ana")
    async with database.unit(SYSTEM) as unit:
        await passwords.use_password_link(unit, link, PASSWORD, "", "")
    async with acting_as("ana") as unit:
        await tokens.create_token(unit, "laptop", ["*"])
        await contacts.add_contact(unit, "ana", ContactDraft(kind="email", address="ana@contoso.example"), reach)
    async with acting_as(admin) as unit:
        gone = await persons.deactivate_person(unit, "ana", "left the company")
        assert (gone.active, gone.has_password) == (False, False)
        assert await sessions.sessions_of(unit, "ana") == []
        assert [each.state(unit.now) for each in await tokens.tokens_of(unit, "ana")] == ["revoked"]
        team = await store.team_named(unit.conn, "platform")
        assert team is not None
        assert (team.members, team.lead) == (("root",), "")
        assert len((await store.contacts_of(unit.conn, [gone.id]))[gone.id]) == 1
        assert (await kinds(unit))[-2:] == ["PersonDeactivated", "TeamChanged"]
    assert not isinstance(await try_sign_in("ana"), sessions.SignedIn)
    async with acting_as(admin) as unit:
        assert (await persons.reactivate_person(unit, "ana")).active


async def test_other_features_object_to_losing_a_person_or_a_team(
    database: Database, acting_as: Open, admin: str
) -> None:
    async def needs_person(unit: Unit, leaving: PersonDeactivating) -> None:
        leaving.objections.append(f"{leaving.person.name} is on call in platform-primary.")

    async def needs_team(unit: Unit, leaving: TeamDeleting) -> None:
        leaving.objections.append("It owns the workload shop.")

    database.bus.subscribe(PersonDeactivating, needs_person)
    database.bus.subscribe(TeamDeleting, needs_team)
    async with acting_as(admin) as unit:
        await persons.create_person(unit, ANA)
        await teams.create_team(unit, TeamDraft(name="platform"))
    with pytest.raises(Conflict, match="on call in platform-primary"):
        async with acting_as(admin) as unit:
            await persons.deactivate_person(unit, "ana")
    with pytest.raises(Conflict, match="owns the workload shop"):
        async with acting_as(admin) as unit:
            await teams.delete_team(unit, "platform")


async def test_a_team_names_its_faults_and_guesses_who_was_meant(acting_as: Open, admin: str) -> None:
    async with acting_as(admin) as unit:
        await persons.create_person(unit, ANA)
    with pytest.raises(Invalid) as refused:
        async with acting_as(admin) as unit:
            await teams.create_team(
                unit, TeamDraft(name="platform", title="", members=("anna", "root", "root"), lead="bo")
            )
    assert {fault.field: fault.fix for fault in refused.value.faults} == {
        "members.0": "Did you mean `ana`?",
        "members.2": "Keep one.",
        "lead": "Add `bo` to the members.",
    }


async def test_a_team_changes_and_goes(acting_as: Open, admin: str) -> None:
    async with acting_as(admin) as unit:
        await persons.create_person(unit, ANA)
        await teams.create_team(unit, TeamDraft(name="platform", title="Platform", members=("ana", "root"), lead="ana"))
        team = await teams.update_team(
            unit, "platform", TeamDraft(name="platform", title="Ground", members=("root", "ana"), lead="root")
        )
        assert (team.label, team.members, team.lead) == ("Ground", ("root", "ana"), "root")
        await teams.delete_team(unit, "platform")
        assert await store.teams(unit.conn) == []


async def test_contacts_keep_their_order_without_gaps(acting_as: Open, admin: str, reach: Reach) -> None:
    async with acting_as(admin) as unit:
        await persons.create_person(unit, ANA)
    async with acting_as("ana") as unit:
        one, two, three = [
            await contacts.add_contact(unit, "ana", ContactDraft(kind="email", address=f"{n}@contoso.example"), reach)
            for n in "abc"
        ]
        await contacts.reorder_contacts(unit, "ana", [three.id, one.id, two.id])
        await contacts.remove_contact(unit, "ana", one.id)
        left = (await store.contacts_of(unit.conn, [one.person_id]))[one.person_id]
        assert [(each.id, each.rank) for each in left] == [(three.id, 1), (two.id, 2)]
    with pytest.raises(Invalid, match="each of the person's contacts"):
        async with acting_as("ana") as unit:
            await contacts.reorder_contacts(unit, "ana", [two.id])


async def test_contacts_are_their_owners_to_manage_and_administrators(
    acting_as: Open, admin: str, reach: Reach
) -> None:
    async with acting_as(admin) as unit:
        await persons.create_person(unit, ANA)
        await persons.create_person(unit, BO)
        await contacts.add_contact(
            unit, "ana", ContactDraft(kind="email", address="a@contoso.example", verified=True), reach
        )
    with pytest.raises(Denied):
        async with acting_as("bo") as unit:
            await contacts.add_contact(unit, "ana", ContactDraft(kind="email", address="b@contoso.example"), reach)
    with pytest.raises(Denied):
        async with acting_as("ana") as unit:
            await contacts.add_contact(
                unit, "ana", ContactDraft(kind="email", address="c@contoso.example", verified=True), reach
            )
    with pytest.raises(Conflict, match="this contact already"):
        async with acting_as("ana") as unit:
            await contacts.add_contact(unit, "ana", ContactDraft(kind="email", address="a@contoso.example"), reach)
    with pytest.raises(Invalid, match="http or https"):
        async with acting_as("ana") as unit:
            await contacts.add_contact(unit, "ana", ContactDraft(kind="webhook", address="nowhere"), reach)


async def test_a_contact_is_proved_by_its_code_within_five_guesses(
    database: Database, acting_as: Open, admin: str, reach: Reach
) -> None:
    sent: list[ContactProofWanted] = []

    async def send(unit: Unit, wanted: ContactProofWanted) -> None:
        sent.append(wanted)

    database.bus.subscribe(ContactProofWanted, send)
    async with acting_as(admin) as unit:
        contact = await contacts.add_contact(
            unit, admin, ContactDraft(kind="email", address="r@contoso.example"), reach
        )
        await contacts.send_code(unit, admin, contact.id)
    for _ in range(contacts.MOST_GUESSES):
        async with acting_as(admin) as unit:
            fault = await contacts.prove_contact(unit, admin, contact.id, "wrong")
            assert fault is not None
            assert unit.keep
    async with acting_as(admin) as unit:
        assert await contacts.prove_contact(unit, admin, contact.id, sent[0].code) is not None
        await contacts.send_code(unit, admin, contact.id)
        assert await contacts.prove_contact(unit, admin, contact.id, f" {sent[1].code} ") is None
        proved = await store.contact(unit.conn, contact.id)
        assert proved is not None
        assert (proved.verified, proved.verified_by) == (True, "code")


async def test_a_secret_address_does_not_reach_the_ledger(acting_as: Open, admin: str, reach: Reach) -> None:
    async with acting_as(admin) as unit:
        draft = ContactDraft(kind="webhook", address="https://hooks.example/T0/very-secret", secret="whsec_x")
        contact = await contacts.add_contact(unit, admin, draft, reach)
        await unit.write_gathered()
        bodies = [row["body"] for row in await unit.conn.fetch("SELECT body FROM ledger_events")]
        assert not any("very-secret" in body or "whsec_x" in body for body in bodies)
        assert await store.secrets_of(unit.conn, [contact.id]) == {contact.id: f"sealed contact:{contact.id}/secret"}
