"""One draft for all: a change keeps what it leaves out, and a form is read whatever is wrong with it."""

from typing import Annotated, Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel, Field, ValidationError

from muster.base.web.drafts import Change, typed


class BoatDraft(BaseModel):
    name: str
    berth: Annotated[str, Field(json_schema_extra={"format": "berth"})] = "quay"
    crew: tuple[str, ...] = ()


BOAT = BoatDraft(name="ems", berth="north", crew=("ana", "bo"))


@pytest.mark.parametrize(
    ("change", "after"),
    [
        ({}, BOAT),
        ({"berth": "south"}, BOAT.model_copy(update={"berth": "south"})),
        ({"crew": []}, BOAT.model_copy(update={"crew": ()})),
        ({"berth": None, "crew": ["cy"]}, BOAT.model_copy(update={"crew": ("cy",)})),
    ],
)
def test_what_a_change_leaves_out_stays(change: dict[str, Any], after: BoatDraft) -> None:
    assert Change[BoatDraft].model_validate(change).on(BOAT) == after


def test_a_name_stays_and_what_is_unknown_is_refused() -> None:
    for change in ({"name": "weser"}, {"bert": "south"}):
        with pytest.raises(ValidationError):
            Change[BoatDraft].model_validate(change)


def test_the_schema_of_a_change_says_what_the_drafts_says() -> None:
    schema = Change[BoatDraft].model_json_schema()
    assert schema["title"] == "BoatChange"
    assert schema["properties"]["berth"]["anyOf"][0] == {"type": "string", "format": "berth"}
    assert "required" not in schema


@pytest.mark.parametrize(
    ("form", "draft"),
    [
        ({"name": "ems", "crew": ["", "ana", "bo"]}, BoatDraft(name="ems", berth="", crew=("ana", "bo"))),
        ({"name": "", "berth": "north", "crew": [""]}, BoatDraft(name="", berth="north")),
        ({"what": "else"}, BoatDraft(name="", berth="")),
    ],
)
def test_a_form_is_read_whatever_is_wrong_with_it(form: dict[str, Any], draft: BoatDraft) -> None:
    app = FastAPI()

    @app.post("/boats")
    async def create(boat: Annotated[BoatDraft, typed(BoatDraft)]) -> BoatDraft:
        return boat

    assert BoatDraft.model_validate(TestClient(app).post("/boats", data=form).json()) == draft
