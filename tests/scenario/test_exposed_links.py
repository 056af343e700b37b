"""Links that open something: none gets into a record, and those that 0.1 left in its ledger open nothing any more."""

import hashlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from tests.conftest import MovableClock
from tests.scenario.story import Story, told

from muster.base.features import installed, routers
from muster.desk.pages.now import TELL_REVOKED
from muster.kit.masking import HIDDEN, mask_path
from muster.ledger.actions import record_all
from muster.ledger.event import Event
from muster.ledger.events import ACCESS_DENIED
from muster.people.actions.passwords import make_password_link
from muster.people.actions.tokens import issue
from muster.people.events import SIGN_IN_FAILED, SIGN_IN_THROTTLED
from muster.people.store import person_rows

Browser = Callable[..., httpx2.AsyncClient]


@pytest.fixture
def browser(story: Story) -> Browser:
    """Makes clients of the story's whole application."""

    def client(token: str = "") -> httpx2.AsyncClient:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        transport = httpx2.ASGITransport(app=story.muster.app, raise_app_exceptions=False)
        return httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8600", headers=headers)

    return client


@pytest.fixture
async def story(connect: dict[str, Any], clock: MovableClock) -> AsyncIterator[Story]:
    """Ana, a manager, Vera, who may only look, and Root."""
    async with told(connect, clock) as story:
        await story.apply(story.person("vera", permission="viewer"), story.person("root", permission="administrator"))
        yield story


async def token_of(story: Story, name: str) -> str:
    """An API token of somebody."""
    async with story.unit(name) as unit:
        person = await person_rows.person_named(unit.conn, name)
        assert person
        return (await issue(unit, person, f"{name}'s", ["*"], timedelta(days=1)))[1]


async def everything_of_the_ledger(client: httpx2.AsyncClient) -> str:
    """What a reader can get of it, in every form."""
    parts = [(await client.get(path)).text for path in ("/api/v1/ledger?limit=200", "/ledger.csv", "/ledger")]
    listed = (await client.get("/api/v1/ledger?limit=200")).json()["items"]
    for stream in {item["stream"] for item in listed}:
        parts.append((await client.get(f"/api/v1/ledger/streams/{stream}")).text)
    for position in [item["position"] for item in listed if item["kind"] == "AccessDenied"]:
        parts.append((await client.get(f"/ledger/entries/{position}")).text)
    return "\n".join(parts)


async def test_a_refused_form_leaves_its_link_in_no_record(story: Story, browser: Browser) -> None:
    async with story.unit("root") as unit:
        secret = await make_password_link(unit, "ana")
    async with browser() as stranger, browser(await token_of(story, "vera")) as vera:
        for path in (f"/password/{secret}", "/first-run/" + "F1rst" * 8, f"/password/{secret}/"):
            refused = await stranger.post(path, data={"password": "a long enough password"})
            assert refused.status_code in (403, 404, 307)
            assert secret not in refused.text
        seen = await everything_of_the_ledger(vera)
        denied = (await vera.get("/api/v1/ledger", params={"kind": "AccessDenied"})).json()["items"]
    assert "/password/{secret}" in {item["data"]["path"] for item in denied}
    assert secret not in seen
    assert "F1rstF1rst" not in seen
    assert await story.count("SELECT count(*) FROM ledger_denials WHERE path LIKE '%' || $1 || '%'", secret) == 0


async def test_a_page_that_is_not_there_does_not_repeat_a_secret(browser: Browser) -> None:
    async with browser() as stranger:
        for path in ("/api/v1/password/", "/password/more/", "/x/"):
            answer = await stranger.get(path + "Zk3v-QvW9yN0aB1cD2eF3gH4iJ5kL6")
            assert answer.status_code == 404
            assert (
                "Zk3v" not in answer.json()["detail"] if path.startswith("/api") else "Nothing is served" in answer.text
            )


async def test_old_entries_are_shown_without_what_they_should_not_hold(story: Story, browser: Browser) -> None:
    async with story.unit() as unit:
        denied = Event("access", ACCESS_DENIED, {"permission": "", "path": "/password/Old-Link-0123456789", "times": 1})
        typed = Event("access", SIGN_IN_FAILED, {"tried": "hunter2 as a name", "from": "192.0.2.7"})
        paused = Event("access", SIGN_IN_THROTTLED, {"subject": "unknown:hunter2 as a name", "failures": 5})
        await record_all(unit, [denied, typed, paused])
    for name in ("vera", "root"):
        async with browser(await token_of(story, name)) as reader:
            seen = await everything_of_the_ledger(reader)
            assert f"/password/{HIDDEN}" in seen
            assert "Old-Link" not in seen
            assert "hunter2" not in seen
            for guess in ("Old-Link", "hunter2"):
                assert (await reader.get("/api/v1/ledger", params={"q": guess})).json()["items"] == []
            assert ("192.0.2.7" in seen) == (name == "root")


async def test_the_first_start_after_0_1_takes_every_open_link_back(story: Story, browser: Browser) -> None:
    await story.fires("DiskFull")
    link = story.texts[0].link
    async with story.unit("root") as unit:
        secret = await make_password_link(unit, "ana")
    async with browser() as stranger:
        assert (await stranger.get(f"/password/{secret}")).status_code == 200
    async with story.muster.work.pool.acquire() as conn:
        await conn.execute("INSERT INTO exposed_links DEFAULT VALUES")
    await story.restart()
    async with browser() as stranger:
        assert (await stranger.get(f"/password/{secret}")).status_code == 404
    assert (await story.tap_link(link)).status_code == 403
    async with browser(await token_of(story, "root")) as root, browser(await token_of(story, "vera")) as vera:
        said = (await root.get("/api/v1/ledger", params={"kind": "ExposedLinksRevoked"})).json()["items"]
        assert [item["data"] for item in said] == [{"password_links": 1, "first_run_links": 0, "one_tap_links": "all"}]
        assert "Links were revoked by the upgrade" in (await root.get("/")).text
        assert "Links were revoked by the upgrade" not in (await vera.get("/")).text
        story.clock.move(TELL_REVOKED)
        assert "Links were revoked by the upgrade" not in (await root.get("/")).text
    # Once only: what is made afterwards stays.
    async with story.unit("root") as unit:
        later = await make_password_link(unit, "ana")
    await story.restart()
    async with browser() as stranger:
        assert (await stranger.get(f"/password/{later}")).status_code == 200
    assert await story.count("SELECT count(*) FROM ledger_events WHERE kind = 'ExposedLinksRevoked'") == 1


async def test_a_fresh_installation_has_nothing_to_take_back(story: Story) -> None:
    assert await story.count("SELECT count(*) FROM exposed_links") == 0


async def test_what_is_typed_as_a_name_is_kept_nowhere(story: Story, browser: Browser) -> None:
    typed = "correct horse battery"
    async with browser() as stranger, browser(await token_of(story, "root")) as root:
        page = await stranger.get("/sign-in")
        csrf = page.text.partition('name="csrf" value="')[2].partition('"')[0]
        for _ in range(6):
            form = {"csrf": csrf, "who": typed, "password": "x"}
            answer = await stranger.post("/sign-in", data=form, headers={"origin": "http://127.0.0.1:8600"})
            assert answer.status_code in (401, 429)
        failed = (await root.get("/api/v1/ledger", params={"kind": "SignInFailed"})).json()["items"]
        assert failed[0]["stream"] == "access"
        assert set(failed[0]["data"]) == {"from"}
        assert typed not in await everything_of_the_ledger(root)
    tables = await story.count(
        "SELECT count(*) FROM sign_in_failures WHERE subject ILIKE '%' || $1 || '%'", typed
    ) + await story.count("SELECT count(*) FROM ledger_events WHERE body ILIKE '%' || $1 || '%'", typed)
    assert tables == 0
    plain = hashlib.sha256(typed.encode()).hexdigest()[:32]
    assert await story.count("SELECT count(*) FROM sign_in_failures WHERE strpos(subject, $1) > 0", plain) == 0
    assert await story.count("SELECT count(*) FROM sign_in_failures") > 0


async def test_addresses_to_sign_in_with_are_between_the_person_and_managers(story: Story, browser: Browser) -> None:
    address = "ana@contoso.example"
    async with browser(await token_of(story, "vera")) as vera, browser(await token_of(story, "bo")) as bo:
        places = ("/api/v1/persons", "/api/v1/persons/ana", "/settings/people", "/settings/people/ana")
        for path in places:
            assert address not in (await vera.get(path)).text
            assert address in (await bo.get(path)).text
        assert address not in await everything_of_the_ledger(vera)
        assert "vera@contoso.example" in (await vera.get("/api/v1/persons/vera")).text
        assert (await vera.get("/api/v1/persons", params={"q": "@contoso"})).json()["items"] == []
        assert (await vera.get("/api/v1/ledger", params={"q": address})).json()["items"] == []
        assert len((await bo.get("/api/v1/persons", params={"q": "ana@"})).json()["items"]) == 1


def test_every_route_with_a_secret_in_its_path_is_masked() -> None:
    names = ("secret", "token", "key")
    paths = {getattr(route, "path", "") for router in routers(installed()) for route in router.routes}
    secret = [path for path in paths if any(f"{{{name}}}" in path for name in names)]
    assert {"/password/{secret}", "/first-run/{secret}", "/a/{token}", "/t/{token}"} <= set(secret)
    for template in secret:
        filled = template
        for name in names:
            filled = filled.replace(f"{{{name}}}", "Ab3" * 7)
        assert "Ab3" not in mask_path(filled), template
