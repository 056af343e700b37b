"""The worked example `docs/extend/add-a-channel.md`, applied to a copy and used."""

import json
from pathlib import Path

import pytest

from tests.doubles.http_sink import HttpSink, Reply
from tests.extend.worked_example import apply_example, check, copied, environment
from tests.running import Running

HOUSE = ("channels", "features", "order", "purity", "edges", "dead_code")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source with the example's channel."""
    folder = copied(tmp_path_factory.mktemp("copy"))
    places = apply_example("add-a-channel.md", folder)
    outside = [place for place in places if not place.startswith("src/muster/channels/gotify/")]
    assert outside == ["src/muster/channels/folders.py", "tests/integration/outgoing/test_gotify.py"]
    return folder


def test_the_copy_keeps_the_rules_of_the_house(copy: Path) -> None:
    own = ("tests/integration/outgoing/test_gotify.py", "tests/integration/outgoing/test_channels.py")
    assert check(copy, *own, *(f"tests/architecture/test_{rule}.py" for rule in HOUSE)) == ""


async def test_a_page_leaves_by_the_channel(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", environment(copy)["PYTHONPATH"])
    async with HttpSink(Reply(body=b'{"id": 7}')) as gotify, Running(cold=True, gotify_url=gotify.url) as muster:
        await muster.init()
        form = (await muster.api("GET", "/me")).text
        assert "Application token" in form
        guide = (await muster.api("GET", "/settings/channels")).text
        assert f"Ready: pages leave by {gotify.url}." in guide
        contact = ("person", "contact", "add", "admin", "gotify", "muster", "--secret", "AxYz", "--verified")
        await muster.cli(*contact)
        await muster.cli("page", "test", "admin")
        [request] = gotify.requests
        assert (request.path, request.headers["x-gotify-key"]) == ("/message", "AxYz")
        # It ends with 1, because no plan is published.
        findings = json.loads(await muster.cli("doctor", "--json", code=1))
        assert [finding["sentence"] for finding in findings if finding["name"] == "Gotify"] == ["Gotify is healthy."]
