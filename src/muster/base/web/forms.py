"""What pages with forms share: fields of forms and queries, redirects after a form was done, faults by field, addresses."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Form, Query, Response
from fastapi.responses import RedirectResponse

from muster.kit.errors import Fault, Problem

Field = Annotated[str, Form(max_length=20_000)]
Asked = Annotated[str, Query(max_length=500)]


def see_other(url: str) -> Response:
    """Go there after a form was done."""
    return RedirectResponse(url, 303)


def by_field(problem: Problem | None) -> dict[str, Fault]:
    """The first fault of each field of a form; a part of a field counts to it."""
    found: dict[str, Fault] = {}
    for fault in problem.faults if problem else ():
        found.setdefault(fault.field.partition(".")[0], fault)
    return found


def address(path: str, query: Mapping[str, str | None]) -> str:
    """A path with the parameters that are set."""
    chosen = {key: value for key, value in query.items() if value}
    return f"{path}?{urlencode(chosen)}" if chosen else path
