"""People hear of what happens to their account, by every proved contact but the one that was changed."""

from dataclasses import replace
from datetime import timedelta

from muster.people import store as people
from muster.people.actions import contacts, passwords, persons, sessions, tokens
from muster.people.actions.factors import reset_factors
from muster.people.actions.setup import initialise

from .story import Story

ADMIN = "root"
PASSWORD = "correct horse battery staple"


async def test_people_are_told_of_what_happens_to_their_account(story: Story) -> None:
    async with story.unit() as unit:
        await initialise(unit, "Contoso", "root@contoso.example", PASSWORD)
    await story.apply(story.person("ana", "ana-2"))

    async with story.unit(ADMIN) as unit:
        link = await passwords.make_password_link(unit, "ana")
    async with story.unit() as unit:
        await passwords.use_password_link(unit, link, PASSWORD, "192.0.2.1", "Firefox/140.0 Linux")
    assert story.notices == [], "the first sign-in is nobody else's"

    async with story.unit() as unit:
        ana = await people.person_named(unit.conn, "ana")
        assert ana is not None
        await sessions.begin(unit, ana, "192.0.2.7", "Chrome/140.0 Windows", "password")
    assert [each.phone for each in story.notices] == ["ana", "ana-2"]
    assert "Chrome on Windows at 192.0.2.7" in story.notices[0].body
    assert "If this was not you" in story.notices[0].body

    async with story.unit("ana") as unit:
        await tokens.create_token(unit, "ci", ["incident.*"], timedelta(days=1))
    async with story.unit(ADMIN) as unit:
        draft = persons.draft_of(ana)
        await persons.update_person(unit, "ana", replace(draft, level="viewer"))
        await reset_factors(unit, "ana")
        mine = (await people.contacts_of(unit.conn, [ana.id]))[ana.id]
        await contacts.remove_contact(unit, "ana", mine[1].id)
    said = [(each.phone, each.body) for each in story.notices[2:]]
    assert len(said) == 7
    for words in ("It is called ci", "It was manager and is viewer, by root.", "root took them away"):
        assert [phone for phone, body in said if words in body] == ["ana", "ana-2"], words
    assert [phone for phone, body in said if "It was webhook" in body] == ["ana"]
