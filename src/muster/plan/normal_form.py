"""Brings a plan as written to the shape of the model: header hoisted, sections of later versions set aside, never lost."""

from dataclasses import replace
from typing import Any

from muster.kit.nearest import did_you_mean
from muster.kit.yamldoc import Document, Path
from muster.plan.action import Action
from muster.plan.check_kind import CheckKind
from muster.plan.draft import Draft
from muster.plan.model.authority import Authority
from muster.plan.model.closure import CHECKS, LATER_CHECKS, Check
from muster.plan.model.plan import Plan
from muster.plan.section import PlanSection

HEADER = ("name", "description", "owner", "review_every", "time_zone")
LATER_SECTIONS = (
    *("impact", "disaster_when", "disaster", "containment", "mitigation", "communications", "regulators"),
    *("retrospective", "rca", "access", "drills"),
)
LATER_AUTHORITY = ("containment.", "mitigation.", "communications.", "access.", "disaster.", "automation.")
COMMON = ("check", "when", "severities", "about")
"""What an item of any kind may say."""
_KEPT = "is kept as written, and not yet enforced."


def normal(
    document: Document,
    sections: tuple[PlanSection, ...] = (),
    actions: tuple[Action, ...] = (),
    kinds: tuple[CheckKind, ...] = (),
    *,
    published: bool = False,
) -> Draft:
    """The draft of a plan, with the faults and warnings that its outline already shows.

    `sections` and `kinds` of checks are those of features; `actions` those that authority decides over, unless nobody can
    tell. A text that was `published` keeps every section and check: it was checked by who knew it.
    """
    if not isinstance(document.data, dict):
        draft = Draft({}, document)
        draft.refuse((), "A plan is a mapping of sections.", "Begin with `name: main`, then `severities:`, `routes:` …")
        return draft
    draft = replace(_hoisted(document), sections=sections, kinds=kinds)
    brought = {section.name for section in sections}
    names = [*known_sections(), *brought]
    kept: dict[str, Any] = {}
    for name in list(draft.data):
        if name in brought or (published and name not in names):
            kept[name] = draft.data.pop(name)
        elif name in LATER_SECTIONS:
            _set_aside(draft, name, kept)
        elif name not in names or name == "kept":
            draft.data.pop(name)
            draft.refuse((name,), f"`{name}` is not a section of a plan.", did_you_mean(name, names), key=True)
    _authority(draft, kept, [action.name for action in actions if action.decided])
    _closure(draft, published)
    if kept:
        draft.data["kept"] = kept
    return draft


def known_sections() -> list[str]:
    """The names that may stand at the top of a plan."""
    return [*(name for name in Plan.model_fields if name != "kept"), *LATER_SECTIONS]


def _hoisted(document: Document) -> Draft:
    """The draft with the fields of the header `plan` at the top, where their faults still point at the header."""
    data = {name: value for name, value in document.data.items() if name != "plan"}
    header = document.data.get("plan")
    if header is None:
        return Draft(data, document)
    if not isinstance(header, dict):
        draft = Draft(data, document)
        draft.refuse(("plan",), "The header `plan` is a mapping.", "Write `plan: {name: main, owner: team:platform}`.")
        return draft
    hoisted = {name: value for name, value in header.items() if name in HEADER and name not in data}
    places: dict[Path, Path] = {(name,): ("plan", name) for name in hoisted}
    draft = Draft(data | hoisted, replace(document, aliases={**document.aliases, **places}))
    for name in header:
        if name not in HEADER:
            draft.refuse(
                ("plan", name), f"`{name}` is not a field of the header.", did_you_mean(name, HEADER), key=True
            )
        elif name not in hoisted:
            draft.refuse(
                ("plan", name), f"`{name}` stands both in the header and outside.", "Keep one of them.", key=True
            )
    return draft


def _set_aside(draft: Draft, name: str, kept: dict[str, Any]) -> None:
    value = draft.data.pop(name)
    if value is None:
        return
    if not isinstance(value, dict | list) and name != "disaster_when":
        draft.refuse((name,), f"The section `{name}` is a mapping or a list.", "Write its fields below it, indented.")
        return
    kept[name] = value
    draft.warn((name,), f"The section `{name}` {_KEPT}", key=True)


def _authority(draft: Draft, kept: dict[str, Any], actions: list[str]) -> None:
    section = draft.data.get("authority")
    if not isinstance(section, dict):
        return
    section = {name: rule for name, rule in section.items() if rule is not None}
    names = [*actions, *Authority.model_fields]
    for name in list(section):
        if name in names:
            continue
        if str(name).startswith(LATER_AUTHORITY):
            kept.setdefault("authority", {})[name] = section.pop(name)
            draft.warn(("authority", name), f"The authority over `{name}` {_KEPT}", key=True)
        elif actions:
            section.pop(name)
            rule, fix = f"`{name}` is not an action that authority knows.", did_you_mean(str(name), names)
            draft.refuse(("authority", name), rule, fix, key=True)
    draft.data["authority"] = section


def _closure(draft: Draft, published: bool) -> None:
    section = draft.data.get("closure")
    if not isinstance(section, list):
        return
    draft.data["closure"] = [_check(draft, number, item, published) for number, item in enumerate(section)]


def _check(draft: Draft, number: int, item: Any, published: bool) -> Any:
    if isinstance(item, str):
        item = {"check": item}
    if not isinstance(item, dict):
        return item
    kind = item.get("check")
    if kind not in CHECKS and "attest" in item:
        rest = {key: value for key, value in item.items() if key not in ("check", "attest")}
        return {"name": kind, **rest, "check": "attest", "by": item["attest"]}
    if isinstance(kind, str) and kind not in CHECKS:
        brought = [kind.name for kind in draft.kinds]
        if kind not in brought and kind in LATER_CHECKS:
            draft.warn(("closure", number), f"The check `{kind}` {_KEPT}")
        elif kind not in brought and not published:
            fix = did_you_mean(kind, dict.fromkeys((*CHECKS, *LATER_CHECKS, *brought)))
            draft.refuse(("closure", number, "check"), f"`{kind}` is not one of the choices.", fix)
        common = {key: value for key, value in item.items() if key in COMMON}
        return {**common, "params": {key: value for key, value in item.items() if key not in common}}
    if "params" in item:
        fields = [name for name in Check.model_fields if name != "params"]
        draft.refuse(
            ("closure", number, "params"),
            "`params` is not a known field here.",
            did_you_mean("params", fields),
            key=True,
        )
        return {key: value for key, value in item.items() if key != "params"}
    return dict(item)
