"""Every name that one section uses must exist in another."""

from collections.abc import Iterable, Iterator

from muster.kit.nearest import did_you_mean
from muster.plan.draft import Draft, Written, texts
from muster.plan.model.authority import USUAL_HOLDERS

PERMISSIONS = ("viewer", "responder", "manager", "administrator")
HOLDER_KINDS = ("permission", "role", "team", "person")


def check_references(draft: Draft) -> None:
    """Note every reference to a severity, category, policy, level or role that the plan does not have."""
    _all(draft, severities_used(draft), draft.severities, "severity", "Severities of this plan")
    _all(draft, categories_used(draft), draft.categories, "category", "Categories of this plan")
    _all(draft, policies_used(draft), list(draft.policies), "escalation policy", "Policies of this plan")
    _all(draft, levels_used(draft), draft.levels, "level of authority", "Levels of this plan")
    _all(draft, attesters(draft), [*draft.levels, *draft.roles], "level of authority or role", "Known here")
    _holders(draft)


def _all(draft: Draft, used: Iterable[Written], known: list[str], kind: str, listed: str) -> None:
    for one in used:
        if one.name not in known:
            draft.refuse(one.path, f"There is no {kind} `{one.name}`.", _fix(one.name, known, listed), key=one.key)


def _fix(name: str, known: list[str], listed: str) -> str:
    hint = did_you_mean(name, known)
    return hint.replace("Known:", f"{listed}:") if hint else f"Define `{name}` first."


def severities_used(draft: Draft) -> Iterator[Written]:
    """Every mention of a severity outside of the section that defines them."""
    for number, item in draft.items("severity_rules"):
        if isinstance(item.get("then"), str):
            yield Written(("severity_rules", number, "then"), item["then"])
    for verb, rule in draft.deeds():
        yield from (
            Written(path, name) for path, name in texts(("authority", verb, "severities"), rule.get("severities"))
        )
        if not set(rule) & {"", "only", "not_same_person_as", "severities"}:
            yield from (Written(("authority", verb, key), key, True) for key in rule if key != "otherwise")
    for number, item in draft.items("closure"):
        yield from (
            Written(path, name) for path, name in texts(("closure", number, "severities"), item.get("severities"))
        )
    for name in draft.mapping("paging", "remind_acknowledged"):
        yield Written(("paging", "remind_acknowledged", name), name, True)


def categories_used(draft: Draft) -> Iterator[Written]:
    """Every category that a rule decides for."""
    for number, item in draft.items("category_rules"):
        if isinstance(item.get("then"), str):
            yield Written(("category_rules", number, "then"), item["then"])


def policies_used(draft: Draft) -> Iterator[Written]:
    """Every mention of an escalation policy."""
    for number, item in draft.items("routes"):
        for field in ("to", "also"):
            for path, name in texts(("routes", number, field), item.get(field)):
                if ":" not in name or name.startswith("policy:"):
                    yield Written(path, name.removeprefix("policy:").strip())
    for severity in draft.mapping("severities"):
        escalate = draft.mapping("severities", severity).get("escalate")
        if isinstance(escalate, str):
            yield Written(("severities", severity, "escalate"), escalate.removeprefix("policy:").strip())
    for path, kind, name in draft.all_targets():
        if kind == "policy" and path[0] == "escalation":
            yield Written(path, name)


def levels_used(draft: Draft) -> Iterator[Written]:
    """Every level that authority asks for."""
    for verb, rule in draft.deeds():
        for key, name in rule.items():
            if isinstance(name, str) and key not in ("not_same_person_as", "severities"):
                yield Written(("authority", verb, key) if key else ("authority", verb), name)
    for level in draft.mapping("authority", "holders"):
        yield Written(("authority", "holders", level), level, True)


def attesters(draft: Draft) -> Iterator[Written]:
    """Whoever has to attest something before closing."""
    for number, item in draft.items("closure"):
        if isinstance(item.get("by"), str):
            path = ("closure", number, "by")
            present = draft.document.present(path) == path
            yield Written(path if present else ("closure", number, "attest"), item["by"])


def _holders(draft: Draft) -> None:
    for level in draft.levels:
        if not draft.mapping("authority", "holders").get(level) and level not in USUAL_HOLDERS:
            rule = f"Nobody holds the level `{level}`."
            draft.refuse(
                ("authority", "levels"), rule, f"Add it to `holders`, such as `{level}: [permission:manager]`."
            )
    for level, value in draft.mapping("authority", "holders").items():
        for path, text in texts(("authority", "holders", level), value):
            kind, _, name = text.partition(":")
            if kind not in HOLDER_KINDS or not name:
                fix = "Write `permission:manager`, `role:NAME`, `team:NAME` or `person:NAME`."
                draft.refuse(path, f"`{text}` does not say who holds the level.", fix)
            elif kind == "permission" and name not in PERMISSIONS:
                draft.refuse(path, f"There is no permission level `{name}`.", did_you_mean(name, PERMISSIONS))
            elif kind == "role" and name not in draft.roles:
                draft.refuse(path, f"There is no role `{name}`.", did_you_mean(name, draft.roles))
