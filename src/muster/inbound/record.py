"""Reading JSON objects of strangers: typed access that notes what is odd and never raises."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from muster.inbound.text import clean, scalar, shorten
from muster.inbound.times import FAR, is_far, parse_time
from muster.kit.errors import Fault, Malformed

_MOST = 50


@dataclass(slots=True)
class Findings:
    """What was found wrong (`faults`) or odd (`warnings`) while reading one request; each list is bounded."""

    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def fault(self, path: str, rule: str, fix: str = "") -> None:
        """Note something that forbids using this part."""
        _note(self.faults, path, rule, fix)

    def warn(self, path: str, rule: str, fix: str = "") -> None:
        """Note something odd that lost nothing needed."""
        _note(self.warnings, path, rule, fix)

    def stop(self) -> None:
        """End reading if anything forbids it.

        Raises:
            Malformed: with all faults noted so far.
        """
        if self.faults:
            raise Malformed("The payload breaks its format's rules.", "", self.faults)


def _note(notes: list[Fault], path: str, rule: str, fix: str) -> None:
    if len(notes) < _MOST:
        notes.append(Fault(shorten(clean(path), 200), rule, fix))
    elif len(notes) == _MOST:
        notes.append(Fault("", f"There are more than {_MOST} of these; the rest are not listed."))


@dataclass(frozen=True, slots=True)
class Record:
    """One JSON object and where it stands; absent, null and wrongly typed members read as empty."""

    data: dict[str, Any]
    path: str
    findings: Findings

    def at(self, name: str) -> str:
        """The path of a member."""
        return f"{self.path}.{name}" if self.path else name

    def get(self, *names: str) -> Any:
        """The first of these members that is there and not null."""
        return next((self.data[name] for name in names if self.data.get(name) is not None), None)

    def text(self, *names: str) -> str:
        """A scalar member as text; of several names the first that is not empty."""
        for name in names:
            value = self.data.get(name)
            found = scalar(value)
            if found:
                return found
            if found is None and value is not None:
                self.findings.warn(self.at(name), "A text is expected here; it was ignored.", "Send a string.")
        return ""

    def record(self, name: str) -> "Record":
        """An object member; empty where there is none."""
        value = self.data.get(name)
        if value is not None and not isinstance(value, dict):
            self.findings.warn(self.at(name), "An object is expected here; it was ignored.", "Send a JSON object.")
        return Record(value if isinstance(value, dict) else {}, self.at(name), self.findings)

    def items(self, name: str) -> list[Any]:
        """A list member; empty where there is none."""
        value = self.data.get(name)
        if value is not None and not isinstance(value, list):
            self.findings.warn(self.at(name), "A list is expected here; it was ignored.", "Send a JSON list.")
        return value if isinstance(value, list) else []

    def records(self, name: str) -> list["Record"]:
        """The objects of a list member; what is not an object is left out."""
        return list(records(self.items(name), self.at(name), self.findings))

    def time(self, *names: str) -> datetime | None:
        """A time member as aware UTC; None where it is unset or unreadable."""
        for name in names:
            try:
                moment = parse_time(self.data.get(name))
            except ValueError:
                self.findings.warn(self.at(name), "It is not a time and was ignored.", "Send ISO 8601 with an offset.")
                continue
            if moment is not None:
                return moment
        return None

    def end(self, name: str) -> datetime | None:
        """A time member at which something ends: one too far away to be reckoned with is simply very late."""
        if self.data.get(name) is not None and is_far(self.data[name]):
            return FAR
        return self.time(name)

    def unknown(self, known: frozenset[str]) -> None:
        """Warn of members that the format does not have; they stay in the raw signal."""
        for name in self.data:
            if name not in known:
                self.findings.warn(self.at(name), "The format has no such field; it is kept in the raw signal only.")


def records(values: Iterable[Any], path: str, findings: Findings) -> Iterable[Record]:
    """The objects among `values`, each with its place in the list at `path`."""
    for index, value in enumerate(values):
        place = f"{path}.{index}" if path else str(index)
        if isinstance(value, dict):
            yield Record(value, place, findings)
        else:
            findings.warn(place, "An object is expected here; it was left out.", "Send a JSON object.")
