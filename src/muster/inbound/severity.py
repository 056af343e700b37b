"""How monitoring systems grade alerts, in Muster's four words."""

from muster.alerts.signal import SeverityHint

_WORDS: dict[str, SeverityHint] = {
    **dict.fromkeys(("critical", "crit", "fatal", "emergency", "emerg", "disaster", "alert", "blocker"), "critical"),
    **dict.fromkeys(("p1", "sev0", "sev1", "urgent", "highest"), "critical"),
    **dict.fromkeys(("high", "error", "err", "major", "severe", "page", "p2", "sev2"), "high"),
    **dict.fromkeys(("medium", "moderate", "warning", "warn", "minor", "average", "p3", "sev3"), "medium"),
    **dict.fromkeys(("low", "lowest", "info", "information", "informational", "notice", "debug", "verbose"), "low"),
    **dict.fromkeys(("none", "ok", "ticket", "trivial", "p4", "p5", "sev4", "sev5"), "low"),
}
_AZURE: dict[str, SeverityHint] = {"0": "critical", "1": "high", "2": "medium", "3": "low", "4": "low"}


def severity_of(word: str) -> SeverityHint:
    """Muster's word for a severity, priority or level as most systems write it; empty when the word is unknown."""
    return _WORDS.get(word.strip().lower().replace("-", "").replace(" ", "").replace("_", ""), "")


def azure_severity(word: str) -> SeverityHint:
    """Muster's word for Azure's `Sev0` (critical) to `Sev4` (verbose), for the bare digit, or for a level's name."""
    lowered = word.strip().lower()
    return _AZURE.get(lowered.removeprefix("sev").strip(), "") or severity_of(lowered)
