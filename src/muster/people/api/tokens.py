"""API tokens as JSON."""

from datetime import datetime, timedelta
from typing import Annotated, Self
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, Field

from muster.base.access import Permission
from muster.base.web.budget import TOKENS
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.kit.duration import format_duration, parse_duration
from muster.kit.errors import Broken, Invalid
from muster.people.actions import tokens
from muster.people.api.parts import Body, holds_secret
from muster.people.drafts import Line
from muster.people.token import USUAL_LIFE, ApiToken, groups

router = api_router("/tokens", "tokens")

Scope = Annotated[str, Field(json_schema_extra={"enum": ["*", *groups(), *map(str, Permission)]})]


class TokenOut(BaseModel):
    """A token; `hint` is how it begins, `state` is active, expired or revoked."""

    id: UUID
    name: str
    person: str
    hint: str
    scopes: list[str]
    state: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, source: ApiToken, now: datetime, **more: str) -> Self:
        """From the domain value."""
        return cls(
            id=source.id,
            name=source.name,
            person=source.person,
            hint=source.hint,
            scopes=list(source.scopes),
            state=source.state(now),
            created_at=source.created_at,
            expires_at=source.expires_at,
            last_used_at=source.last_used_at,
            revoked_at=source.revoked_at,
            **more,
        )


class NewTokenOut(TokenOut):
    """A new token with its text, which is shown this once."""

    token: str


class TokenIn(Body):
    """A new token; `expires_in` is a duration such as 90d, at most 365d."""

    name: Line
    scopes: list[Scope] = Field(json_schema_extra={"minItems": 1})
    expires_in: str = Field(format_duration(USUAL_LIFE), examples=["90d"])


def life_of(text: str) -> timedelta:
    """How long a token is to live.

    Raises:
        Invalid: the text is not a duration.
    """
    try:
        return parse_duration(text.strip())
    except Broken as error:
        raise Invalid("The token cannot be created.", faults=[error.at("expires_in")]) from None


@router.get("")
@needs(Permission.SELF_MANAGE)
async def list_tokens(
    unit: Uses,
    everybody: bool = Query(False, description="Everybody's tokens, for those who manage tokens."),
    after: After = None,
    limit: Limit = 50,
) -> Page[TokenOut]:
    """List tokens, the newest first."""
    cursor = decode(after, UUID)
    name = None if everybody else unit.principal.name
    rows = await tokens.tokens_of(unit, name, after=cursor[0] if cursor else None, limit=limit + 1)
    kept, following = page_of(rows, limit, lambda token: (str(token.id),))
    return Page(items=[TokenOut.of(token, unit.now) for token in kept], next=following)


@router.post("", status_code=201)
@needs(Permission.SELF_MANAGE, sensitive=True, budget=TOKENS)
async def create_token(unit: Uses, response: Response, body: TokenIn) -> NewTokenOut:
    """Create a token of one's own; its text is shown this once."""
    token, text = await tokens.create_token(unit, body.name, body.scopes, life_of(body.expires_in))
    holds_secret(response)
    return NewTokenOut.of(token, unit.now, token=text)


@router.delete("/{id}")
@needs(Permission.SELF_MANAGE)
async def revoke_token(unit: Uses, id: UUID, reason: str = Query("", max_length=500)) -> TokenOut:
    """Revoke a token at once."""
    return TokenOut.of(await tokens.revoke_token(unit, id, reason), unit.now)
