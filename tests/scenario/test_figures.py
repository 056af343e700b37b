"""Figures are for the machine itself and for those who may read them; a weakness finds its addressee."""

from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
from tests.conftest import MovableClock
from tests.scenario.story import Story, told
from tests.settings import settings_of

from muster.app.muster import Muster
from muster.kit.errors import Invalid
from muster.people.actions.tokens import issue
from muster.people.store import person_rows


async def ask(story: Story, path: str, peer: str = "127.0.0.1", **headers: str) -> httpx2.Response:
    """What an address is answered."""
    transport = httpx2.ASGITransport(app=story.muster.app, client=(peer, 1))
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8600", headers=headers) as client:
        return await client.get(path)


async def bearer(story: Story, name: str, *scopes: str) -> dict[str, str]:
    """The header of a new token of somebody."""
    async with story.unit(name) as unit:
        person = await person_rows.person_named(unit.conn, name)
        assert person
        return {"authorization": f"Bearer {(await issue(unit, person, scopes[0], scopes, timedelta(days=1)))[1]}"}


async def test_figures_are_for_this_machine_and_for_those_who_may_read_them(story: Story) -> None:
    await story.apply(story.person("vera", permission="viewer"))
    for peer in ("127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"):
        assert "muster_database_up 1" in (await ask(story, "/metrics", peer)).text
    for peer in ("192.0.2.1", "10.0.0.1", "2001:db8::1", ""):
        refused = await ask(story, "/metrics", peer)
        assert (refused.status_code, refused.json()["title"]) == (401, "Sign in first.")
        assert "MUSTER_METRICS_FROM" in refused.json()["detail"]
    for header in ("x-forwarded-for", "forwarded", "x-real-ip"):
        assert (await ask(story, "/metrics", **{header: "127.0.0.1"})).status_code == 401
    right, wrong = await bearer(story, "vera", "metrics.read"), await bearer(story, "vera", "incident.read")
    assert "muster_database_up 1" in (await ask(story, "/metrics", "192.0.2.1", **right)).text
    assert (await ask(story, "/metrics", "192.0.2.1", **wrong)).status_code == 403
    assert (await ask(story, "/metrics", "192.0.2.1", authorization="Bearer mst_nonsense")).status_code == 401


async def test_where_figures_are_read_from_is_a_setting(connect: dict[str, Any], clock: MovableClock) -> None:
    async with told(connect, clock, bare=True, metrics_from="192.0.2.0/24, 2001:db8::/32") as story:
        for peer, status in (("192.0.2.9", 200), ("2001:db8::9", 200), ("127.0.0.1", 401)):
            assert (await ask(story, "/metrics", peer)).status_code == status


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"metrics_from": "localhost"}, "MUSTER_METRICS_FROM"),
        ({"security_contact": "security@example.org"}, "MUSTER_SECURITY_CONTACT"),
        ({"security_contact": "mailto:a@b.example\nContact: mailto:c@d.example"}, "MUSTER_SECURITY_CONTACT"),
    ],
)
async def test_a_setting_that_cannot_be_read_is_told(
    connect: dict[str, Any], clock: MovableClock, tmp_path: Any, settings: dict[str, str], field: str
) -> None:
    muster = Muster(settings_of(data_dir=tmp_path, **settings), connect, clock)
    with pytest.raises(Invalid) as refused:
        await muster.start()
    assert [fault.field for fault in refused.value.faults] == [field]


async def test_whoever_finds_a_weakness_is_told_whom_to_write_to(
    connect: dict[str, Any], clock: MovableClock, story: Story
) -> None:
    assert (await ask(story, "/.well-known/security.txt")).status_code == 404


async def test_the_contact_stands_at_its_known_place(connect: dict[str, Any], clock: MovableClock) -> None:
    async with told(connect, clock, bare=True, security_contact="mailto:security@contoso.example") as story:
        answer = await ask(story, "/.well-known/security.txt", "192.0.2.1")
        assert answer.headers["content-type"].startswith("text/plain")
        fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:security@contoso.example"
    assert fields["Canonical"].endswith("/.well-known/security.txt")
    expires = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=30) < expires - clock.now() < timedelta(days=366)
