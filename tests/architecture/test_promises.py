"""Whoever wrote a client, a script or a manifest for Muster 0.1 keeps it: nothing that 0.1 offered is gone or changed."""

import re
from collections.abc import Mapping

import pytest

from muster.app.cli import app
from muster.base.features import installed, routers
from tests.architecture.house import ROOT
from tests.upgrade.commands import command_shapes
from tests.upgrade.comparison import broken
from tests.upgrade.record import read_shapes
from tests.upgrade.shape import api_shapes

CHANGED: Mapping[str, str] = {
    "GET /api/v1/incidents/{ref}/alerts 200": "{ref}/alerts` answers `items` and `next` instead of a bare list",
}
"""What changed on purpose: how the sentences about it begin, and the words of the changelog that say so."""


@pytest.fixture(scope="module")
def sentences() -> list[str]:
    """What is different in the API."""
    return broken(read_shapes("api.txt"), api_shapes(routers(installed())))


def test_requests_of_0_1_are_taken_and_answered_in_the_same_form(sentences: list[str]) -> None:
    assert [sentence for sentence in sentences if not sentence.startswith(tuple(CHANGED))] == []


def test_what_changed_on_purpose_did_change_and_the_changelog_says_so(sentences: list[str]) -> None:
    assert [place for place in CHANGED if not any(sentence.startswith(place) for sentence in sentences)] == []
    changelog = re.sub(r"\s+", " ", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert [words for words in CHANGED.values() if words not in changelog] == []


def test_commands_of_0_1_take_the_same_words() -> None:
    assert broken(read_shapes("commands.txt"), command_shapes(app)) == []


def test_names_of_0_1_are_documented() -> None:
    missing = []
    for page, lines in read_shapes("names.txt").items():
        text = (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8")
        missing += [f"{page}: {name}" for name in lines if f"`{name}`" not in text]
    assert missing == []


def test_the_record_is_whole() -> None:
    operations = read_shapes("api.txt").keys() - {"refusal", "permissions"}
    assert len(operations) == 181
    assert len(read_shapes("commands.txt")) == 185
    assert sorted(read_shapes("names.txt")) == ["events.md", "formats.md", "permissions.md", "settings.md"]
