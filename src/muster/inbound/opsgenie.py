"""Opsgenie's Alert API as far as it sends signals: `POST /v2/alerts` creates, `POST /v2/alerts/{identifier}/close` ends."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from muster.alerts.signal import NamedBy, SeverityHint, Signal
from muster.inbound.bounded import make_signal, text_map
from muster.inbound.document import document_of
from muster.inbound.generic.format import Generic
from muster.inbound.json_body import refused
from muster.inbound.opsgenie_address import IDENTIFIERS, PLACE, closed_by, is_signal, one_slash
from muster.inbound.options import unknown_options
from muster.inbound.places import named_links, next_step
from muster.inbound.port import Parsed, Request, Sample
from muster.inbound.record import Findings, Record
from muster.inbound.text import compact, digest
from muster.kit.errors import Fault, Malformed, Problem

ALLOWED = "senders_decide"
"""The option by which a manager lets senders do what keeps people from being paged."""
PRIORITIES: Mapping[str, SeverityHint] = {"P1": "critical", "P2": "high", "P3": "medium", "P4": "low", "P5": "low"}
LONGEST_LABEL = 500
_KNOWN = frozenset(
    {"message", "alias", "description", "responders", "visibleTo", "actions", "tags", "details", "entity", "source"}
    | {"priority", "user", "note", "teams"}
)
_OPTIONS = ("severities", ALLOWED)
_SAMPLE = b"""{"message": "A sample alert from the settings page", "alias": "muster-sample", "priority": "P3",
 "entity": "sample-host", "source": "settings", "tags": ["sample"],
 "details": {"runbook_url": "https://example.org/runbooks/sample"}}"""


class Unprocessable(Malformed):
    """A field of the body breaks a rule; Opsgenie answers so."""

    status, kind = 422, "invalid"


class Opsgenie:
    """Anything that can speak to Opsgenie, pointed at Muster's address instead of api.opsgenie.com."""

    name = "opsgenie"
    title = "Opsgenie Alert API"
    paths: tuple[str, ...] = (PLACE,)

    def parse(self, request: Request, options: Mapping[str, Any]) -> Parsed:
        """Read what creates an alert or closes one. The GenieKey is not looked at: the integration's key is in the address."""
        identifier = closed_by(request.path)
        document = document_of(request) if request.body.strip() or not identifier else {}
        if not isinstance(document, dict):
            raise refused("", "The body is a JSON object.", "See Opsgenie's Alert API.")
        if isinstance(document.get("alert"), dict) and not is_signal(one_slash(request.path).rstrip("/")):
            return Generic().parse(request, {})
        record = Record(document, "", Findings())
        request_id = request_id_of(request)
        signal = _closed(record, identifier, request) if identifier else _created(record, request_id, options)
        warnings = tuple(record.findings.warnings)
        return Parsed((signal,), warnings=warnings, status=202, reply=accepted(request_id), request_id=request_id)

    def option_faults(self, options: Mapping[str, Any]) -> tuple[Fault, ...]:
        """`severities` maps priorities to Muster's severities; `senders_decide` is true or false."""
        found = list(unknown_options(options, _OPTIONS))
        mapped = options.get("severities", {})
        if not isinstance(mapped, Mapping) or any(grade not in PRIORITIES.values() for grade in mapped.values()):
            rule = "Each priority maps to critical, high, medium or low."
            found.append(Fault("severities", rule, 'Write {"P3": "high"}.'))
        if not isinstance(options.get(ALLOWED, False), bool):
            found.append(
                Fault(ALLOWED, "It is true or false.", "Leave it out: then no sender keeps people from being paged.")
            )
        return tuple(found)

    def refusal(self, problem: Problem) -> Any:
        """Opsgenie's answer, whose clients show `message`."""
        return said_no(problem)

    def sample(self) -> Sample:
        """One alert."""
        return Sample(PLACE, _SAMPLE, {"content-type": "application/json"})


def said_no(problem: Problem) -> dict[str, Any]:
    """A refusal as Opsgenie words it: a message, and the faults by field."""
    said: dict[str, Any] = {"message": str(problem), "took": 0.001, "requestId": digest(str(problem))}
    errors = {fault.field or "body": f"{fault.rule} {fault.fix}".strip() for fault in problem.faults}
    return {**said, "errors": errors} if errors else said


def accepted(request_id: str) -> dict[str, Any]:
    """What Opsgenie answers before it has done anything."""
    return {"result": "Request will be processed", "took": 0.001, "requestId": request_id}


def request_id_of(request: Request) -> str:
    """The name of a request, the same whenever it is read."""
    query = "&".join(f"{name}={value}" for name, value in sorted(request.query.items()))
    return str(UUID(digest(request.method, request.path, query, request.received_at.isoformat(), request.body.hex())))


def named_by(query: Mapping[str, str]) -> NamedBy:
    """What the identifier in an address is; Opsgenie's default is the id.

    Raises:
        Unprocessable: it is none of theirs.
    """
    for kind in ("key", "id", "tiny"):
        if query.get("identifierType", "id").lower() == ("alias" if kind == "key" else kind):
            return kind
    fault = Fault("identifierType", "It is unknown.", f"Use one of {', '.join(IDENTIFIERS)}.")
    raise Unprocessable("The request cannot be processed.", faults=[fault])


def names_of(record: Record, name: str) -> dict[str, list[str]]:
    """The recipients that a list names, by their type; what has no name is called by its id."""
    found: dict[str, list[str]] = {}
    for entry in record.records(name):
        called = entry.text("name", "username", "id")
        if called:
            found.setdefault(entry.text("type").lower() or "team", []).append(called)
    return found


def tags_of(record: Record) -> list[str]:
    """The tags, given as a list or separated by commas."""
    given = record.data.get("tags")
    listed = given.split(",") if isinstance(given, str) else record.items("tags")
    return [tag for tag in (compact(entry).strip() for entry in listed) if tag]


def details_of(record: Record) -> dict[str, str]:
    """The custom properties."""
    return text_map(record.record("details"))


def priority_of(record: Record) -> str:
    """The priority, P3 where none is given; a fault where it is none of theirs."""
    written = record.text("priority").strip().upper()
    priority = f"P{written}" if written.isdecimal() else written or "P3"
    if priority not in PRIORITIES:
        record.findings.fault("priority", f"`{written:.20}` is no priority.", "Send P1, P2, P3, P4 or P5.")
    return priority


def _created(record: Record, request_id: str, options: Mapping[str, Any]) -> Signal:
    findings = record.findings
    record.unknown(_KNOWN)
    message, alias, priority = record.text("message").strip(), record.text("alias").strip(), priority_of(record)
    if not message:
        findings.fault("message", "An alert needs a message.", "Send a string that is not empty.")
    _stop(findings)
    details, named = details_of(record), names_of(record, "responders")
    teams = [*named.get("team", ()), *names_of(record, "teams").get("team", ())]
    people = [f"{kind}:{name}" for kind, names in named.items() if kind != "team" for name in names]
    fields = {
        "alias": alias or request_id,
        "entity": record.text("entity"),
        "source": record.text("source"),
        "priority": priority,
        "tags": ",".join(tags_of(record)),
        "team": ",".join(teams),
        "responders": ",".join(people),
    }
    short = {name: text for name, text in details.items() if len(text) <= LONGEST_LABEL}
    seen = [f"{kind}:{name}" for kind, names in names_of(record, "visibleTo").items() for name in names]
    told = {
        "user": record.text("user"),
        "note": record.text("note"),
        "actions": ", ".join(compact(action) for action in record.items("actions")),
        "visible_to": ", ".join(seen),
    }
    links = named_links(details)
    mapped = options.get("severities")
    chosen = mapped.get(priority) if isinstance(mapped, Mapping) else None
    severity = next((grade for grade in PRIORITIES.values() if grade == chosen), PRIORITIES[priority])
    return make_signal(
        findings,
        "",
        key=alias or request_id,
        status="firing",
        title=message,
        labels={**short, **{name: text for name, text in fields.items() if text}},
        annotations={**details, **{name: text for name, text in told.items() if text}},
        description=record.text("description"),
        severity_hint=severity,
        links=links,
        next_step=next_step(details, links),
    )


def _closed(record: Record, identifier: str, request: Request) -> Signal:
    kind = named_by(request.query)
    signal = make_signal(
        record.findings,
        "",
        key=identifier,
        status="resolved",
        title=identifier,
        labels={},
        annotations={},
    )
    return replace(signal, named_by=kind)


def _stop(findings: Findings) -> None:
    if findings.faults:
        raise Unprocessable("The request body cannot be processed.", faults=findings.faults)
