"""How each kind of event reads in a timeline: its sign, weight and sentence. Pure, and total over any data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Telling:
    """One line of a timeline without who and when; `note` is Markdown."""

    icon: str
    what: str
    detail: str = ""
    note: str = ""
    reasons: tuple[str, ...] = ()
    weight: str = ""


def tell(kind: str, data: Data) -> Telling | None:
    """The line of an event; None for a kind that is not known here."""
    how = _TELLINGS.get(kind)
    return how(data) if how else None


def _said(data: Data, key: str, default: str = "") -> str:
    value = data.get(key)
    return str(value) if isinstance(value, str | int) and value != "" else default


def _dicts(data: Data, key: str) -> list[Data]:
    value = data.get(key)
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list | tuple) else []


def _texts(data: Data, key: str) -> list[str]:
    value = data.get(key)
    return [str(each) for each in value] if isinstance(value, list | tuple) else []


def _plain(icon: str, what: str, weight: str = "") -> Callable[[Data], Telling]:
    return lambda data: Telling(icon, what, weight=weight)


def _opened(data: Data) -> Telling:
    reporter, behalf = _said(data, "reporter"), _said(data, "on_behalf_of")
    what = f"Opened at severity {_said(data, 'severity', 'unknown')}, category {_said(data, 'category', 'unknown')}."
    if reporter:
        what = f"{reporter} reported it{f' on behalf of {behalf}' if behalf else ''}. {what}"
    titles = [_said(each, "title") for each in _dicts(data, "alerts")]
    reasons = tuple(_said(each, "sentence") for each in _dicts(data, "reasons") if _said(each, "sentence"))
    return Telling("incident", what, "; ".join(filter(None, titles)), reasons=reasons, weight="strong")


def _alert(what: str, icon: str) -> Callable[[Data], Telling]:
    def told(data: Data) -> Telling:
        why = _said(data, "why")
        return Telling(icon, f"{_said(data, 'title', 'An alert')} {what}.", reasons=(why,) if why else ())

    return told


def _severity(data: Data) -> Telling:
    what = f"Severity {_said(data, 'to', 'unknown')}; it was {_said(data, 'from', 'unknown')}."
    return Telling("warning", what, weight="strong")


def _role(what: str) -> Callable[[Data], Telling]:
    def told(data: Data) -> Telling:
        title = _said(data, "title") or _said(data, "role", "a role")
        return Telling("user", f"{_said(data, 'person', 'Somebody')} {what} {title}.")

    return told


def _note(data: Data) -> Telling:
    name = _said(data, "name")
    return Telling("note", "Note" + (f" for the checklist: {name}" if name else ""), note=_said(data, "text"))


def _link(data: Data) -> Telling:
    return Telling("link", f"Attached {_said(data, 'label', 'a link')}.", _said(data, "url"))


def _edited(data: Data) -> Telling:
    changed = data.get("changed")
    names = ", ".join(str(name) for name in changed) if isinstance(changed, dict) else "something"
    return Telling("note", f"Changed {names}.")


def _merged(data: Data) -> Telling:
    return Telling("merge", f"Merged into {_said(data, 'into_ref', 'another incident')}.", weight="strong")


def _absorbed(data: Data) -> Telling:
    what = f"{_said(data, 'ref', 'Another incident')} was merged into this one."
    return Telling("merge", what, _said(data, "title"), weight="strong")


def _attested(what: str, icon: str) -> Callable[[Data], Telling]:
    def told(data: Data) -> Telling:
        return Telling(icon, f"{what} {_said(data, 'name', 'an item')}.", _said(data, "about"), _said(data, "note"))

    return told


def _handed(words: str, icon: str) -> Callable[[Data], Telling]:
    def told(data: Data) -> Telling:
        title = _said(data, "title") or _said(data, "role", "a role").replace("_", " ")
        return Telling(icon, words.format(person=_said(data, "person", "Somebody"), title=title))

    return told


def _fired_again(data: Data) -> Telling:
    what = f"{_said(data, 'title', 'An alert')} fires {'again' if data.get('again') else 'too'}"
    did = f"{_said(data, 'person', 'its owner')} was told" if data.get("did") == "notice" else "it is paged again"
    return Telling("bell", f"{what} in an incident that somebody has: {did}.", weight="strong")


def _page(began: bool) -> Callable[[Data], Telling]:
    def told(data: Data) -> Telling:
        names: list[str] = []
        reasons: list[str] = []
        for taken in _dicts(data, "taken"):
            for target in _dicts(taken, "targets"):
                people = _texts(target, "people")
                names += people
                reasons.append(f"{_said(target, 'target')}: {_said(target, 'reason')}")
                reasons += _texts(target, "unreached")
            reasons += [f"Step {_said(taken, 'step')} was skipped: {_said(taken, 'skipped')}"] * bool(
                taken.get("skipped")
            )
        reached = ", ".join(dict.fromkeys(names)) or "nobody"
        policy = _said(data, "policy", "a policy")
        what = f"Paging {reached} by {policy}." if began else f"Next step of {policy}: paging {reached}."
        return Telling("bell", what, reasons=tuple(reasons), weight="" if names else "breach")

    return told


def _message(what: str, icon: str, weight: str = "") -> Callable[[Data], Telling]:
    def told(data: Data) -> Telling:
        channel = _said(data, "channel")
        return Telling(
            icon, f"{_said(data, 'person', 'Somebody')} {what}{f' by {channel}' if channel else ''}.", weight=weight
        )

    return told


def _failed(data: Data) -> Telling:
    who, channel, then = _said(data, "person", "somebody"), _said(data, "channel", "a channel"), _said(data, "then")
    if then == "again":
        return Telling("clock", f"A message to {who} by {channel} did not get through; it is tried again.")
    if then == "fail_over":
        return Telling("warning", f"{who} could not be reached by {channel}; the next contact is tried.")
    return Telling("warning", f"{who} could not be reached by {channel}.", weight="breach")


def _breached(data: Data) -> Telling:
    return Telling("clock", f"The time for “{_said(data, 'label', 'a clock')}” has passed.", weight="breach")


_TELLINGS: dict[str, Callable[[Data], Telling]] = {
    "IncidentOpened": _opened,
    "AlertJoined": _alert("joined", "bell"),
    "AlertFiredAgain": _alert("fires again", "bell"),
    "FiredAgain": _fired_again,
    "HandOverAsked": _handed("{person} is asked to take over: {title}.", "user"),
    "HandOverAccepted": _handed("{person} takes over: {title}.", "user"),
    "HandOverDeclined": _handed("{person} does not take over: {title}.", "user"),
    "HandOverTimedOut": _handed("{person} did not answer in time; the role stays where it was: {title}.", "clock"),
    "HandOverWithdrawn": _handed("It is not handed over to {person} after all: {title}.", "undo"),
    "RespondersAsked": lambda data: Telling("user", f"Asked for more people: {', '.join(_texts(data, 'targets'))}."),
    "HelpAsked": lambda data: Telling("bell", f"Asked {_said(data, 'target') or 'the next ones'} for help."),
    "ResponderJoined": lambda data: Telling("user", f"{_said(data, 'person', 'Somebody')} is coming."),
    "ResponderDeclined": lambda data: Telling("user", f"{_said(data, 'person', 'Somebody')} is not coming."),
    "AlertEnded": _alert("ended", "check"),
    "AllAlertsEnded": _plain("check", "No alert fires any more."),
    "IncidentAcknowledged": _plain("check", "Acknowledged.", "strong"),
    "IncidentMitigated": _plain("shield", "Mitigated: the impact is reduced.", "strong"),
    "IncidentResolved": _plain("check", "Resolved: the disruption is over.", "strong"),
    "IncidentSelfResolved": _plain("check", "Resolved by itself.", "strong"),
    "IncidentClosed": _plain("archive", "Closed.", "strong"),
    "IncidentReopened": _plain("undo", "Reopened.", "strong"),
    "IncidentMerged": _merged,
    "IncidentAbsorbed": _absorbed,
    "FalseAlarmDeclared": _plain("refusal", "Declared a false alarm.", "strong"),
    "SeverityChanged": _severity,
    "RoleAssigned": _role("is"),
    "RoleEnded": _role("is no longer"),
    "NoteAdded": _note,
    "LinkAdded": _link,
    "IncidentEdited": _edited,
    "CheckAttested": _attested("Attested", "check"),
    "AttestationWithdrawn": _attested("Took back the attestation of", "undo"),
    "PageStarted": _page(began=True),
    "PageEscalated": _page(began=False),
    "PageStopped": lambda data: Telling("bell", f"Paging by {_said(data, 'policy', 'a policy')} stopped."),
    "PageExhausted": _plain("warning", "Every step has run and nobody has acknowledged.", "breach"),
    "PagingRepaired": _plain("warning", "The self-audit repaired the paging of this incident.", "strong"),
    "MessageSent": _message("was sent a message", "message"),
    "MessageDelivered": _message("got a message", "check"),
    "MessageDeferred": _message("gets a message later", "clock"),
    "ReceiptMissed": _message("was sent a message without a receipt; the next way is tried", "warning"),
    "MessageFailed": _failed,
    "ClockBreached": _breached,
}
"""Every kind that a timeline knows in its own words; others are shown by their names."""
