"""People hear of what happens to their account, by every proved contact of their own but the one that was changed."""

import json
from datetime import timedelta

from muster.channels import store as inbox
from muster.people import store as people
from muster.people.actions import contacts, passwords, persons, sessions, tokens
from muster.people.actions.factors import reset_factors
from muster.people.actions.setup import initialise

from .story import Story

ADMIN = "root"
PASSWORD = "correct horse battery staple"
BOXES = ("ana", "ana-2")


def with_boxes(story: Story) -> str:
    """Ana with two inboxes and a webhook."""
    hook = {"kind": "webhook", "address": f"{story.phones.url}/ana", "verified": True}
    boxes = [{"kind": "inbox", "address": box, "verified": True} for box in BOXES]
    email = "ana@contoso.example"
    person = {"kind": "Person", "name": "ana", "email": email, "permission": "manager", "contacts": [*boxes, hook]}
    return json.dumps(person)


async def notices(story: Story) -> list[tuple[str, str]]:
    """Box and text of everything that the inboxes hold, the oldest first."""
    await story.settle()
    async with story.muster.database.read() as conn:
        kept = await inbox.newest(conn, None, 100)
    return [(row.box, row.message["body"]) for row in reversed(kept)]


async def test_people_are_told_of_what_happens_to_their_account(story: Story) -> None:
    async with story.unit() as unit:
        await initialise(unit, "Contoso", "root@contoso.example", PASSWORD)
    await story.apply(with_boxes(story))

    async with story.unit(ADMIN) as unit:
        link = await passwords.make_password_link(unit, "ana")
    async with story.unit() as unit:
        await passwords.use_password_link(unit, link, PASSWORD, "192.0.2.1", "Firefox/140.0 Linux")
    assert await notices(story) == [], "the first sign-in is nobody else's"

    async with story.unit() as unit:
        ana = await people.person_named(unit.conn, "ana")
        assert ana is not None
        await sessions.begin(unit, ana, "192.0.2.7", "Chrome/140.0 Windows", "password")
    said = await notices(story)
    assert [box for box, _ in said] == [*BOXES]
    assert "Chrome on Windows at 192.0.2.7" in said[0][1]
    assert "If this was not you" in said[0][1]

    async with story.unit("ana") as unit:
        await tokens.create_token(unit, "ci", ["incident.*"], timedelta(days=1))
    async with story.unit(ADMIN) as unit:
        draft = persons.draft_of(ana)
        await persons.update_person(unit, "ana", draft.model_copy(update={"permission": "viewer"}))
        await reset_factors(unit, "ana")
        mine = (await people.contacts_of(unit.conn, [ana.id]))[ana.id]
        await contacts.remove_contact(unit, "ana", mine[1].id)
    said = (await notices(story))[2:]
    assert len(said) == 7
    for words in ("It is called ci", "It was manager and is viewer, by root.", "root took them away"):
        assert [box for box, body in said if words in body] == [*BOXES], words
    assert [box for box, body in said if "It was inbox" in body] == ["ana"]
    assert story.notices == [], "a webhook is no person"
