"""API tokens under settings: one's own, everybody's for those who manage them, and a new one, shown once."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import Form, Request, Response

from muster.base.access import GRANTS, Permission, refusal
from muster.base.unit import Unit
from muster.base.web.budget import TOKENS
from muster.base.web.cursor import decode, page_of
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Asked, Field, address, by_field, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.kit.errors import Conflict, Invalid, Problem
from muster.people.actions import tokens
from muster.people.actions.guard import CHANGED
from muster.people.api.tokens import life_of
from muster.people.token import groups

PAGE = 50
LIVES = (("7d", "7 days"), ("30d", "30 days"), ("90d", "90 days"), ("365d", "a year"))
Names = Annotated[list[str], Form(max_length=100)]
router = page_router()


@router.get("/settings/tokens")
@needs(Permission.SELF_MANAGE)
async def tokens_page(unit: Uses, request: Request, whose: Asked = "", after: Asked = "") -> Response:
    """List tokens and offer a new one."""
    return await _page(unit, request, whose=whose, after=after)


@router.post("/settings/tokens")
@needs(Permission.SELF_MANAGE, sensitive=True, budget=TOKENS)
async def do_create_token(
    unit: Uses, request: Request, scopes: Names, name: Field = "", expires_in: Field = "90d"
) -> Response:
    """Create a token and show it this once."""
    chosen = [scope for scope in scopes if scope]
    try:
        token, text = await tokens.create_token(unit, name, chosen, life_of(expires_in))
    except (Invalid, Conflict) as problem:
        typed = {"name": name, "expires_in": expires_in, "scopes": chosen}
        return await _page(unit, request, problem=problem, typed=typed)
    return render(request, "people/secret.html", secret=text, token=token.name, onward="/settings/tokens")


@router.post("/settings/tokens/{id}/revoke")
@needs(Permission.SELF_MANAGE)
async def do_revoke_token(unit: Uses, id: UUID, whose: Field = "") -> Response:
    """Revoke a token."""
    await tokens.revoke_token(unit, id)
    return see_other(address("/settings/tokens", {"whose": whose}))


async def _page(
    unit: Unit,
    request: Request,
    *,
    whose: str = "",
    after: str = "",
    problem: Problem | None = None,
    typed: Mapping[str, object] | None = None,
) -> Response:
    cursor = decode(after or None, UUID)
    name = None if whose == "all" else unit.principal.name
    rows = await tokens.tokens_of(unit, name, after=cursor[0] if cursor else None, limit=PAGE + 1)
    kept, following = page_of(rows, PAGE, lambda token: (str(token.id),))
    return render(
        request,
        "people/tokens.html",
        status=problem.status if problem else 200,
        tokens=kept,
        states={token.id: token.state(unit.now) for token in kept},
        whose=whose,
        groups=[(group, _allows(unit, group)) for group in groups()],
        lives=LIVES,
        typed=typed or {"name": "", "expires_in": "90d", "scopes": []},
        problem=problem if problem and not problem.faults else None,
        faults=by_field(problem),
        previous=address("/settings/tokens", {"whose": whose}) if cursor else "",
        following=address("/settings/tokens", {"whose": whose, "after": following}) if following else "",
        topics=[CHANGED],
    )


def _allows(unit: Unit, group: str) -> str:
    """What a wildcard would allow this person, as a sentence."""
    within = [each for each in Permission if each.startswith(group[:-1]) and not refusal(unit.principal, each)]
    return "; ".join(GRANTS[each].sentence for each in within)
