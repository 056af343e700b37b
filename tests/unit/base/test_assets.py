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
FEATURES = sorted(assets.FEATURES.glob("*/static"))
SHEETS = sorted([*(ROOT / "css").glob("*.css"), *(sheet for folder in FEATURES for sheet in folder.glob("*.css"))])
JAVASCRIPT_BUDGET, LONGEST_SHEET = 200_000, 400
FIRST_CLASS = re.compile(r"^\.([a-z][\w-]*)", re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


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
    sizes = {path.name: path.stat().st_size for folder in (ROOT, *FEATURES) for path in folder.rglob("*.js")}
    assert sum(sizes.values()) < JAVASCRIPT_BUDGET, sizes


def test_every_style_sheet_is_part_of_the_one_that_is_sent() -> None:
    assert {path.stem for path in (ROOT / "css").glob("*.css")} == {*assets.STYLES, *assets.LAST_STYLES}
    sent = assets.shipped().find(assets.BUNDLE)
    assert sent is not None
    assert all(path.read_bytes() in sent.body for path in SHEETS)


def test_no_style_sheet_is_long() -> None:
    long = {path.name: lines for path in SHEETS if (lines := path.read_text().count("\n")) > LONGEST_SHEET}
    assert not long


def test_a_class_belongs_to_the_sheets_of_one_feature() -> None:
    features: dict[str, set[str]] = {}
    for path in SHEETS:
        if path.parent != ROOT / "css":
            for name in FIRST_CLASS.findall(COMMENT.sub("", path.read_text())):
                features.setdefault(name, set()).add(path.parts[-3])
    assert not {name: places for name, places in features.items() if len(places) > 1}


def test_the_scripts_that_pages_load_are_all_there() -> None:
    shipped = assets.shipped()
    scripts = {name for name in [*shipped.of_pages, *shipped.of_features, assets.ENTRY] if shipped.find(name)}
    folders = [(ROOT / "js", "js"), *((folder, folder.parent.name) for folder in FEATURES)]
    assert scripts == {f"{place}/{path.name}" for folder, place in folders for path in folder.glob("*.js")}


def test_colours_stand_in_the_tokens_only() -> None:
    for path in SHEETS:
        if path.stem not in ("tokens", "coverage", "base"):
            assert not re.findall(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsl", path.read_text()), path.name


def test_every_colour_and_size_that_is_used_is_a_token() -> None:
    sheets = "".join(path.read_text() for path in SHEETS)
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
