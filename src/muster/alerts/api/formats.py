"""The formats in which signals may come, as JSON: what to do at each source, and a sample of what it sends."""

from fastapi import Request
from pydantic import BaseModel

from muster.alerts.api.parts import forms_of
from muster.base.access import Permission
from muster.base.web.edge import api_router
from muster.base.web.needs import needs

router = api_router("/formats", "integrations")


class StepOut(BaseModel):
    """What to do at the source; `MUSTER-ADDRESS` in `code` stands for the integration's address."""

    text: str
    name: str
    code: str


class FormatOut(BaseModel):
    """A format. `secret` is what its sender calls that by which it proves itself; empty where it cannot."""

    name: str
    title: str
    family: str
    secret: str
    steps: list[StepOut]
    sample: str
    recovery: str


@router.get("")
@needs(Permission.INTEGRATION_READ)
async def list_formats(request: Request) -> list[FormatOut]:
    """List the formats."""
    return [
        FormatOut(
            name=form.name,
            title=form.title,
            family=form.family,
            secret=form.secret,
            steps=[StepOut(text=step.text, name=step.name, code=step.code) for step in form.steps],
            sample=form.example.decode("utf-8", "replace"),
            recovery=form.recovery.decode("utf-8", "replace"),
        )
        for form in forms_of(request).values()
    ]
