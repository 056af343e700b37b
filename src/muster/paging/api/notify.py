"""What a page would do to a person, foretold by the evaluator that pages."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request
from pydantic import AwareDatetime, BaseModel

from muster.base.access import Permission
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.paging.actions.preview import foretold
from muster.people.api.parts import reach_of

router = api_router("/persons/{name}/notify", "contacts")


class ForetoldOut(BaseModel):
    """What a page of one severity would do; `reasons` say why where it is not simply as the rules are written."""

    severity: str
    at: datetime
    sentence: str
    reasons: list[str]


@router.get("/preview")
@needs(Permission.PERSON_READ)
async def preview_notify(
    unit: Uses,
    request: Request,
    name: str,
    severity: Annotated[str, Query(max_length=64)] = "",
    at: AwareDatetime | None = None,
) -> list[ForetoldOut]:
    """Tell what a page of each severity, or of one, would do to a person now or `at` a moment; nothing is sent."""
    labels = {kind.kind: kind.label for kind in reach_of(request).kinds}
    found = await foretold(unit, name, at or unit.now, labels, severity)
    return [ForetoldOut(severity=each.severity, at=each.at, sentence=each.sentence, reasons=list(each.reasons))
            for each in found]  # fmt: skip
