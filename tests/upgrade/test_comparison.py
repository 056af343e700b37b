"""What the comparison with an earlier version finds, and what it lets pass."""

import pytest
from fastapi import FastAPI
from pydantic import BaseModel

from tests.upgrade.comparison import broken
from tests.upgrade.shape import Shapes, described

BEFORE: Shapes = {
    "GET /teams": {
        "needs": "team.read",
        "path name": "string",
        "query limit": "integer, optional",
        "200": "array",
        "200 [].name": "string",
        "200 [].lead": "null | string, optional",
    },
    "POST /teams": {"body": "object", "body .kind": "'large' | 'small', optional", "body .members": "array, optional"},
}


def _after(operation: str, place: str, words: str | None) -> list[str]:
    """What is broken where a line of an operation changes or, with None, goes."""
    lines = {name: text for name, text in BEFORE[operation].items() if name != place}
    return broken(BEFORE, {**BEFORE, operation: lines if words is None else {**lines, place: words}})


def test_an_operation_that_is_gone_is_found() -> None:
    assert broken(BEFORE, {"GET /teams": BEFORE["GET /teams"]}) == ["POST /teams is gone"]


@pytest.mark.parametrize(
    ("operation", "place", "words"),
    [
        ("GET /teams", "needs", "team.manage"),
        ("GET /teams", "path name", "string(uuid)"),
        ("GET /teams", "query limit", None),
        ("GET /teams", "query limit", "integer"),
        ("GET /teams", "200", "object"),
        ("GET /teams", "200 [].name", None),
        ("GET /teams", "200 [].name", "null | string"),
        ("GET /teams", "200 [].name", "string, optional"),
        ("GET /teams", "200 [].name", "'large' | 'small', optional"),
        ("GET /teams", "200 [].lead", "null, optional"),
        ("GET /teams", "200 [].lead", "string, optional"),
        ("POST /teams", "body .kind", "'small', optional"),
        ("POST /teams", "body .kind", "'large' | 'small'"),
        ("POST /teams", "body .owner", "string"),
        ("POST /teams", "query reason", "string"),
    ],
)
def test_what_a_client_would_miss_is_found(operation: str, place: str, words: str | None) -> None:
    sentences = _after(operation, place, words)
    assert len(sentences) == 1
    assert sentences[0].startswith(f"{operation} {place} ")


@pytest.mark.parametrize(
    ("operation", "place", "words"),
    [
        ("GET /teams", "query cursor", "string, optional"),
        ("GET /teams", "200 [].size", "integer"),
        ("GET /teams", "200 [].lead", "null | string"),
        ("GET /teams", "200 [].name", "'large' | 'small'"),
        ("POST /teams", "body .kind", "'huge' | 'large' | 'small', optional"),
        ("POST /teams", "body .owner", "string, optional"),
        ("POST /teams", "body .place.city", "string"),
    ],
)
def test_what_is_more_passes(operation: str, place: str, words: str) -> None:
    assert _after(operation, place, words) == []


def test_a_body_of_which_nothing_was_told_may_be_described() -> None:
    described_later = {"body": "object", "body .name": "string", "body .layers[].name": "string"}
    assert broken({"POST /schedules": {"body": "object"}}, {"POST /schedules": described_later}) == []


class Member(BaseModel):
    name: str
    deputy: "Member | None" = None


class Draft(BaseModel):
    members: list[Member]
    labels: dict[str, int] = {}


def test_an_operation_is_described_by_its_fields() -> None:
    api = FastAPI()

    @api.post("/teams/{name}", status_code=201)
    def save(name: str, draft: Draft, reason: str = "") -> Member:
        raise NotImplementedError

    shape = described(api.openapi())["POST /teams/{name}"]
    assert {place: words for place, words in shape.items() if not place.startswith("422")} == {
        "path name": "string",
        "query reason": "string, optional",
        "body": "object",
        "body .members": "array",
        "body .members[]": "object",
        "body .members[].name": "string",
        "body .members[].deputy": "as above | null, optional",
        "body .labels": "object, optional",
        "body .labels{}": "integer",
        "201": "object",
        "201 .name": "string",
        "201 .deputy": "as above | null, optional",
        "refusals": "",
    }
