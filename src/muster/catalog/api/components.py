"""Components of all workloads in one list."""

from typing import Annotated

from fastapi import Query

from muster.base.access import Permission
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.catalog import store
from muster.catalog.api.shapes import ComponentOut
from muster.catalog.selection import Selection

router = api_router("/components", "catalogue")
Text = Annotated[str, Query(max_length=200)]


@router.get("")
@needs(Permission.CATALOG_READ)
async def list_components(
    unit: Uses,
    q: Text = "",
    workload: Text = "",
    owner: Text = "",
    criticality: Text = "",
    after: After = None,
    limit: Limit = 50,
) -> Page[ComponentOut]:
    """List components by workload and name; `owner` and `criticality` count also where they are the workload's."""
    found = Selection(q, owner, criticality).components(await store.catalogue(unit.conn))
    cursor = decode(after, str, str)
    rows = [
        (outer, inner)
        for outer, inner in found
        if workload in ("", outer.name) and (not cursor or (outer.name, inner.name) > cursor)
    ]
    kept, following = page_of(rows, limit, lambda pair: (pair[0].name, pair[1].name))
    return Page(items=[ComponentOut.of(*pair) for pair in kept], next=following)
