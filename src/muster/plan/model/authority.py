"""Who may decide what in an incident (R6, R79, R84, R192)."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from muster.catalog.workload import Criticality
from muster.kit.errors import Broken
from muster.kit.yamldoc import Path
from muster.plan.model.fields import Name, SeverityName, one_or_many
from muster.plan.model.reference import Reference, Refers, Spells, references
from muster.plan.model.section import Section

Doer = Literal["reporter", "acknowledger", "mitigator", "resolver"]
USUAL_LEVELS = ("responder", "incident_manager", "director")
USUAL_HOLDERS: dict[str, tuple[str, ...]] = {
    "responder": ("permission:responder",),
    "incident_manager": ("permission:manager", "role:incident_response_manager"),
    "director": ("permission:administrator",),
}
_FIELDS = frozenset({"only", "not_same_person_as", "severities", "criticality", "scope", "otherwise"})


def _long_form(value: Any) -> Any:
    """Brings the short forms (`close: incident_manager`, `close: {critical: director, otherwise: …}`) to the long one."""
    if isinstance(value, str):
        return {"only": value}
    if isinstance(value, dict) and value and "only" not in value and not (set(value) - {"otherwise"}) & _FIELDS:
        by_severity = {severity: level for severity, level in value.items() if severity != "otherwise"}
        return {"by_severity": by_severity, **{key: value[key] for key in value if key == "otherwise"}}
    return value


Threshold = Annotated[int, Field(gt=0)]


class Scope(Section):
    """How far something reaches: the rule holds from any of these numbers on."""

    users: Threshold | None = None
    regions: Threshold | None = None
    workloads: Threshold | None = None
    components: Threshold | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Scope":
        if all(number is None for number in self.__dict__.values()):
            raise Broken("This scope names no number.", "Name one, such as `users: 1000`.")
        return self


class ActionRule(Section):
    """Who may do one thing: at least the level `only`, or a level by severity, and never the person who did another.

    With `severities`, `criticality` or `scope`, the rule holds where all of them do; elsewhere it is `otherwise`, or what
    Muster does without a rule.
    """

    only: Name | None = None
    not_same_person_as: Annotated[
        tuple[Doer, ...], BeforeValidator(one_or_many, json_schema_input_type=Doer | list[Doer])
    ] = ()
    severities: Annotated[tuple[str, ...], BeforeValidator(one_or_many)] = ()
    criticality: Annotated[
        tuple[Criticality, ...], BeforeValidator(one_or_many, json_schema_input_type=Criticality | list[Criticality])
    ] = ()
    scope: Scope | None = None
    by_severity: dict[str, Name] = Field(default_factory=dict)
    otherwise: Name | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "ActionRule":
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
        if isinstance(value, str) and (by_severity or name in ("only", "otherwise")):
            yield Reference("level", (*path, name), value)
    yield from references(tuple[SeverityName, ...], rule.get("severities"), (*path, "severities"))


RuleField = Annotated[
    ActionRule, BeforeValidator(_long_form, json_schema_input_type=str | dict[str, Any]), Spells(_references)
]
HolderName = Annotated[str, Refers("holder")]
LevelName = Annotated[str, Refers("level")]


class Authority(Section):
    """Levels from the least to the most, who holds each, and, by the name of an action, which one it needs.

    A holder is `permission:LEVEL-OF-SIGN-IN`, `role:NAME` of the incident, `team:NAME` or `person:NAME`; whoever holds a
    level holds those below it.
    """

    model_config = ConfigDict(extra="allow")
    others: ClassVar[Any] = RuleField
    __pydantic_extra__: dict[str, RuleField] = Field(init=False)

    levels: tuple[Name, ...] = Field(USUAL_LEVELS, min_length=1, max_length=10)
    holders: dict[LevelName, Annotated[tuple[HolderName, ...], BeforeValidator(one_or_many)]] = Field(
        default_factory=dict
    )

    @property
    def rules(self) -> Mapping[str, ActionRule]:
        """What the plan says, by the name of the action."""
        return self.__pydantic_extra__

    def rule(self, action: str) -> ActionRule | None:
        """What the plan says about an action; None where it says nothing."""
        return self.rules.get(action)

    def usual(self, *, careful: bool) -> str:
        """The level that an action needs when the plan does not say; a careful one needs more than the least."""
        if not careful:
            return self.levels[0]
        return "incident_manager" if "incident_manager" in self.levels else self.levels[min(1, len(self.levels) - 1)]

    def holders_of(self, level: str) -> tuple[str, ...]:
        """Who holds a level: what the plan says, else what Muster usually does."""
        return self.holders.get(level) or USUAL_HOLDERS.get(level, ())
