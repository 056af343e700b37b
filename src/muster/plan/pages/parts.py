"""What the plan's pages share: which plan is meant, addresses, sentences with code in them."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Path, Query, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup, escape

from muster.base.unit import Conn
from muster.kit.errors import Missing
from muster.plan import store
from muster.plan.actions.publish import CHANGED
from muster.plan.model.plan import Plan
from muster.plan.version import Version

PLAN, TOPICS = "/plan", [CHANGED]

Asked = Annotated[str, Query(max_length=500)]
Field = Annotated[str, Form(max_length=5000)]
Text = Annotated[str, Form(max_length=1_000_000)]
Number = Annotated[int, Path(ge=1, lt=2**31)]


def see_other(url: str) -> Response:
    """Go there after a form was done."""
    return RedirectResponse(url, 303)


def address(path: str, query: Mapping[str, object]) -> str:
    """A path with the parameters that are set."""
    chosen = {key: value for key, value in query.items() if value}
    return f"{path}?{urlencode(chosen)}" if chosen else path


async def newest_of(conn: Conn, name: str) -> Version | None:
    """The newest version of the plan that is asked for; the one in force when none is. None before the first.

    Raises:
        Missing: a plan is named that does not exist.
    """
    if not name:
        return await store.in_force(conn)
    newest = await store.newest(conn, name)
    if newest is None:
        raise Missing(f"There is no plan `{name:.64}`.", "The list of versions names those that there are.")
    return newest


async def numbered_of(conn: Conn, name: str, number: int) -> Version:
    """One version of the plan that is asked for, or of the one in force.

    Raises:
        Missing: there is no such plan or version.
    """
    name = name or await store.active_name(conn) or ""
    version = await store.numbered(conn, name, number) if number < 2**31 else None
    if version is None:
        raise Missing(
            f"The plan {name:.64} has no version {number}.", "The list of versions names those that there are."
        )
    return version


def inline(text: str) -> Markup:
    """A sentence in which `code` stands in backticks, as HTML."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    coded = (
        Markup('<code class="inline">{}</code>').format(part) if at % 2 else escape(part)
        for at, part in enumerate(parts)
    )
    return Markup("").join(coded)


def ranks(plan: Plan) -> dict[str, int]:
    """How each severity of a plan is coloured: 1 for the worst."""
    return {name: number + 1 for number, name in enumerate(plan.severities)}
