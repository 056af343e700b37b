"""Which rules are worth waking somebody for: fidelity and noise, from how often they fire and what people said (R50–R53)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

FEW = 3
SHORT = timedelta(minutes=5)
OFTEN = 10


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """A rule's past over some time. `rule` is the label alertname, or the title where there is none.

    `episodes` counts beginnings, `paged` those of them that nothing held back; `real` and `false` what people said.
    """

    rule: str
    integration: str
    episodes: int
    paged: int
    real: int
    false: int
    median: timedelta | None

    @property
    def judged(self) -> int:
        """How many of its beginnings somebody judged."""
        return self.real + self.false

    @property
    def fidelity(self) -> float | None:
        """The share of judged beginnings that were real, from 0 to 1; None where nobody judged any."""
        return self.real / self.judged if self.judged else None

    @property
    def noise(self) -> float:
        """How much it disturbs for nothing: pages, weighted by the share that is likely false.

        Laplace's rule keeps one verdict from deciding everything: without any, half are doubted.
        """
        return round(self.paged * (self.false + 1) / (self.judged + 2), 2)

    @property
    def median_seconds(self) -> float | None:
        """How long it usually lasts."""
        return self.median.total_seconds() if self.median is not None else None

    @property
    def remarks(self) -> list[str]:
        """What could be done about it, the strongest first; empty where nothing speaks against the rule."""
        found = []
        if self.judged >= FEW and self.false * 2 > self.judged:
            found.append(f"{self.false} of {self.judged} judged were false: raise its threshold or route it lower.")
        if self.median is not None and self.median < SHORT and self.episodes >= FEW:
            minutes = max(1, round(self.median.total_seconds() / 60))
            found.append(f"It is usually over within {minutes} min: let its source wait longer before it fires.")
        if self.paged >= OFTEN and not self.judged:
            found.append(f"It paged {self.paged} times and nobody said whether it was real: judge some of them.")
        return found


def ranked(records: Iterable[RuleRecord]) -> list[RuleRecord]:
    """The noisiest first."""
    return sorted(records, key=lambda record: (-record.noise, -record.episodes, record.rule))


@dataclass(frozen=True, slots=True)
class Totals:
    """All rules together: how much was false, and how much woke somebody for nothing (R52, R53)."""

    episodes: int
    paged: int
    judged: int
    false: int

    @property
    def false_rate(self) -> float | None:
        """The share of judged beginnings that were false; None where nobody judged any."""
        return self.false / self.judged if self.judged else None


def totals(records: Iterable[RuleRecord]) -> Totals:
    """Sum the rules up."""
    counts = [(record.episodes, record.paged, record.judged, record.false) for record in records]
    return Totals(*map(sum, zip(*counts, strict=True))) if counts else Totals(0, 0, 0, 0)
