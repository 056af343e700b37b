"""API tokens under settings: one's own, everybody's for those who manage them, and a new one, shown once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from muster.base.web.typed import template
from muster.kit.errors import Conflict, Fault, Invalid, Problem
from muster.people.actions import tokens
from muster.people.actions.guard import CHANGED
from muster.people.api.tokens import life_of
from muster.people.pages.parts import ShownOnce
from muster.people.token import ApiToken, groups

PAGE = 50
LIVES = (("7d", "7 days"), ("30d", "30 days"), ("90d", "90 days"), ("365d", "a year"))
Names = Annotated[list[str], Form(max_length=100)]
router = page_router()


@dataclass(frozen=True, slots=True)
class TypedToken:
    """A new token, as typed."""

    name: str = ""
    expires_in: str = "90d"
    scopes: Sequence[str] = ()


@template("people/tokens.html")
@dataclass(frozen=True, slots=True)
class TokenList:
    """API tokens with their states by id; `groups` are wildcards and what each allows, `whose` is empty or all."""

    tokens: Sequence[ApiToken]
    states: Mapping[UUID, str]
    whose: str
    groups: Sequence[tuple[str, str]]
    lives: Sequence[tuple[str, str]]
    typed: TypedToken
    problem: Problem | None
    faults: Mapping[str, Fault]
    previous: str
    following: str
    topics: Sequence[str] = (CHANGED,)


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
        return await _page(unit, request, problem=problem, typed=TypedToken(name, expires_in, chosen))
    return render(request, ShownOnce(secret=text, token=token.name, onward="/settings/tokens"))


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
    typed: TypedToken = TypedToken(),
) -> Response:
    cursor = decode(after or None, UUID)
    name = None if whose == "all" else unit.principal.name
    rows = await tokens.tokens_of(unit, name, after=cursor[0] if cursor else None, limit=PAGE + 1)
    kept, following = page_of(rows, PAGE, lambda token: (str(token.id),))
    page = TokenList(
        tokens=kept,
        states={token.id: token.state(unit.now) for token in kept},
        whose=whose,
        groups=[(group, _allows(unit, group)) for group in groups()],
        lives=LIVES,
        typed=typed,
        problem=problem if problem and not problem.faults else None,
        faults=by_field(problem),
        previous=address("/settings/tokens", {"whose": whose}) if cursor else "",
        following=address("/settings/tokens", {"whose": whose, "after": following}) if following else "",
    )
    return render(request, page, status=problem.status if problem else 200)


def _allows(unit: Unit, group: str) -> str:
    """What a wildcard would allow this person, as a sentence."""
    within = [
        permission
        for permission in Permission
        if permission.startswith(group[:-1]) and not refusal(unit.principal, permission)
    ]
    return "; ".join(GRANTS[permission].sentence for permission in within)
