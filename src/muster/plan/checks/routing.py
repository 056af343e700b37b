"""Routes and rules that leave no alert without an answer."""

from datetime import timedelta
from typing import Any

from muster.kit.duration import format_duration, parse_duration
from muster.plan.draft import Draft


def check_routing(draft: Draft) -> None:
    """Note a missing catch-all, rules that can never be reached, and deadlines that contradict their severity."""
    routes = list(draft.items("routes"))
    if routes and not _always(routes[-1][1]):
        rule = "No route catches what the others miss: such an alert would page nobody."
        draft.refuse(("routes",), rule, "End the routes with `- {if: 'true', to: …}`.", key=True)
    for section in ("routes", "severity_rules", "category_rules"):
        _unreachable(draft, section)
    rules = list(draft.items("severity_rules"))
    if rules and not _always(rules[-1][1]):
        worst = draft.severities[0]
        rule = f"What no severity rule matches gets the sender's severity, or `{worst}` when it gives none."
        draft.warn(
            ("severity_rules",), rule, f"End the rules with `- {{if: 'true', then: {draft.severities[-1]}}}`.", key=True
        )
    _names(draft)
    _order(draft)


def _always(item: dict[str, Any]) -> bool:
    return str(item.get("if")).strip().lower() == "true"


def _unreachable(draft: Draft, section: str) -> None:
    seen: dict[str, int] = {}
    catch_all: int | None = None
    for number, item in draft.items(section):
        text = str(item.get("if")).strip()
        if catch_all is not None:
            rule = f"This is never reached: number {catch_all + 1} of the list already catches everything."
            draft.refuse((section, number), rule, "Move it above that one, or remove it.")
        elif text in seen:
            rule = f"This is never reached: number {seen[text] + 1} of the list has the same condition."
            draft.refuse((section, number), rule, "Remove it, or change its condition.")
        elif _always(item):
            catch_all = number
        seen.setdefault(text, number)


def _names(draft: Draft) -> None:
    for path, names in ((("categories",), draft.categories), (("authority", "levels"), draft.levels)):
        for number, name in enumerate(names):
            if name in names[:number]:
                draft.refuse((*path, number), f"`{name}` stands twice in the list.", "Remove one.")
    checks: set[str] = set()
    for number, item in draft.items("closure"):
        key = f"{item.get('check')}:{item.get('name')}"
        if item.get("name") and key in checks:
            draft.refuse(("closure", number), f"The check `{item['name']}` stands twice in the list.", "Remove one.")
        checks.add(key)


def _order(draft: Draft) -> None:
    before: tuple[str, timedelta] | None = None
    for name in draft.mapping("severities"):
        try:
            within = parse_duration(str(draft.mapping("severities", name).get("acknowledge_within")))
        except ValueError:
            continue
        if before is not None and within < before[1]:
            rule = (
                f"`{name}` must be acknowledged within {format_duration(within)}, sooner than the worse `{before[0]}`."
            )
            draft.warn(("severities", name), rule, "List severities from the worst to the mildest.", key=True)
        before = (name, within)
