"""Reads the rules' past for the noise ranking."""

from datetime import timedelta

from muster.alerts.fidelity import RuleRecord, Totals, ranked, totals
from muster.alerts.store import noise as store
from muster.base.access import Permission
from muster.base.unit import Unit


async def ranked_rules(unit: Unit, days: int) -> tuple[list[RuleRecord], Totals]:
    """The rules of the last days, the noisiest first, and their sums (R50, R53)."""
    unit.allow(Permission.ALERT_READ)
    records = await store.rules(unit.conn, unit.now - timedelta(days=days))
    return ranked(records), totals(records)
