"""What is said of the ways to reach people: at once when one changes, and nothing because of an address that nobody named."""

from datetime import timedelta

import pytest
from tests.conftest import MovableClock
from tests.store.incidents.conftest import House

from muster.base.access import SYSTEM
from muster.kit.ids import new_id
from muster.paging.channel import MessageKind, SendOutcome
from muster.paging.delivery import DeliveryState, pending
from muster.paging.store import deliveries
from muster.paging.targets import Address, Reachable
from muster.people.actions.contacts import vouch_for_contact
from muster.people.notify import Notify
from muster.people.store import contact_rows


async def test_chains_are_looked_at_at_once_when_a_contact_is_confirmed(house: House, clock: MovableClock) -> None:
    clock.move(timedelta(minutes=1))
    async with house.database.unit(house.person("dora")) as unit:
        ana = house.person("ana").person_id
        assert ana is not None
        contact = new_id(unit.now)
        await contact_rows.insert(unit.conn, contact, ana, "inbox", "ana", 1, None, unit.now)
        await vouch_for_contact(unit, "ana", contact)
        due = await unit.conn.fetch("SELECT key FROM work WHERE kind = 'chains.check' AND run_at = $1", unit.now)
    assert f"person:{ana}" in [row["key"] for row in due]


@pytest.mark.parametrize(("kind", "seen"), [(MessageKind.NOTICE, []), (MessageKind.TEST, ["email"])])
async def test_a_notice_to_an_accounts_address_says_nothing_of_pages(
    house: House, kind: MessageKind, seen: list[str]
) -> None:
    async with house.database.unit(SYSTEM) as unit:
        ana = house.person("ana").person_id
        assert ana is not None
        person = Reachable(ana, "ana", "UTC", True, (), Notify())
        address = Address(None, "email", "ana@contoso.example", False)
        sent = pending(new_id(unit.now), kind, person, address, "A test.", unit.now)
        await deliveries.insert(unit.conn, [sent])
        failed = deliveries.Attempted(sent.id, DeliveryState.FAILED, SendOutcome.REFUSED, "E-mail is off.", "", None)
        await deliveries.attempted(unit.conn, [failed], unit.now)
        used = await deliveries.used_channels(unit.conn, unit.now - timedelta(days=1))
    assert [one.channel for one in used] == seen
