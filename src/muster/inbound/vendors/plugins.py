"""What Nagios and its descendants have in common: notifications of a type about the state of a host or a service."""

from collections.abc import Iterable, Mapping

from muster.inbound.state_words import states
from muster.inbound.vendor_report import ReportResult, SeverityTable, VendorReport, identity
from muster.kit.link import Link

_TYPES = states(
    "problem, custom",
    "recovery",
    "acknowledgement",
    {
        "flappingstart, flappingstop, flappingend, flappingdisabled": "It tells of flapping, which Muster judges itself.",
        "downtimestart, downtimeend, downtimestop, downtimecancelled, downtimeremoved": "It tells of a downtime.",
    },
)
_SEVERITIES: SeverityTable = {
    "critical": "critical", "crit": "critical", "down": "critical", "unreachable": "high", "unreach": "high",
    "warning": "medium", "warn": "medium", "unknown": "medium", "unkn": "medium",
}  # fmt: skip
_WELL = ("ok", "up")


def notification(
    report: VendorReport,
    *,
    kind: str,
    host: str,
    service: str,
    state: str,
    output: str,
    labels: Mapping[str, str] | None = None,
    links: Iterable[Link] = (),
    site: str = "",
    details: str = "",
) -> ReportResult:
    """A notification; a recovery counts only while its state is OK or UP, where it names one."""
    what = f"{service} on {host}" if service else host
    ended = _TYPES.known(kind) == "resolved" and state and state.lower() not in _WELL
    doubt = f"{report.vendor} calls it a {kind} and the state {state}: taken as a problem." if ended else ""
    return report.signal(
        key=identity(site, host, service) if host or service else "",
        state=kind.partition(" ")[0],
        states=_TYPES,
        doubt=doubt,
        title=f"{what} is {state}" if state else what,
        severity=report.severity(state, _SEVERITIES),
        description="\n".join(filter(None, (output, details))),
        labels={"host": host, "service": service, "state": state, "site": site, **(labels or {})},
        links=links,
    )
