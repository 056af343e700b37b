"""Forms of an incident as values: what an action or a page asks for, whichever way it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Choices = Literal["", "severities", "roles", "people", "incidents", "askable", "own_roles", "places"]
SHORT = 64


@dataclass(frozen=True, slots=True)
class FormField:
    """A word or two that an action takes along: a field of its body, an option of its command, a field of its form.

    `choices` names what the page offers to choose from, and `nothing` says why there may be nothing; `rows` is the height of
    a text.
    """

    name: str
    label: str
    required: bool = False
    longest: int = 2000
    rows: int = 0
    hint: str = ""
    choices: Choices = ""
    nothing: str = ""
    kind: Literal["text", "url"] = "text"
    example: str = ""


@dataclass(frozen=True, slots=True)
class Dialog:
    """What a form says around its fields."""

    title: str
    button: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form that is posted to `slug` below the incident. `values` stand in its fields, `hidden` are sent along.

    `about` tells forms of one address apart.
    """

    slug: str
    dialog: Dialog
    fields: tuple[FormField, ...]
    values: Mapping[str, str] = field(default_factory=dict)
    hidden: Mapping[str, str] = field(default_factory=dict)
    about: str = ""

    @property
    def id(self) -> str:
        """What identifies it within the page; a button that opens it names `form-ID`."""
        return form_id(self.slug, self.about)


def form_id(slug: str, about: str = "") -> str:
    """The id of the form of that address, about that subject."""
    return "-".join(filter(None, (slug.replace("/", "-"), about)))
