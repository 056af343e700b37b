"""From an export and the organisation as it stands to manifests, overrides and the report: all of an import but doing it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from muster.importing.comparison import Checked
from muster.importing.current_state import CurrentState
from muster.importing.export import Export
from muster.importing.export_files import read_bundle
from muster.importing.mapped_overrides import MappedOverride
from muster.importing.plan_text import plan_with
from muster.importing.sources import SOURCES
from muster.importing.to_people import fallback_team, persons_of, teams_of
from muster.importing.to_plan import NamedObjects, PlanParts, catalog_of, policies_of
from muster.importing.to_schedules import schedules_of
from muster.importing.yaml_text import written
from muster.kit.errors import Missing
from muster.kit.nearest import did_you_mean


@dataclass(slots=True)
class ImportDraft:
    """What an export becomes: `documents` are manifests by the file under which faults refer to them, `wanted` is the plan's."""

    export: Export
    documents: dict[str, list[dict[str, Any]]]
    wanted: PlanParts
    plan: str | None
    plan_name: str
    overrides: tuple[MappedOverride, ...]
    checks: tuple[Checked, ...]
    remarks: list[str] = field(default_factory=list)

    @property
    def manifests(self) -> dict[str, str]:
        """The texts of the manifests by file."""
        texts = {file: written(*found) for file, found in self.documents.items() if found}
        plan, _ = plan_with(self.plan, self.plan_name, self.wanted, self.export.vendor)
        if plan is not None:
            texts["plan.yaml"] = plan if plan.endswith("\n") else f"{plan}\n"
        return texts

    def report(self) -> dict[str, Any]:
        """The report as the API gives it: what needs eyes first."""
        return {
            "source": self.export.source,
            "vendor": self.export.vendor,
            "counts": self.export.report.counts(),
            "objects": [note.as_json() for note in self.export.report.ordered()],
            "checks": [check.as_json(self.export.vendor) for check in self.checks],
            "remarks": list(self.remarks),
        }

    def text(self) -> str:
        """All manifests as one file, with what no manifest says as comments above them."""
        head = [
            f"# Made from an export of {self.export.vendor}. Read it, change it, and apply it: muster apply -f FILE"
        ]
        head += [
            f"# Override, to be made by hand: muster override add {override.schedule} {override.person or '--nobody'} "
            f"--start {override.start:%Y-%m-%dT%H:%MZ} --end {override.end:%Y-%m-%dT%H:%MZ}"
            for override in self.overrides
        ]
        return "\n".join(head) + "\n" + "---\n".join(self.manifests.values())


def compose(source: str, files: Mapping[str, str], present: CurrentState, now: datetime) -> ImportDraft:
    """Read an export and say what it becomes.

    Raises:
        Missing: there is no such source; Invalid: files that are not what their name says.
    """
    tool = SOURCES.get(source)
    if tool is None:
        raise Missing(f"There is no import from `{source:.40}`.", did_you_mean(source, list(SOURCES)))
    export = tool.read(read_bundle(files))
    persons, people = persons_of(export, present)
    teams, team_names, empty = teams_of(export, present, people)
    addresses = {str(person["name"]): str(person["email"]) for person in persons}
    schedules = schedules_of(export, present, people, addresses, now)
    known = NamedObjects(people, team_names, schedules.of, frozenset(empty))
    wanted = PlanParts()
    policies = policies_of(export, known, wanted)
    fallback = fallback_team(export, present, people)
    catalog, needs_fallback = catalog_of(export, present, known, policies, str(fallback["name"]), wanted)
    if needs_fallback:
        teams.append(fallback)
    _, remarks = plan_with(present.plan, present.plan_name, wanted, export.vendor)
    documents = {
        "people.yaml": persons,
        "teams.yaml": teams,
        "schedules.yaml": schedules.manifests,
        "catalogue.yaml": catalog,
    }
    overrides, checks = tuple(schedules.overrides), tuple(schedules.checks)
    return ImportDraft(export, documents, wanted, present.plan, present.plan_name, overrides, checks, list(remarks))
