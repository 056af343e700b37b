"""Reported changes, newest first."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from muster.base.access import Permission
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.changes import store
from muster.changes.change import StoredChange
from muster.kit.masking import mask_text, mask_value

router = api_router("/changes", "changes")


class ChangeOut(BaseModel):
    """A deployment, configuration, flag or infrastructure change."""

    id: UUID
    kind: str
    title: str
    description: str
    at: datetime
    labels: dict[str, str]
    links: list[dict[str, str]]

    @classmethod
    def of(cls, change: StoredChange) -> "ChangeOut":
        """From the domain value."""
        return cls(
            id=change.id,
            kind=change.kind,
            title=mask_value(change.title),
            description=mask_value(change.description),
            at=change.at,
            labels=mask_value(change.labels),
            links=[{"label": mask_text(link.label), "url": mask_text(link.url)} for link in change.links],
        )


@router.get("")
@needs(Permission.CHANGE_READ)
async def recent_changes(unit: Uses, after: After = None, limit: Limit = 50) -> Page[ChangeOut]:
    """List changes."""
    rows = await store.recent(unit.conn, limit + 1, decode(after, datetime, UUID))
    changes, following = page_of(rows, limit, lambda change: (change.at, change.id))
    return Page(items=[ChangeOut.of(change) for change in changes], next=following)
