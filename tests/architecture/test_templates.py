"""Templates are narrow and short, and each is given a typed view that has every name the template uses."""

import importlib
from typing import Any, get_type_hints

import pytest

from muster.base.access import Kind, Level, Principal
from muster.base.web.render import Renderer
from muster.base.web.typed import TEMPLATES as DECLARED
from muster.base.web.typed import context_of
from muster.base.web.view import View
from tests.architecture.house import SOURCE, modules
from tests.architecture.untyped_templates import UNTYPED, WIDE
from tests.architecture.view_samples import NOW, sample
from tests.architecture.view_types import Walk

MOST_COLUMNS, MOST_LINES = 160, 150
TEMPLATES = {
    path.relative_to(folder).as_posix()
    if feature == "base"
    else f"{feature}/{path.relative_to(folder).as_posix()}": path
    for folder in (*SOURCE.glob("*/templates"), SOURCE / "base/web/templates")
    for feature in [folder.relative_to(SOURCE).parts[0]]
    for path in sorted(folder.rglob("*.html"))
}
ONLOOKERS = {
    "a manager": Principal(Kind.PERSON, "ana", Level.MANAGER),
    "a viewer": Principal(Kind.PERSON, "vera", Level.VIEWER),
}

for module in modules():
    if "@template(" in module.text and module.feature != "base":
        importlib.import_module(module.name)
VIEWS = {name: view for view, name in DECLARED.items() if view.__module__.startswith("muster.")}


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def walked(renderer: Renderer, name: str) -> Walk:
    """A template followed through the types of its view."""
    view = VIEWS[name]
    walk = Walk(renderer.environment, renderer.environment.globals)
    properties = {name: Any for name, value in vars(view).items() if isinstance(value, property)}
    walk.template(name, {**properties, **get_type_hints(view)})
    return walk


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_a_view_has_every_name_and_attribute_that_its_template_uses(renderer: Renderer, name: str) -> None:
    assert walked(renderer, name).faults == []


@pytest.mark.parametrize("onlooker", sorted(ONLOOKERS))
@pytest.mark.parametrize("full", [True, False], ids=["full", "empty"])
@pytest.mark.parametrize("name", sorted(VIEWS))
def test_a_template_renders_whatever_its_view_may_hold(
    renderer: Renderer, name: str, full: bool, onlooker: str
) -> None:
    page = sample(VIEWS[name], full=full)
    assert "</" in renderer.text(name, View(NOW, ONLOOKERS[onlooker], csrf="t0ken"), context_of(page))


def test_every_template_of_a_feature_has_a_typed_view_or_is_part_of_one_that_has(renderer: Renderer) -> None:
    typed = set[str]().union(*(walked(renderer, name).visited for name in VIEWS))
    untyped = {name for name in TEMPLATES if "/" in name and "components/" not in name} - typed
    assert untyped == UNTYPED, "give it a view; or take it off the list"


def test_templates_are_narrow_and_short() -> None:
    wide = set()
    for name, path in TEMPLATES.items():
        lines = path.read_text(encoding="utf-8").splitlines()
        if len(lines) > MOST_LINES or max(map(len, lines), default=0) > MOST_COLUMNS:
            wide.add(name)
    assert wide == WIDE, "break its lines; or take it off the list"


def test_what_a_view_does_not_have_is_found(renderer: Renderer) -> None:
    walk = Walk(renderer.environment, renderer.environment.globals)
    walk.text("sample", "{{ onlooker.zone }}{{ onlooker.zoom }}{% for one in all %}{{ one.zoom }}{% endfor %}{{ other }}",
              {"onlooker": View, "all": list[View]})  # fmt: skip
    assert [fault.partition(": ")[2] for fault in walk.faults] == [
        "View has no `zoom`",
        "View has no `zoom`",
        "`other` is not in the view",
    ]
