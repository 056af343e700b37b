"""Which rules disturb most for nothing (R50–R53)."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel

from muster.alerts.actions.noise import noise
from muster.alerts.fidelity import RuleRecord
from muster.base.access import Permission
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs

router = api_router("/noise", "alerts")


class RuleOut(BaseModel):
    """A rule's past; `fidelity` is the share of judged beginnings that were real, `median_seconds` how long it lasts."""

    rule: str
    integration: str
    episodes: int
    paged: int
    real: int
    false: int
    fidelity: float | None
    noise: float
    median_seconds: float | None
    remarks: list[str]

    @classmethod
    def of(cls, record: RuleRecord) -> "RuleOut":
        """From the domain value."""
        plain = ("rule", "integration", "episodes", "paged", "real", "false", "fidelity", "noise")
        seconds = record.median.total_seconds() if record.median is not None else None
        return cls(**{name: getattr(record, name) for name in plain}, median_seconds=seconds, remarks=record.remarks())


class NoiseOut(BaseModel):
    """The rules, noisiest first, and all together; `false_rate` is the share of judged beginnings that were false."""

    days: int
    episodes: int
    paged: int
    judged: int
    false: int
    false_rate: float | None
    rules: list[RuleOut]


@router.get("")
@needs(Permission.ALERT_READ)
async def show_noise(unit: Uses, days: Annotated[int, Query(ge=1, le=365)] = 30) -> NoiseOut:
    """Rank the rules of the last days by how much they disturb for nothing."""
    found = await noise(unit, days)
    return NoiseOut(
        days=days,
        episodes=found.totals.episodes,
        paged=found.totals.paged,
        judged=found.totals.judged,
        false=found.totals.false,
        false_rate=found.totals.false_rate,
        rules=[RuleOut.of(rule) for rule in found.rules],
    )
