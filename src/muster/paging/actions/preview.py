"""Loads what foretelling a page to one person needs: themselves, and the severities of the plan."""

from collections.abc import Mapping
from datetime import datetime

from muster.base.unit import Unit
from muster.kit.errors import Missing
from muster.paging.actions import snapshot as snapshots
from muster.paging.preview_words import PagePreview, foretell
from muster.plan import store as plans


async def foretold(
    unit: Unit, name: str, at: datetime, labels: Mapping[str, str], severity: str = ""
) -> list[PagePreview]:
    """What a page of each severity of the plan (or of one) would do to a person at some moment; nothing is written.

    Raises:
        Missing: there is no such person.
    """
    person = (await snapshots.reachable(unit, [name])).get(name)
    if person is None:
        raise Missing(f"There is no person `{name:.80}`.", "`muster person list` names everybody.")
    version = await plans.in_force(unit.conn)
    severities = [severity] if severity else list(version.plan.severities) if version else ["critical"]
    return [foretell(person, severity, at, labels) for severity in severities]
