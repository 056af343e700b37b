"""Who may decide what in an incident (R6, R79, R84, R192)."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, model_validator

from muster.kit.errors import Broken
from muster.kit.yamldoc import Path
from muster.plan.model.fields import Name, SeverityName, one_or_many
from muster.plan.model.reference import Reference, Refers, Spells, references
from muster.plan.model.section import Section

_Verb = Literal[
    "acknowledge",
    "mitigate",
    "resolve",
    "close",
    "reopen",
    "merge",
    "false_alarm",
    "assign",
    "severity.raise",
    "severity.lower",
]
VERBS: tuple[str, ...] = get_args(_Verb)
Verb = str
Doer = Literal["reporter", "acknowledger", "mitigator", "resolver"]
USUAL_LEVELS = ("responder", "incident_manager", "director")
USUAL_HOLDERS: dict[str, tuple[str, ...]] = {
    "responder": ("permission:responder",),
    "incident_manager": ("permission:manager", "role:incident_response_manager"),
    "director": ("permission:administrator",),
}
_FIELDS = frozenset({"only", "not_same_person_as", "severities", "otherwise"})


def _verb_rule(value: Any) -> Any:
    """Brings the short forms (`close: incident_manager`, `close: {critical: director, otherwise: …}`) to the long one."""
    if isinstance(value, str):
        return {"only": value}
    if isinstance(value, dict) and value and "only" not in value and not (set(value) - {"otherwise"}) & _FIELDS:
        by_severity = {key: one for key, one in value.items() if key != "otherwise"}
        return {"by_severity": by_severity, **{key: one for key, one in value.items() if key == "otherwise"}}
    return value


class VerbRule(Section):
    """Who may do one thing: at least the level `only`, or a level by severity, and never the person who did another.

    With `severities`, the rule holds for these; for the rest it is `otherwise`, or what Muster does without a rule.
    """

    only: Name | None = None
    not_same_person_as: Annotated[
        tuple[Doer, ...], BeforeValidator(one_or_many, json_schema_input_type=Doer | list[Doer])
    ] = ()
    severities: Annotated[tuple[str, ...], BeforeValidator(one_or_many)] = ()
    by_severity: dict[str, Name] = Field(default_factory=dict)
    otherwise: Name | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "VerbRule":
        if self.only is None and not self.by_severity and not self.not_same_person_as and self.otherwise is None:
            raise Broken("This says nobody who may do it.", "Name a level, such as `incident_manager`.")
        return self


def _references(rule: Any, path: Path) -> Iterator[Reference]:
    """The levels and severities of a rule in any of its forms."""
    if isinstance(rule, str):
        yield Reference("level", path, rule)
    if not isinstance(rule, dict):
        return
    by_severity = not set(rule) & (_FIELDS - {"otherwise"})
    for name, value in rule.items():
        if by_severity and name != "otherwise":
            yield Reference("severity", (*path, name), name, key=True)
        if isinstance(value, str) and name not in ("not_same_person_as", "severities"):
            yield Reference("level", (*path, name), value)
    yield from references(tuple[SeverityName, ...], rule.get("severities"), (*path, "severities"))


VerbField = Annotated[
    VerbRule, BeforeValidator(_verb_rule, json_schema_input_type=str | dict[str, Any]), Spells(_references)
]
HolderName = Annotated[str, Refers("holder")]
LevelName = Annotated[str, Refers("level")]


class Authority(Section):
    """Levels from the least to the most, who holds each, and which one each deed needs.

    A holder is `permission:LEVEL-OF-SIGN-IN`, `role:NAME` of the incident, `team:NAME` or `person:NAME`; whoever holds a
    level holds those below it.
    """

    levels: tuple[Name, ...] = Field(USUAL_LEVELS, min_length=1, max_length=10)
    holders: dict[LevelName, Annotated[tuple[HolderName, ...], BeforeValidator(one_or_many)]] = Field(
        default_factory=dict
    )
    acknowledge: VerbField | None = None
    mitigate: VerbField | None = None
    resolve: VerbField | None = None
    close: VerbField | None = None
    reopen: VerbField | None = None
    merge: VerbField | None = None
    false_alarm: VerbField | None = None
    assign: VerbField | None = None
    severity_raise: VerbField | None = Field(None, alias="severity.raise")
    severity_lower: VerbField | None = Field(None, alias="severity.lower")

    def rule(self, verb: Verb) -> VerbRule | None:
        """What the plan says about a deed; None where it says nothing."""
        found: VerbRule | None = getattr(self, verb.replace(".", "_"))
        return found

    def usual(self, verb: Verb) -> str:
        """The level that a deed needs when the plan does not say: closing, lowering and dismissing need more than doing."""
        careful = verb in ("close", "false_alarm", "severity.lower")
        if not careful:
            return self.levels[0]
        return "incident_manager" if "incident_manager" in self.levels else self.levels[min(1, len(self.levels) - 1)]

    def holders_of(self, level: str) -> tuple[str, ...]:
        """Who holds a level: what the plan says, else what Muster usually does."""
        return self.holders.get(level) or USUAL_HOLDERS.get(level, ())
