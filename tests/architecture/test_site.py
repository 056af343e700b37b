"""The site of the documents builds without a warning, leads nowhere that is not there, and asks no other server for anything."""

import re
import runpy
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from tests.architecture.house import ROOT
from tests.architecture.test_documents import DOCUMENTS, FENCE, read

SCRIPT: dict[str, Any] = runpy.run_path(str(ROOT / "scripts" / "site"))
# What a browser fetches by itself; `a` and `form` wait for the reader.
FETCHED = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "src")}


class Parsed(HTMLParser):
    """A page of the site: its anchors, its links, what it fetches and how many blocks of code it shows."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path, self.anchors, self.links, self.fetched, self.blocks = path, set[str](), list[str](), list[str](), 0
        self.feed(read(path))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Takes what the checks need."""
        self.blocks += tag == "pre"
        for name, value in attrs:
            if name in ("id", "name") and value:
                self.anchors.add(value)
            elif (tag, name) in FETCHED and value:
                self.fetched.append(value)
            elif (tag, name) == ("a", "href") and value:
                self.links.append(value)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built anew; a warning fails the build."""
    target = tmp_path_factory.mktemp("site") / "site"
    assert SCRIPT["main"](target) == 0
    return target


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Parsed]:
    """Every page of the site, read."""
    return {path: Parsed(path) for path in site.rglob("*.html") if path.name != "404.html"}


def external(target: str) -> bool:
    """Whether an address leads away from the site."""
    return re.match(r"[a-z]+:|//", target) is not None


def test_every_document_is_a_page_that_shows_all_its_code(site: Path, pages: dict[Path, Parsed]) -> None:
    for document in DOCUMENTS:
        page = pages[(site / SCRIPT["place"](document)).with_suffix(".html")]
        assert not re.search(r"^```\n+(?:[2-9]|\d\d)\. ", read(document), re.MULTILINE), (
            f"{document}: indent the code of an item"
        )
        assert page.blocks == len(FENCE.findall(re.sub(r"^ +```", "```", read(document), flags=re.MULTILINE))), (
            page.path
        )


def test_every_link_of_the_site_leads_to_a_page_and_a_place_in_it(pages: dict[Path, Parsed]) -> None:
    dead = []
    for page in pages.values():
        for target in (*page.links, *page.fetched):
            if external(target):
                continue
            name, _, anchor = target.partition("#")
            there = (page.path.parent / unquote(name.partition("?")[0])).resolve() if name else page.path
            if not there.exists() or (anchor and there in pages and unquote(anchor) not in pages[there].anchors):
                dead.append((page.path.name, target))
    assert not dead


def test_the_navigation_leads_to_every_page(site: Path, pages: dict[Path, Parsed]) -> None:
    listed = {(site / target).resolve() for target in pages[site / "index.html"].links if not external(target)}
    assert {path for path in pages if path not in listed} == set()


def test_the_site_asks_no_other_server_for_anything(site: Path, pages: dict[Path, Parsed]) -> None:
    assert not {(page.path.name, target) for page in pages.values() for target in page.fetched if external(target)}
    for sheet in site.rglob("*.css"):
        assert not re.findall(r"@import|url\(\s*[\"']?(?:https?:)?//", read(sheet)), sheet.name
    with_diagrams = [page for page in pages.values() if 'class="mermaid"' in read(page.path)]
    assert with_diagrams
    for page in with_diagrams:
        assert any("mermaid.tiny.js" in target for target in page.fetched), "the theme would fetch it from elsewhere"


def test_an_item_of_a_list_keeps_what_belongs_to_it() -> None:
    text = "1. One:\n\n   ```sh\n   - x\n   ```\n\n   After.\n2. Two\n   - nested\n     more\n\nEnd.\n"
    widened = "1. One:\n\n    ```sh\n    - x\n    ```\n\n    After.\n2. Two\n    - nested\n        more\n\nEnd.\n"
    assert SCRIPT["widened"](text) == widened
