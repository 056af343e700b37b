"""Turns whatever a request can fail with into an RFC 9457 problem that a person can act on."""

from typing import Any

import asyncpg
from fastapi import Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from muster.kit.errors import (
    MOST_FAULTS,
    Broken,
    Conflict,
    Fault,
    Invalid,
    Malformed,
    Missing,
    Problem,
    Throttled,
    TooLarge,
    Unavailable,
    first_of,
)

_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "permission": {"type": "string"},
        "faults": {"type": "array", "items": {"type": "object"}},
        "reasons": {"type": "array", "items": {"type": "string"}},
    },
}
_CONTENT = {"content": {"application/problem+json": {"schema": _SCHEMA}}}

RESPONSES: dict[int | str, dict[str, Any]] = {
    400: {"description": "The request is malformed.", **_CONTENT},
    401: {"description": "Nobody is signed in.", **_CONTENT},
    403: {"description": "Not permitted; the reason is given.", **_CONTENT},
    404: {"description": "There is no such thing.", **_CONTENT},
    409: {"description": "The present state forbids it.", **_CONTENT},
    413: {"description": "Too large.", **_CONTENT},
    422: {"description": "Fields break a rule; all are listed.", **_CONTENT},
    429: {"description": "Too many attempts.", **_CONTENT},
    503: {"description": "A part of Muster is away.", **_CONTENT},
}


AWAY_FOR = "5"
"""Seconds after which somebody who was told that a part of Muster is away may try again."""


class _Other(Problem):
    """A plain HTTP refusal such as 405."""

    def __init__(self, status: int, title: str) -> None:
        super().__init__(title)
        self.status = status  # type: ignore[misc]
        self.kind = "http"  # type: ignore[misc]


def problem_of(error: Exception) -> Problem:
    """The problem behind an error that the edge caught."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        return _invalid(error)
    if isinstance(error, HTTPException):
        return (
            Missing("There is no such page.")
            if error.status_code == 404
            else _Other(error.status_code, str(error.detail))
        )
    if isinstance(error, MemoryError):
        return Unavailable("Muster has too little memory for this now.", "Try again in a few seconds, or ask for less.")
    if isinstance(error, asyncpg.DataError | asyncpg.PostgresSyntaxError):
        return Invalid(
            "A value cannot be stored.", "A text may not hold a NUL character, nor a number exceed its range."
        )
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        return Conflict("This contradicts something that is already there.", f"The rule is {error.constraint_name}.")
    if isinstance(error, asyncpg.DeadlockDetectedError | asyncpg.SerializationError | asyncpg.QueryCanceledError):
        return Unavailable("Somebody else changed the same thing at the same moment.", "Try again.")
    raise error


def try_again(problem: Problem) -> dict[str, str]:
    """The header that says when to try again, where that would help."""
    if isinstance(problem, Throttled):
        return {"retry-after": str(problem.retry_after)}
    return {"retry-after": AWAY_FOR} if isinstance(problem, Unavailable) else {}


def as_response(problem: Problem) -> Response:
    """The problem as JSON."""
    headers = try_again(problem)
    if problem.status == 401:
        headers["www-authenticate"] = 'Bearer realm="muster"'
    return JSONResponse(problem.as_json(), problem.status, headers, "application/problem+json")


def _invalid(error: RequestValidationError) -> Problem:
    faults = []
    found = error.errors()
    for fault in found[: MOST_FAULTS + 1]:
        place = ".".join(str(part) for part in fault["loc"][1:])
        if fault["type"] == "json_invalid":
            reason = fault.get("ctx", {}).get("error", "")
            return Malformed("The body is not JSON.", faults=[Fault("body", f"{reason} at character {place}.")])
        raised = fault.get("ctx", {}).get("error")
        rule, fix = (raised.rule, raised.fix) if isinstance(raised, Broken) else (f"{fault['msg']}.", "")
        faults.append(Fault(place or str(fault["loc"][0]), rule, fix))
    return Invalid("Some fields break a rule.", faults=first_of(faults, len(found)))


def too_large(limit: int) -> TooLarge:
    """The refusal of a body above the limit."""
    return TooLarge("The request is too large.", f"The limit here is {limit} bytes.")
