"""The manifest kind Workload, as `muster apply`, the API and the editor read it; unknown fields are errors."""

import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from muster.catalog.workload import Component, Criticality, Deployment, Labels, Ref, WorkloadDraft
from muster.kit.errors import Broken, Fault
from muster.people import rules

MOST_COMPONENTS, MOST_NEEDS, MOST_VALUES = 500, 200, 50
_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_.:/-]{0,200}")
_LINK = re.compile(r"https?://[^\s/?#]+[^\s]*", re.IGNORECASE)


def _refuse(faults: Iterable[Fault]) -> None:
    for fault in faults:
        raise Broken(fault.rule, fault.fix)


def _name(value: str) -> str:
    _refuse(rules.name_faults("name", value))
    return value


def _line(value: str) -> str:
    _refuse(rules.label_faults("", value, "This text", required=False))
    return value


def _prose(value: str) -> str:
    if "\x00" in value:
        raise Broken("The text holds a character that cannot be stored.", "Remove it.")
    return value


def _needed(value: str) -> str:
    workload, slash, component = value.rpartition("/")
    for part in (workload, component) if slash else (component,):
        if not rules.NAME.fullmatch(part):
            rule = f"`{value:.80}` is not the name of a component."
            raise Broken(rule, "Write `search` for one of this workload, `shop/search` for one of another.")
    return value


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _alternatives(value: list[str]) -> list[str]:
    if len(set(value)) < len(value):
        raise Broken("An alternative is listed twice.", "Keep one.")
    return sorted(value)


def _linked(value: str) -> str:
    if len(value) > 2000 or not _LINK.fullmatch(value):
        raise Broken(f"`{value:.60}` is not a web address.", "Begin it with https://.")
    return value


def _label_key(value: str) -> str:
    if not _LABEL.fullmatch(value):
        raise Broken(
            f"`{value:.60}` is not the name of a label.", "Letters, digits and underscores, such as `service`."
        )
    return value


def _one_line(what: str, longest: int) -> AfterValidator:
    def check(value: str) -> str:
        _refuse(rules.label_faults("", value, what, longest=longest))
        return value

    return AfterValidator(check)


Name = Annotated[str, AfterValidator(_name)]
Team = Annotated[str, AfterValidator(_name)]
Line = Annotated[str, AfterValidator(_line)]
Prose = Annotated[str, AfterValidator(_prose), Field(max_length=5000)]
Alias = Annotated[str, _one_line("The alias", 200)]
Value = Annotated[str, _one_line("The label's value", 1000)]
_TEXTS: Any = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
Need = Annotated[
    list[Annotated[str, AfterValidator(_needed)]],
    BeforeValidator(_listed),
    AfterValidator(_alternatives),
    Field(min_length=1, max_length=20),
    WithJsonSchema(_TEXTS),
]
"""A component's name, or several of which one suffices."""
Values = Annotated[
    list[Value], BeforeValidator(_listed), Field(min_length=1, max_length=MOST_VALUES), WithJsonSchema(_TEXTS)
]
Links = dict[Annotated[str, _one_line("The link's name", 60)], Annotated[str, AfterValidator(_linked)]]
Selector = dict[Annotated[str, AfterValidator(_label_key)], Values]


class _Described(BaseModel):
    """What workloads and components have in common."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    name: Name = Field(description="What everything else refers to, such as `shop`.")
    title: Line = Field("", description="What people read; the name where it is empty.")
    description: Prose = Field("", description="Markdown: what it does, for whom, what to know at 03:00.")
    privacy: Literal["", "none", "personal", "sensitive"] = Field("", description="What data about persons it holds.")
    security: Literal["", "public", "internal", "confidential", "restricted"] = Field(
        "", description="Who may see what it holds."
    )
    vendor: Line = Field("", description="Who supplies it, if somebody outside does.")
    links: Links = Field(
        default_factory=dict, max_length=50, description="Web addresses by name: docs, dashboard, repository, runbook."
    )
    labels: Selector = Field(
        default_factory=dict, max_length=20, description="Alerts that have all of these labels are about it."
    )
    aliases: list[Alias] = Field(
        default_factory=list, max_length=50, description="Other names under which alerts speak of it."
    )

    def common(self) -> dict[str, Any]:
        """These fields as the domain has them."""
        labels: Labels = {key: tuple(values) for key, values in self.labels.items()}
        plain = {key: getattr(self, key) for key in ("name", "title", "description", "privacy", "security", "vendor")}
        return {**plain, "links": self.links, "labels": labels, "aliases": tuple(dict.fromkeys(self.aliases))}


class ComponentManifest(_Described):
    """A part of a workload; owner, criticality and deployment are the workload's where they are left out."""

    owner: Team | None = Field(None, description="The team that answers for it.")
    criticality: Literal["low", "standard", "business_critical"] | None = None
    deployment: Literal["blue_green", "canary", "rolling", "recreate", "in_place", "unknown"] | None = None
    depends_on: list[Need] = Field(
        default_factory=list,
        max_length=MOST_NEEDS,
        description="Components that it cannot do without: `search`, `other/web`; [one, two] where one suffices.",
    )

    def component(self, workload: str) -> Component:
        """The component as the domain has it."""
        return Component(
            **self.common(),
            owner=self.owner or "",
            criticality=Criticality(self.criticality) if self.criticality else None,
            deployment=Deployment(self.deployment) if self.deployment else None,
            needs=tuple(tuple(sorted(_ref(text, workload) for text in need)) for need in self.depends_on),
        )


class WorkloadManifest(_Described):
    """Something that is operated, with the team that answers for it and its components."""

    kind: Literal["Workload"] = "Workload"
    owner: Team = Field(description="The team that answers for it.")
    criticality: Literal["low", "standard", "business_critical"] = "standard"
    deployment: Literal["blue_green", "canary", "rolling", "recreate", "in_place", "unknown"] = "unknown"
    components: list[ComponentManifest] = Field(default_factory=list, max_length=MOST_COMPONENTS)

    @model_validator(mode="after")
    def _distinct(self) -> "WorkloadManifest":
        names = [component.name for component in self.components]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise Broken(f"The component `{twice[0]}` is listed twice.", "Keep one, or give one another name.")
        return self

    def draft(self) -> WorkloadDraft:
        """The workload as the actions take it."""
        return WorkloadDraft(
            **self.common(),
            owner=self.owner,
            criticality=Criticality(self.criticality),
            deployment=Deployment(self.deployment),
            components=tuple(component.component(self.name) for component in self.components),
        )


def _ref(text: str, workload: str) -> Ref:
    outer, slash, component = text.rpartition("/")
    return Ref(outer if slash else workload, component)
