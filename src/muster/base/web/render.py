"""Pages from templates: one Jinja environment over the shared layout and every feature's `templates/`."""

from collections.abc import Mapping
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import BytecodeCache, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, Template
from jinja2.bccache import Bucket
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from muster.base.features import NavigationEntry, installed, navigation_of
from muster.base.web import assets, times
from muster.base.web.prose import markdown
from muster.base.web.typed import TEMPLATES, context_of
from muster.base.web.view import Clearance, View

HERE = Path(__file__).parent / "templates"
FEATURES = Path(__file__).parent.parent.parent
_view: ContextVar[View] = ContextVar("view")


class _Compiled(BytecodeCache):
    """Templates that this process has compiled: every node in it shares them."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was compiled of the same source."""
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


class Renderer:
    """Templates, compiled once. The macros of all `templates/components/` are one global, `ui`, for all of them."""

    def __init__(self, navigation: tuple[NavigationEntry, ...] | None = None, *, reload: bool = False) -> None:
        features = {
            folder.parent.name: FileSystemLoader(folder)
            for folder in sorted(FEATURES.glob("*/templates"))
            if folder.is_dir()
        }
        self.environment = Environment(
            loader=ChoiceLoader([FileSystemLoader(HERE), PrefixLoader(features)]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=reload,
            cache_size=-1,
            bytecode_cache=_COMPILED,
        )
        self.environment.filters.update(_FILTERS)
        ui = SimpleNamespace()
        entries = navigation_of(installed()) if navigation is None else navigation
        self.environment.globals.update(_GLOBALS, navigation=entries, ui=ui)
        self._fill(ui)

    def text(self, template: str | Template, view: View, context: Mapping[str, Any]) -> str:
        """Render a page as this onlooker sees it."""
        token = _view.set(view)
        try:
            return self.environment.get_template(template).render(context)
        finally:
            _view.reset(token)

    def _fill(self, ui: SimpleNamespace) -> None:
        own = [f"{folder.parents[1].name}/components" for folder in sorted(FEATURES.glob("*/templates/components"))]
        names = self.environment.list_templates(
            filter_func=lambda name: name.rpartition("/")[0] in ("components", *own)
        )
        for name in names:
            module = self.environment.get_template(name).module
            for macro_name, macro in vars(module).items():
                if not macro_name.startswith("_"):
                    setattr(ui, macro_name, macro)


def render(
    request: Request,
    page: str | object,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> HTMLResponse:
    """A page as the answer to `request`: a typed view such as `render(request, IncidentList(…))`, or the name of a template
    that has none yet, with its context.

    The edge has set `request.state.view`; the application holds the `Renderer` as `app.state.renderer`. A form that is
    shown again with its faults keeps the address of the page that it stands on.
    """
    renderer: Renderer = request.app.state.renderer
    name = page if isinstance(page, str) else TEMPLATES[type(page)]
    html = renderer.text(name, request.state.view, context if isinstance(page, str) else context_of(page))
    kept = {"cache-control": "no-store", **(headers or {})}
    if request.method != "GET" and "hx-request" in request.headers:
        kept["hx-push-url"] = "false"
    return HTMLResponse(html, status_code=status, headers=kept)


def fragment(request: Request, view: object) -> Markup:
    """A part of a page, from its typed view."""
    renderer: Renderer = request.app.state.renderer
    return Markup(renderer.text(TEMPLATES[type(view)], request.state.view, context_of(view)))


def _now() -> datetime:
    return _view.get().now


def _csrf() -> Markup:
    return Markup('<input type="hidden" name="csrf" value="{}">').format(_view.get().csrf)


def _can(permission: str) -> Clearance:
    return _view.get().can(permission)


def _initials(name: str) -> str:
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


_FILTERS: dict[str, Any] = {
    "ago": lambda at: times.ago_text(at, _now()),
    "until": lambda at: times.until_text(at, _now()),
    "local": lambda at: times.local_text(at, _view.get().zone, _now()),
    "absolute": lambda at: times.absolute_text(at, _view.get().zone),
    "machine": times.machine_text,
    "duration": times.span_text,
    "initials": _initials,
    "markdown": markdown,
}
_GLOBALS: dict[str, Any] = {
    "view": _view.get,
    "now": _now,
    "can": _can,
    "csrf": _csrf,
    "asset": lambda name: assets.shipped().url(name),
    "scripts": assets.shipped,
    "countdown": lambda due, started=None: times.countdown(due, _now(), started),
}
