"""Panels of what people write down of an incident: links, and the record."""

from collections.abc import Sequence
from dataclasses import dataclass

from muster.base.unit import Unit
from muster.base.web.typed import template
from muster.incidents.actions.writing import RECORD
from muster.incidents.belongings import Attached
from muster.incidents.pages.panel import Content, Viewed
from muster.incidents.store import words


@template("incidents/panels/links.html")
@dataclass(frozen=True, slots=True)
class AttachedLinks:
    """What people attached."""

    links: Sequence[Attached]


@template("incidents/panels/record.html")
@dataclass(frozen=True, slots=True)
class WrittenRecord:
    """The parts of the record that have been written, by name, in Markdown."""

    parts: Sequence[tuple[str, str]]


async def links(unit: Unit, viewed: Viewed) -> Content:
    """The links."""
    return Content(AttachedLinks(await words.links(unit.conn, viewed.held.incident.id)))


async def record(unit: Unit, viewed: Viewed) -> Content:
    """The record, once something stands in it."""
    parts = [(name, text) for name in RECORD if (text := viewed.held.incident.record.get(name))]
    return Content(WrittenRecord(parts) if parts else None)
