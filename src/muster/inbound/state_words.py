"""The words by which a vendor says how an alert stands: what is not among them fires, because doubt must wake somebody."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from muster.alerts.signal import SignalStatus


@dataclass(frozen=True, slots=True)
class States:
    """A vendor's own words, in lower case. `skipped` gives the reason for each word that is no alert and no end of one."""

    firing: frozenset[str]
    resolved: frozenset[str] = frozenset()
    acknowledged: frozenset[str] = frozenset()
    skipped: Mapping[str, str] = field(default_factory=dict)

    def known(self, word: str) -> SignalStatus | None:
        """What a word means; None where it is not the vendor's."""
        found = word.strip().lower()
        if found in self.firing:
            return "firing"
        if found in self.resolved:
            return "resolved"
        return "acknowledged" if found in self.acknowledged else None

    def why_skipped(self, word: str) -> str:
        """Why a word makes no signal; empty where it does."""
        return self.skipped.get(word.strip().lower(), "")


def states(firing: str, resolved: str = "", acknowledged: str = "", skipped: Mapping[str, str] | None = None) -> States:
    """States from words separated by commas; `skipped` maps such words to their common reason."""
    reasons = {word: reason for words, reason in (skipped or {}).items() for word in _words(words)}
    return States(_words(firing), _words(resolved), _words(acknowledged), reasons)


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip().lower() for word in text.split(",") if word.strip())
