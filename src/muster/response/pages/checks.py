"""Items of the closure checklist in the browser: their forms, and attesting them."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import Path, Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Field
from muster.base.web.needs import needs
from muster.incidents.form import Dialog, Form, FormField
from muster.incidents.pages.action_forms import done
from muster.incidents.pages.rows import Ref
from muster.plan.words import spaced
from muster.response.actions.attest import attest, withdraw
from muster.response.closure import CheckResult

Name = Annotated[str, Path(max_length=64)]
router = page_router("/incidents/{ref}")


def check_forms(checks: Iterable[CheckResult]) -> Iterable[Form]:
    """The forms that meet items of the checklist."""
    for check in checks:
        if check.kind == "attest":
            dialog = Dialog(check.title, "Attest", check.reason)
            yield Form(f"checks/{check.name}", dialog, (FormField("note", "How do you know?", rows=2),))
        elif check.kind == "note":
            hint = "Markdown. The closure checklist asks for this note."
            text = FormField("text", spaced(check.name).capitalize(), required=True, rows=5, hint=hint)
            dialog = Dialog(check.title, "Write the note")
            yield Form("notes", dialog, (text,), hidden={"name": check.name}, about=check.name)


@router.post("/checks/{name}")
@needs(Permission.INCIDENT_CHECK)
async def do_attest(unit: Uses, request: Request, ref: Ref, name: Name, note: Field = "") -> Response:
    """Attest an item of the closure checklist."""
    return await done(unit, request, ref, f"checks-{name}", attest(unit, ref, name, note.strip()), {"note": note})


@router.post("/checks/{name}/withdraw")
@needs(Permission.INCIDENT_CHECK)
async def do_withdraw(unit: Uses, request: Request, ref: Ref, name: Name) -> Response:
    """Take an attestation back."""
    return await done(unit, request, ref, f"checks-{name}", withdraw(unit, ref, name))
