"""What an override would do, as pages show it: who is on call instead of whom, and what speaks for and against it."""

from collections.abc import Sequence
from dataclasses import dataclass

from muster.base.web.typed import template
from muster.oncall.actions.previews import OverridePreview
from muster.oncall.coverage.override_effects import CoverageChange, Remark, Weight
from muster.oncall.picture.lanes import Viewer

MOST_CHANGES = 6
ICONS = {Weight.GOOD: "check", Weight.BAD: "warning", Weight.KNOW: "info"}


@dataclass(frozen=True, slots=True)
class CoverageChangeRow:
    """Who would be on call (nothing where nobody is), instead of whom, and when."""

    after: str
    before: str
    times: str


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """Something to know of the change."""

    weight: str
    icon: str
    sentence: str


@template("oncall/override_preview.html")
@dataclass(frozen=True, slots=True)
class PreviewPart:
    """The effect of an override: `faults` say why it cannot be told, `refused` why the onlooker may not make it."""

    faults: Sequence[str] = ()
    refused: str = ""
    changes: Sequence[CoverageChangeRow] = ()
    more: str = ""
    remarks: Sequence[RemarkRow] = ()


def preview_part(preview: OverridePreview, viewer: Viewer) -> PreviewPart:
    """As the onlooker reads it."""
    more = len(preview.effects) - MOST_CHANGES
    last = viewer.moment(preview.effects[-1].end) if preview.effects else ""
    return PreviewPart(
        refused=preview.refused,
        changes=[_change(change, viewer) for change in preview.effects[:MOST_CHANGES]],
        more=f"and {more} more stretches until {last}" if more > 0 else "",
        remarks=[_remark(remark) for remark in preview.remarks],
    )


def _change(change: CoverageChange, viewer: Viewer) -> CoverageChangeRow:
    times = f"{viewer.moment(change.start)} to {viewer.moment(change.end)}"
    return CoverageChangeRow(viewer.names(change.after) if change.after else "", viewer.names(change.before), times)


def _remark(remark: Remark) -> RemarkRow:
    return RemarkRow(str(remark.weight), ICONS[remark.weight], remark.sentence)
