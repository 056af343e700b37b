"""Templates: nothing inline, every component on the styleguide, strict about what is missing."""

import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import UndefinedError
from starlette.requests import Request

import muster
from muster.base.access import Kind, Level, Principal
from muster.base.features import installed, navigation_of
from muster.base.web.render import Renderer, render
from muster.base.web.view import View
from muster.desk.pages.samples import samples
from muster.kit.errors import Denied

NOW = datetime(2026, 11, 22, 3, 7, tzinfo=UTC)
ANA = Principal(Kind.PERSON, "Ana Sousa", Level.MANAGER)
TEMPLATES = sorted(Path(muster.__file__).parent.glob("**/templates/**/*.html"))
COMPONENTS = [path for path in TEMPLATES if path.parent.name == "components"]
INLINE = re.compile(
    r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"'{]|<script(?![^>]*\ssrc=)|javascript:|hx-on", re.IGNORECASE
)

JINJA = re.compile(r"{[{%#].*?[}%#]}", re.DOTALL)


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def show(renderer: Renderer, template: str, view: View | None = None, **context: Any) -> str:
    return renderer.text(template, view or View(NOW, ANA, csrf="t0ken"), context)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: "/".join(path.parts[-3:]))
def test_no_template_carries_inline_script_or_style(path: Path) -> None:
    assert not INLINE.findall(JINJA.sub("x", path.read_text()))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: "/".join(path.parts[-3:]))
def test_every_template_compiles_and_calls_only_macros_that_exist(path: Path, renderer: Renderer) -> None:
    source = path.read_text()
    renderer.environment.from_string(source)
    known = vars(renderer.environment.globals["ui"])
    assert {name for name in re.findall(r"\bui\.([a-z_]+)", source) if name not in known and name != "html"} == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: "/".join(path.parts[-3:]))
def test_every_posting_form_brings_its_token_back(path: Path) -> None:
    for form in re.findall(r"<form\b.*?</form>", path.read_text(), re.DOTALL):
        opening = form.split(">", 1)[0]
        assert "post" not in opening or "csrf()" in form


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: "/".join(path.parts[-3:]))
def test_every_permission_that_a_template_asks_for_exists(path: Path) -> None:
    view = View(NOW, ANA)
    for name in re.findall(r"\bcan\(\"([^\"]+)\"\)", path.read_text()):
        view.can(name)


def test_every_component_stands_on_the_styleguide() -> None:
    page = next(path for path in TEMPLATES if path.name == "styleguide.html").read_text()
    macros = {name for path in COMPONENTS for name in re.findall(r"{% macro ([a-z]\w*)\(", path.read_text())}
    assert {name for name in macros if not re.search(rf"\bui\.{name}\(", page)} == set()


def test_the_styleguide_renders_without_anything_inline_and_with_unique_ids(renderer: Renderer) -> None:
    html = show(renderer, "desk/styleguide.html", **samples(NOW))
    assert not INLINE.findall(html)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))
    named = re.findall(r'aria-(?:labelledby|describedby|controls)="([^"]+)"', html)
    assert set(" ".join(named).split()) <= set(ids)


def test_what_people_wrote_is_escaped(renderer: Renderer) -> None:
    template = renderer.environment.from_string('{{ ui.person("<b>x</b>") }}{{ ui.callout("reason", "<i>") }}')
    html = template.render()
    assert "<b>" not in html
    assert "<i>" not in html


def test_a_missing_value_is_an_error_and_no_gap(renderer: Renderer) -> None:
    with pytest.raises(UndefinedError):
        renderer.environment.from_string("{{ absent }}").render()


def test_a_button_that_is_refused_says_why(renderer: Renderer) -> None:
    template = renderer.environment.from_string('{{ ui.button("Publish", may=can("plan.publish")) }}')
    html = renderer.text(template, View(NOW, Principal(Kind.PERSON, "Vera Lind", Level.VIEWER)), {})
    assert 'aria-disabled="true"' in html
    assert "needs the level manager" in html


def test_the_page_marks_where_one_is(renderer: Renderer) -> None:
    html = show(renderer, "desk/styleguide.html", View(NOW, ANA, path="/alerts/7"), **samples(NOW))
    here = re.findall(r'<a class="rail-place" href="([^"]+)"[^>]*aria-current="page"', html.split("<main")[0])
    assert here == ["/alerts"]


def test_navigation_letters_differ() -> None:
    entries = navigation_of(installed())
    assert len({entry.key for entry in entries}) == len(entries)
    assert [entry.label for entry in entries[:2]] == ["Now", "Incidents"]


def test_messages_and_a_silent_paging_path_are_said(renderer: Renderer) -> None:
    view = View(NOW, ANA, path_trouble="The last test page failed")
    html = show(renderer, "desk/styleguide.html", view, **samples(NOW))
    assert "INC-142 is acknowledged." in html
    assert "The last test page failed" in html


def asking(method: str = "GET", **headers: str) -> Request:
    scope = {
        "type": "http",
        "method": method,
        "path": "/",
        "query_string": b"",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        "app": SimpleNamespace(state=SimpleNamespace(renderer=Renderer())),
        "state": {"view": View(NOW, ANA)},
    }
    return Request(scope)


def test_a_refusal_is_a_page_with_a_way_out() -> None:
    answer = render(asking(), "problem.html", status=403, problem=Denied("You may not do this.", "It needs a manager."))
    assert answer.status_code == 403
    assert answer.headers["cache-control"] == "no-store"
    assert b"It needs a manager." in answer.body


def test_a_form_shown_again_keeps_the_address_of_its_page() -> None:
    answer = render(asking("POST", hx_request="true"), "problem.html", status=422, problem=Denied("No."))
    assert answer.headers["hx-push-url"] == "false"
