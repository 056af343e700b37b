"""Links in alerts: only absolute http(s) addresses, the well-known ones named, and what the reader should do next."""

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from muster.inbound.record import Findings
from muster.kit.link import Link

LONGEST_URL = 8192
MOST_LINKS = 16
_CAMEL = re.compile(r"(?<=[a-z])[A-Z]")
_ADDRESS = re.compile(r"https?://[^\x00-\x20\"<>\\^`\ufffd]+", re.IGNORECASE)
_NAMED = {
    "runbookurl": "Runbook",
    "runbook": "Runbook",
    "playbook": "Runbook",
    "playbookurl": "Runbook",
    "dashboardurl": "Dashboard",
    "dashboard": "Dashboard",
    "panelurl": "Panel",
    "imageurl": "Image",
    "silenceurl": "Silence at the source",
    "generatorurl": "Source",
    "grafanaurl": "Grafana",
    "logsurl": "Logs",
}
_STEPS = (
    "nextstep",
    "nextsteps",
    "action",
    "actions",
    "recommendedaction",
    "recommendedactions",
    "remediation",
    "remediationsteps",
    "whattodo",
    "resolution",
    "runbook",
    "playbook",
)


_SHORT = {"action": 2, "actions": 2, "resolution": 2}


def squeezed(name: str) -> str:
    """A field's name without capitals and separators, so that `runbook_url`, `runbookUrl` and `Runbook URL` are one."""
    return _squeezed(name[:100])


@lru_cache(maxsize=4096)
def _squeezed(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())


def is_address(text: str) -> bool:
    """Whether the text is an absolute http(s) address fit to be a link."""
    if len(text) > LONGEST_URL or not _ADDRESS.fullmatch(text):
        return False
    try:
        return bool(urlsplit(text).hostname)
    except ValueError:
        return False


def link(label: str, url: str, findings: Findings, path: str) -> tuple[Link, ...]:
    """One link, or none: silently for an empty address, with a warning for one that cannot be a link."""
    if not url:
        return ()
    if is_address(url):
        return (Link(label, url),)
    findings.warn(path, "It is not an absolute http(s) address and is not shown as a link.", "Send a full URL.")
    return ()


def named_links(texts: Mapping[str, str]) -> tuple[Link, ...]:
    """The addresses among named texts, well-known names first, each under its name."""
    found = [
        (squeezed(name) not in _NAMED, _NAMED.get(squeezed(name)) or label(name), value)
        for name, value in texts.items()
        if is_address(value)
    ]
    found.sort(key=lambda entry: entry[0])
    return tuple(Link(name, url) for _, name, url in found)


def label(name: str) -> str:
    """A field's name as a caption: `silence_url` and `silenceUrl` become `Silence url`."""
    words = _CAMEL.sub(lambda found: f" {found.group().lower()}", name[:80]).replace("_", " ").replace("-", " ").strip()
    return (words[:1].upper() + words[1:])[:60] or "Link"


def next_step(texts: Mapping[str, str], links: tuple[Link, ...] = ()) -> str:
    """What the sender asks the reader to do (R55): an explicit instruction, else the runbook, else nothing."""
    by_name = {squeezed(name): value for name, value in texts.items() if value}
    for name in _STEPS:
        instruction = by_name.get(name, "")
        if instruction and len(instruction.split()) > _SHORT.get(name, 0) and not is_address(instruction):
            return instruction
    runbook = next((entry.url for entry in links if entry.label == "Runbook"), "")
    return f"Follow the runbook: {runbook}" if runbook else ""


def unique(links: tuple[Link, ...]) -> tuple[Link, ...]:
    """The links without repeated addresses, at most as many as are worth showing."""
    by_url: dict[str, Link] = {}
    for entry in links:
        by_url.setdefault(entry.url, entry)
    return tuple(by_url.values())[:MOST_LINKS]
