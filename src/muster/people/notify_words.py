"""A person's notification rules as a sentence that they can check at a glance. Pure."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from muster.kit.duration import format_duration
from muster.kit.weekhours import DAYS, read_weekdays
from muster.people.notify import Doing, Hours, Notify

_NO_RULES = "Every page goes to your first contact at once, and to the next where one fails."
_REST = "Anything else goes to the first contact at once, and to the next where one fails."


def sentences(notify: Notify, labels: Mapping[str, str]) -> list[str]:
    """One sentence for each rule, then what holds for the rest and when it is quiet; `labels` name kinds of contact."""
    told = []
    for rule in notify.notify:
        which = _listed(rule.severity) if rule.severity else "every page"
        when = f" {_hours(rule.hours)}" if rule.hours else ""
        told.append(f"{_capital(which)}{when}: {doings(rule.do, labels)}.")
    ends = any(not rule.severity and not rule.hours for rule in notify.notify)
    told += [] if ends else [_REST if notify.notify else _NO_RULES]
    if quiet := notify.quiet_hours:
        come = "comes" if len(quiet.pierced_by) == 1 else "come"
        but = f"; {_listed(quiet.pierced_by)} {come} all the same" if quiet.pierced_by else ""
        told.append(f"Quiet {_hours(quiet)}: what comes then waits until they end{but}.")
    return told


def doings(do: Sequence[Doing], labels: Mapping[str, str]) -> str:
    """Such as `ntfy at once, SMS after 2m, call after 4m`."""
    ordered = sorted(do, key=lambda doing: doing.after)
    return ", ".join(
        f"{labels.get(doing.by, doing.by)} {after_words(doing.after.total_seconds())}" for doing in ordered
    )


def after_words(seconds: float) -> str:
    """Such as `at once`, `after 2 min`, `after 1h30m`."""
    whole = int(seconds)
    if whole <= 0:
        return "at once"
    if whole < 60:
        return f"after {whole} s"
    if whole % 60 == 0 and whole < 3600:
        return f"after {whole // 60} min"
    return f"after {format_duration(timedelta(seconds=whole))}"


def _hours(hours: Hours) -> str:
    days = read_weekdays(hours.days)
    named = [DAYS[day].capitalize() for day in sorted(days)]
    if len(days) == 7:
        shown = "every day"
    elif days == frozenset(range(5)):
        shown = "Mon to Fri"
    else:
        shown = ", ".join(named)
    span = "all day" if hours.start == hours.end else f"{hours.start} to {hours.end}"
    return f"{shown} {span}" if shown != "every day" or span == "all day" else span


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
