"""Reads the rules' past for the noise ranking."""

from dataclasses import dataclass
from datetime import timedelta

from muster.alerts.fidelity import RuleRecord, Totals, ranked, totals
from muster.alerts.store import noise as store
from muster.base.access import Permission
from muster.base.unit import Unit


@dataclass(frozen=True, slots=True)
class Noise:
    """The rules, the noisiest first, and their sums."""

    rules: list[RuleRecord]
    totals: Totals


async def noise(unit: Unit, days: int) -> Noise:
    """The rules of the last days, ranked (R50, R53)."""
    unit.allow(Permission.ALERT_READ)
    records = await store.rules(unit.conn, unit.now - timedelta(days=days))
    return Noise(ranked(records), totals(records))
