"""`muster import`: bring what another tool's export says into Muster; look at the report first."""

from pathlib import Path
from typing import Annotated, Any

import cyclopts
from cyclopts import Parameter

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_json
from muster.importing.export_files import unpack
from muster.kit.errors import Fault, Invalid

app = cyclopts.App(name="import", help="Move here from another tool: try with --dry-run, then do it.")

DryRun = Annotated[bool, Parameter(name="--dry-run", negative="", help="Show the report and change nothing.")]
Out = Annotated[
    Path | None, Parameter(name="--out", help="Write the manifests to this file for review instead of applying them.")
]
_HEADINGS = {"not_mapped": "Not mapped", "with_loss": "Mapped with a loss", "mapped": "Mapped"}


@app.command
def opsgenie(export: Path, /, *, dry_run: DryRun = False, out: Out = None, json: Json = False) -> None:
    """Import an export of Opsgenie: a folder, a .zip or a file of its API's answers."""
    _import("opsgenie", export, dry_run=dry_run, out=out, json=json)


@app.command
def pagerduty(export: Path, /, *, dry_run: DryRun = False, out: Out = None, json: Json = False) -> None:
    """Import an export of PagerDuty: a folder, a .zip or a file of its API's answers."""
    _import("pagerduty", export, dry_run=dry_run, out=out, json=json)


@app.command(name="grafana-oncall")
def grafana_oncall(export: Path, /, *, dry_run: DryRun = False, out: Out = None, json: Json = False) -> None:
    """Import an export of Grafana OnCall: a folder, a .zip or a file of its API's answers, or Terraform files."""
    _import("grafana-oncall", export, dry_run=dry_run, out=out, json=json)


def _import(source: str, export: Path, *, dry_run: bool, out: Path | None, json: bool) -> None:
    files = unpack(_read(export))
    only_try = dry_run or out is not None
    done = Client().post(f"/imports/{source}{'?dry_run=true' if only_try else ''}", {"files": files})
    if out is not None:
        _write(out, done["manifests"])
    if json:
        emit_json(done)
        return
    _print_report(done)
    if out is not None:
        print(f"The manifests are in {out}; nothing was changed. Apply them with: muster apply -f {out}")
    elif dry_run:
        print("Nothing was changed: this was a dry run.")


def _print_report(done: dict[str, Any]) -> None:
    for outcome, heading in _HEADINGS.items():
        own = [item for item in done["objects"] if item["outcome"] == outcome]
        if own:
            print(f"{heading} ({len(own)})")
        for item in own:
            print(f"  {item['kind']} {item['title']}{' → ' + ', '.join(item['to']) if item['to'] else ''}")
            for sentence in [*item["losses"], *item["remarks"]]:
                print(f"      {sentence}")
    for check in done["checks"]:
        result = "the same" if check["agrees"] else "NOT the same" if check["compared"] else "not compared"
        print(f"Coverage of {check['title']}, {result}: {check['sentence']}")
        for difference in check["differences"]:
            print(f"      {difference}")
    print("What is done" if not done["dry_run"] else "What would be done")
    for item in done["applied"]:
        print(f"  {item['kind']} {item['name']}: {item['outcome']}")
        for change in item["changes"]:
            print(f"      {change}")
    for remark in done["remarks"]:
        print(remark)
    counts = done["counts"]
    print(f"{counts['mapped']} mapped, {counts['with_loss']} with a loss, {counts['not_mapped']} not mapped.")


def _read(export: Path) -> dict[str, bytes]:
    try:
        if export.is_dir():
            return {
                str(item.relative_to(export)): item.read_bytes() for item in sorted(export.rglob("*")) if item.is_file()
            }
        return {export.name: export.read_bytes()}
    except OSError as error:
        raise Invalid("The export cannot be read.", faults=[Fault(str(export), f"{error.strerror}.")]) from error


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Invalid("The manifests cannot be written.", faults=[Fault(str(out), f"{error.strerror}.")]) from error
