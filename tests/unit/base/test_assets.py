"""Static files: exact vendored copies, one hash, within the budget."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from muster.base.web import assets

ROOT = assets.ROOT
TESTS = Path(__file__).parents[2]
JAVASCRIPT_BUDGET = 200_000


VENDORED = {
    "shipped": ROOT / "vendor",
    "tests only": TESTS / "browser" / "vendor",
    "site only": TESTS.parent / "docs" / "site" / "vendor",
}


@pytest.mark.parametrize("folder", VENDORED.values(), ids=VENDORED.keys())
def test_every_vendored_file_is_the_one_that_the_manifest_names(folder: Path) -> None:
    manifest = {entry["file"]: entry for entry in json.loads((folder / "MANIFEST.json").read_text())}
    assert set(manifest) == {path.name for path in folder.iterdir()} - {"MANIFEST.json"}
    for name, entry in manifest.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == entry["sha256"], name
        assert entry["version"]
        assert entry["licence"]


def test_all_javascript_together_stays_within_its_budget() -> None:
    sizes = {path.name: path.stat().st_size for path in ROOT.rglob("*.js")}
    assert sum(sizes.values()) < JAVASCRIPT_BUDGET, sizes


def test_every_style_sheet_is_part_of_the_one_that_is_sent() -> None:
    assert {path.stem for path in (ROOT / "css").glob("*.css")} == set(assets.STYLES)


def test_colours_stand_in_the_tokens_only() -> None:
    for path in (ROOT / "css").glob("*.css"):
        if path.stem not in ("tokens", "coverage", "base"):
            assert not re.findall(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsl", path.read_text()), path.name


def test_every_colour_and_size_that_is_used_is_a_token() -> None:
    sheets = "".join(path.read_text() for path in (ROOT / "css").glob("*.css"))
    defined = set(re.findall(r"^\s*(--[a-z0-9-]+):", sheets, re.MULTILINE))
    used = set(re.findall(r"var\((--[a-z0-9-]+)", sheets))
    assert used <= defined


@pytest.fixture
def client() -> TestClient:
    return TestClient(Starlette(routes=[Route("/static/{hash}/{name:path}", assets.serve_static)]))


def test_a_file_under_the_present_hash_is_kept_for_ever(client: TestClient) -> None:
    answer = client.get(assets.shipped().url("js/app.js"))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == assets.FOR_EVER
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"


def test_a_file_under_another_hash_is_sent_but_not_kept(client: TestClient) -> None:
    assert client.get("/static/old/js/app.js").headers["cache-control"] == "no-cache"


def test_files_are_sent_packed_to_browsers_that_can_unpack(client: TestClient) -> None:
    url = assets.shipped().url(assets.BUNDLE)
    packed = client.head(url, headers={"accept-encoding": "gzip"})
    plain = client.get(url, headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == b""
    assert int(packed.headers["content-length"]) < len(plain.content) / 3
    whole = assets.shipped().find(assets.BUNDLE)
    assert whole is not None
    assert whole.packed is not None
    assert gzip.decompress(whole.packed) == plain.content


@pytest.mark.parametrize("name", ["js/absent.js", "../render.py", "%2e%2e/render.py", "css/tokens.css"])
def test_nothing_else_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/static/x/{name}").status_code == 404


def test_a_template_cannot_name_a_file_that_is_absent() -> None:
    with pytest.raises(KeyError):
        assets.shipped().url("js/absent.js")
