"""What to do about an alert: its own words, or that its rule lacks them and what can be said all the same (R54, R55)."""

from dataclasses import dataclass

from muster.alerts.alert import Alert
from muster.kit.link import Link

_TELLING = ("runbook", "playbook", "dashboard", "panel", "source")


@dataclass(frozen=True, slots=True)
class NextStep:
    """`complete` is false where the sender said nothing: `text` is then Muster's, and `fix` what its rule should get."""

    text: str
    complete: bool
    fix: str = ""
    link: Link | None = None


def next_step_of(alert: Alert) -> NextStep:
    """The next step of an alert."""
    link = _best(alert.links)
    if alert.next_step:
        return NextStep(alert.next_step, True, link=link)
    parts = [f"Open its {link.label.lower()}." if link else "", _place(alert)]
    text = " ".join(part for part in parts if part) or "Look at where it came from."
    rule = alert.labels.get("alertname")
    fix = f"Give the rule {rule} an annotation" if rule else "Give its rule an annotation"
    return NextStep(text, False, f"{fix} runbook_url or next_step, so that its reader knows what to do.", link)


def _best(links: tuple[Link, ...]) -> Link | None:
    for word in _TELLING:
        for link in links:
            if word in link.label.lower():
                return link
    return links[0] if links else None


def _place(alert: Alert) -> str:
    for name in ("instance", "host", "pod", "resource", "service", "job"):
        if value := alert.labels.get(name):
            return f"Look at {name} {value}."
    return ""
