"""What the subject of a monitor's mail says: how the alert stands, how grave it is, and which alert it is. Pure.

Nothing but known words in known places counts: marks before the text (`[RESOLVED]`, `** RECOVERY`, `OK:`, `Monitor is UP:`) and
the state at its end (`web1 is OK`, `WARN -> OK`). What contradicts itself, takes itself back, or answers somebody fires.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from muster.alerts.signal import SeverityHint
from muster.inbound.severity import severity_of
from muster.inbound.text import one_line

LONGEST = 1000
_OVER = frozenset(["resolved", "recovered", "recovery", "ok", "okay", "cleared", "closed", "up"])
_TROUBLE = frozenset(
    ["problem", "firing", "fired", "alarm", "alert", "alerting", "triggered", "down", "error", "failed", "failure", "open",
     "opened", "unreachable", "nodata", "insufficient_data", "unknown", "flappingstart", "flapping"]
)  # fmt: skip
_GRADES = frozenset(
    ["critical", "crit", "emergency", "fatal", "disaster", "major", "high", "warning", "warn", "average", "minor", "low",
     "info", "information", "notice", "p1", "p2", "p3", "p4", "p5", "sev0", "sev1", "sev2", "sev3", "sev4"]
)  # fmt: skip
_NOTES = frozenset(["acknowledgement", "downtimestart", "downtimeend", "downtimecancelled"])
_WORDS = "|".join(sorted(_OVER | _TROUBLE | _GRADES | _NOTES, key=len, reverse=True))
_GLYPHS = r"[\s*>#\u2705\u2714\ufe0f\U0001f7e2]*"
_OF_REPLY = re.compile(r"\s*(re|aw|antw|sv|vs)\s*:\s*", re.IGNORECASE)
_OF_FORWARD = re.compile(r"\s*(?:fwd?|wg|tr|rv)\s*:\s*", re.IGNORECASE)
_OUTSIDE = re.compile(r"\s*\[(?:external|extern|ext|spam)\]\s*", re.IGNORECASE)
_TAG = re.compile(r"\s*\[([^\[\]]{1,120})\]\s*:?\s*")
_NAGIOS = re.compile(rf"\s*\*\*\s*({_WORDS})\s+(?:(?:service|host)\s+alert:\s*)?", re.IGNORECASE)
_PAIR = re.compile(rf"{_GLYPHS}(up|down)\salert:\s*", re.IGNORECASE)
_NAMED = re.compile(r"\s*\[[^\[\]]{1,120}\]\s\[[\W]{0,4}(?:up|down)\]", re.IGNORECASE)
"""Uptime Kuma: a name, its state, and what was heard, which is another each time."""
_LEAD = re.compile(rf"{_GLYPHS}({_WORDS})(?::|\s?\||\s[-\u2013\u2014](?=\s))\s*", re.IGNORECASE)
_THING = re.compile(
    rf"{_GLYPHS}(?:monitor|check|host|service|site|website|server|incident|alert|problem)\s(?:is\s|was\s|has\s)?"
    rf"(?:back\s)?(up|down|ok|resolved|recovered|cleared|closed|opened|failed|triggered)(?::|\s?\||\s[-\u2013\u2014](?=\s))\s*",
    re.IGNORECASE,
)
_AFTER = re.compile(rf"{_GLYPHS}(resolved)\sin\s[\d\s.,:wdhms]{{1,40}}:\s", re.IGNORECASE)
_ALONE = re.compile(rf"{_GLYPHS}({_WORDS})\W*", re.IGNORECASE)
_FIRST = (_NAGIOS, _AFTER, _PAIR, _THING, _LEAD)
_TURN = re.compile(r"\s*(?:-+>|=+>|\u2192|\bto\b)")
_END = re.compile(rf"\s(?:is|state|status)\s(?:now\s|back\s|in state\s)?({_WORDS})(?:\sagain)?[\s*!.]*$", re.IGNORECASE)
_ARROW = re.compile(rf"\s(?:{_WORDS})\s*(?:-+>|=+>|\u2192)\s*({_WORDS})[\s*!.]*$", re.IGNORECASE)
_BUT = re.compile(
    r"\W*(?:no|not|none|never|nothing|false|0|failed|failing|fails|unable|cannot|can't|could|pending|stuck|incomplete|"
    r"partial|partially|only|attempt\w*|trying|in progress|unknown)\b",
    re.IGNORECASE,
)
_CHANGING = re.compile(
    r"\b\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:z|[+-]\d\d:?\d\d)?)?\b"
    r"|\b\d{1,2}:\d\d(?::\d\d)?\b(?:\s?[ap]m\b)?"
    r"|\(\d{1,9}\s(?:new\s)?(?:alerts?|events?|times?|problems?)\)"
    r"|\b(?:for|since|after)\s\d{1,9}\s?(?:s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)\b",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"((?:than|above|below|over|under|exceeds|at least|[<>]=?)\s*)?\b\d{1,9}(?:\.\d{1,9})?\s?%", re.IGNORECASE
)
"""A measured share, or the bound that belongs to the alert's name."""
_GRAVE = re.compile(
    r"\b(?:(?i:critical|crit|emergency|fatal|disaster|warning|warn|p[1-5]|sev-?[0-4])|MAJOR|HIGH|ERROR|AVERAGE|MINOR|LOW|INFO"
    r"|Disaster|High|Average)\b"
)


@dataclass(frozen=True, slots=True)
class MailSubject:
    """What a subject says. `over` is the evidence of a recovery and `note` of something that is no alert; each may be empty.

    `key` is empty where nothing but such words is in it.
    """

    title: str
    key: str
    over: str
    note: str
    severity: SeverityHint


@lru_cache(maxsize=1024)
def read_subject(written: str) -> MailSubject:
    """Read a subject."""
    text, answers = _bare(one_line(written[:LONGEST]))
    marks, tags, rest, shown = _marked(text)
    end = _END.search(rest) or _ARROW.search(rest)
    last = end.group(1).lower() if end else ""
    body = rest[: end.start()] if end else rest
    words = [*(mark.lower() for mark in marks), *([last] if last else [])]
    trouble = any(word in _TROUBLE for word in words) or last in _GRADES
    taken_back = bool(marks) and bool(_BUT.match(rest) or _TURN.match(rest))
    evidence = next((word for word in words if word in _OVER), "")
    note = words[0] if words and words[0] in _NOTES and text.startswith(("**", "[")) else ""
    over = evidence if evidence and not (trouble or taken_back or answers or note) else ""
    title = shown.strip(" *")
    return MailSubject(
        title=title if any(sign.isalnum() for sign in title) else text,
        key=_key(tags if _NAMED.match(text) else f"{tags} {body}"),
        over=f"subject: {over}" if over else "",
        note=note,
        severity=_severity(marks, text),
    )


def _bare(text: str) -> tuple[str, bool]:
    """The subject without what mail programs put before it, and whether it answers somebody."""
    answers = False
    for _ in range(10):
        if found := _OF_REPLY.match(text):
            answers = True
        else:
            found = _OF_FORWARD.match(text) or _OUTSIDE.match(text)
        if not found:
            break
        text = text[found.end() :]
    return text, answers


def _marked(text: str) -> tuple[list[str], str, str, str]:
    """The known words with which a subject begins, the tags that are none, the rest, and what of it all is shown."""
    marks: list[str] = []
    tags: list[str] = []
    at, shown = 0, ""
    for _ in range(12):
        if tag := _TAG.match(text, at):
            words = _words(tag.group(1))
            if words:
                marks += words
            else:
                tags.append(f"[{tag.group(1)}]")
            at = tag.end()
            continue
        found = next((hit for pattern in _FIRST if (hit := pattern.match(text, at))), None) or _ALONE.fullmatch(
            text, at
        )
        if found is None or not found.group(1)[0].isupper():
            break
        if not shown and not text.startswith("**", at):
            shown = one_line(f"{' '.join(tags)} {text[at:]}")
        marks.append(found.group(1))
        at = found.end()
    return marks, " ".join(tags), text[at:], shown or one_line(f"{' '.join(tags)} {text[at:]}")


def _words(tag: str) -> list[str]:
    """The known words of a tag such as `FIRING:2` or `ALERT - Critical`; none where it holds anything else."""
    words = [word for word in re.split(r"[^\w]+", tag.lower()) if word]
    known = [word for word in words if word in _OVER | _TROUBLE | _GRADES | _NOTES]
    if set(known) & _OVER and any(sign in tag for sign in "!?\u2260\u00ac\u2717\u2718\u274c\U0001f534\u26a0>"):
        return []
    return known if known and all(word in known or word.isdigit() for word in words) else []


def _key(text: str) -> str:
    measured = _SHARE.sub(lambda found: found.group() if found.group(1) else " ", text)
    plain = one_line(_CHANGING.sub(" ", measured)).strip(" *-:|!.,").casefold()
    return plain if any(sign.isalnum() for sign in plain) else ""


def _severity(marks: list[str], text: str) -> SeverityHint:
    order: tuple[SeverityHint, ...] = ("critical", "high", "medium", "low")
    written = [mark for mark in marks if mark.lower() in _GRADES] or _GRAVE.findall(text)
    found = {severity_of(word) for word in written}
    return next((grade for grade in order if grade in found), "")
