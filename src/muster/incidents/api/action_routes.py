"""The routes of an incident's actions: one for each, made from its declaration."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, create_model

from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.incidents.action import IncidentAction, by_slug
from muster.incidents.actions.run import run_of
from muster.incidents.api.parts import Body, IncidentOut, Ref, one
from muster.incidents.form import FormField


def action_routes(actions: Iterable[IncidentAction]) -> APIRouter:
    """POST below an incident for each action; actions of one address share a route."""
    router = api_router("/incidents", "incidents")
    for action in by_slug(actions):
        router.add_api_route(f"/{{ref}}/{action.slug}", _endpoint(action), methods=["POST"])
    return router


def _endpoint(action: IncidentAction) -> Callable[..., Awaitable[IncidentOut]]:
    run = run_of(action)

    @needs(action.permission)
    async def endpoint(unit: Uses, request: Request, ref: Ref, body: Any) -> IncidentOut:
        return await one(unit.conn, request, await run(unit, ref, **(body.model_dump() if body else {})))

    model = _body(action)
    required = any(field.required for field in action.fields)
    endpoint.__annotations__["body"] = model if required else model | None
    endpoint.__defaults__ = () if required else (None,)
    endpoint.__name__ = f"{action.slug.replace('-', '_')}_incident"
    endpoint.__doc__ = action.help
    return endpoint


def _body(action: IncidentAction) -> type[BaseModel]:
    fields: dict[str, Any] = {field.name: _field(field) for field in action.fields}
    name = "".join(part.capitalize() for part in action.slug.split("-"))
    return create_model(f"{name}In", __base__=Body, __doc__=f"What it takes to {action.words}.", **fields)


def _field(field: FormField) -> tuple[Any, Any]:
    words = Annotated[str, Field(max_length=field.longest, min_length=1 if field.required else 0)]
    return (words, ...) if field.required else (words, "")
