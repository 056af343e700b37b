"""Every name that one section uses must exist in another."""

from muster.kit.nearest import did_you_mean
from muster.plan.draft import Draft
from muster.plan.model.authority import USUAL_HOLDERS
from muster.plan.model.reference import Reference, ReferenceKind

PERMISSIONS = ("viewer", "responder", "manager", "administrator")
HOLDER_KINDS = ("permission", "role", "team", "person")
_WORDS: dict[ReferenceKind, tuple[str, str]] = {
    "severity": ("severity", "Severities of this plan"),
    "category": ("category", "Categories of this plan"),
    "policy": ("escalation policy", "Policies of this plan"),
    "level": ("level of authority", "Levels of this plan"),
    "attester": ("level of authority or role", "Known here"),
}
"""What a reference names, and how what exists is introduced."""


def check_references(draft: Draft) -> None:
    """Note every reference to a severity, category, policy, level or role that the plan does not have."""
    names: dict[ReferenceKind, list[str]] = {
        "severity": draft.severities,
        "category": draft.categories,
        "policy": list(draft.policies),
        "level": draft.levels,
        "attester": [*draft.levels, *draft.roles],
    }
    for reference in draft.references:
        kind, name = _policy_of(reference)
        if kind in names and name not in names[kind]:
            what, listed = _WORDS[kind]
            rule, fix = f"There is no {what} `{name}`.", _fix(name, names[kind], listed)
            draft.refuse(_present(draft, reference), rule, fix, key=reference.key)
        elif kind == "holder":
            _holder(draft, reference)
    for level in draft.levels:
        if not draft.mapping("authority", "holders").get(level) and level not in USUAL_HOLDERS:
            fix = f"Add it to `holders`, such as `{level}: [permission:manager]`."
            draft.refuse(("authority", "levels"), f"Nobody holds the level `{level}`.", fix)


def _policy_of(reference: Reference) -> tuple[ReferenceKind, str]:
    """A policy may be written as a target, and then names what it is; what names something else is no reference to one."""
    kind, colon, name = reference.name.partition(":")
    if reference.kind == "target" and kind == "policy" and reference.path[0] == "escalation":
        return "policy", name.strip()
    if reference.kind == "policy" and colon:
        return ("policy", name.strip()) if kind == "policy" else ("target", reference.name)
    return reference.kind, reference.name


def _fix(name: str, names: list[str], listed: str) -> str:
    hint = did_you_mean(name, names)
    return hint.replace("Known:", f"{listed}:") if hint else f"Define `{name}` first."


def _present(draft: Draft, reference: Reference) -> tuple[str | int, ...]:
    """Where it stands in the text: `attest: LEVEL` is short for `by: LEVEL`."""
    path = reference.path
    if reference.kind == "attester" and draft.document.present(path) != path:
        return (*path[:-1], "attest")
    return path


def _holder(draft: Draft, reference: Reference) -> None:
    kind, _, name = reference.name.partition(":")
    if kind not in HOLDER_KINDS or not name:
        fix = "Write `permission:manager`, `role:NAME`, `team:NAME` or `person:NAME`."
        draft.refuse(reference.path, f"`{reference.name}` does not say who holds the level.", fix)
    elif kind == "permission" and name not in PERMISSIONS:
        draft.refuse(reference.path, f"There is no permission level `{name}`.", did_you_mean(name, PERMISSIONS))
    elif kind == "role" and name not in draft.roles:
        draft.refuse(reference.path, f"There is no role `{name}`.", did_you_mean(name, draft.roles))
