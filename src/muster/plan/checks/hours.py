"""Rules that ask for hours by a name which the plan does not give."""

from muster.kit.errors import Broken
from muster.kit.rules import Condition
from muster.plan.draft import Draft
from muster.plan.facts import VOCABULARY


def check_hours(draft: Draft) -> None:
    """Note every `hours.NAME` that is not one of the plan's hours, and rules that take it for more than true or false."""
    named = dict.fromkeys(map(str, draft.mapping("hours")), False)
    for path, text in ((rule.path, rule.name) for rule in draft.references if rule.kind == "rule"):
        try:
            if "hours" not in Condition.compile(text, VOCABULARY).names:
                continue
        except Broken:
            continue
        if not named:
            fix = 'Say which, such as `hours: {business: {days: [mon-fri], from: "09:00", to: "17:00"}}`.'
            draft.refuse(path, "The rule asks for `hours`, and the plan names none.", fix)
            continue
        try:
            Condition.compile(text, {**VOCABULARY, "hours": named})
        except Broken as error:
            draft.refuse(path, f"This rule does not hold: {error.rule}", error.fix)
