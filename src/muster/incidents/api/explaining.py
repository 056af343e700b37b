"""Explanations for programs: the answer in a sentence, and the chain that led there."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from muster.base.access import Permission
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.incidents.actions.explain import explain, explain_held_alert, explain_page
from muster.incidents.api.parts import Ref
from muster.incidents.explaining import Explanation

router = api_router("", "incidents")

Person = Annotated[str, Query(max_length=64, description="Why they were paged, or were not.")]


class BecauseOut(BaseModel):
    """One link of the chain; `at` is the place in the plan, `when` the moment, where there is one."""

    about: str
    sentence: str
    at: str
    when: datetime | None


class ExplanationOut(BaseModel):
    """The answer, then why."""

    answer: str
    chain: list[BecauseOut]

    @classmethod
    def of(cls, told: Explanation) -> "ExplanationOut":
        """From the domain value."""
        chain = [
            BecauseOut(about=each.about, sentence=each.sentence, at=each.at, when=each.when) for each in told.chain
        ]
        return cls(answer=told.answer, chain=chain)


@router.get("/incidents/{ref}/explanation")
@needs(Permission.PAGE_READ)
async def explain_incident_pages(unit: Uses, ref: Ref, person: Person = "") -> ExplanationOut:
    """Explain who was paged for an incident and why, or why somebody was, or was not."""
    return ExplanationOut.of(await explain(unit, ref, person))


@router.get("/pages/{page_id}/explanation")
@needs(Permission.PAGE_READ)
async def explain_one_page(unit: Uses, page_id: UUID, person: Person = "") -> ExplanationOut:
    """Explain one page, by its id or that of one of its messages."""
    return ExplanationOut.of(await explain_page(unit, page_id, person))


@router.get("/alerts/{alert_id}/explanation")
@needs(Permission.ALERT_READ)
async def explain_alert(unit: Uses, alert_id: UUID) -> ExplanationOut:
    """Explain why an alert paged nobody, or which incident it belongs to."""
    return ExplanationOut.of(await explain_held_alert(unit, alert_id))
