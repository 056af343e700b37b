"""An integration as a manifest, the API or a form asks for it, with everything that is wrong about it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from muster.alerts.integration import SHORTEST_KEY
from muster.kit.errors import Fault
from muster.kit.nearest import did_you_mean
from muster.people.rules import label_faults, name_faults

AUTO = "auto"
MAIL = "email"
"""The format of mail; any integration takes mail too, by the rules in its option of this name."""
LONGEST_KEY = 200
SHORTEST_SECRET = 8
LARGEST_OPTIONS = 50_000
_KEY = re.compile(r"[A-Za-z0-9_.~-]+")


@dataclass(frozen=True, slots=True)
class FormatStep:
    """What to do at a source; `MUSTER-ADDRESS` in `code` stands for the integration's address."""

    text: str
    name: str
    code: str = "MUSTER-ADDRESS"


@dataclass(frozen=True, slots=True)
class FormatForm:
    """What settings know of a format: its words, an example request, and what its options must look like.

    `path` follows the integration's address; `example` is the body of a request that makes at least one signal, `recovery` of
    one that ends it. `family` is the heading under which it is listed. `steps` say what to do at the source. `secret` is what
    the sender calls that by which it proves itself, empty where it cannot.
    """

    name: str
    title: str
    path: str
    example: bytes
    headers: Mapping[str, str]
    option_faults: Callable[[Mapping[str, Any]], Sequence[Fault]]
    recovery: bytes = b""
    family: str = ""
    steps: Sequence[FormatStep] = ()
    secret: str = ""
    secret_hint: str = ""


Forms = Mapping[str, FormatForm]


class IntegrationDraft(BaseModel):
    """An integration as it is to be. `format` is `auto` or a format's name; without `key` a new one gets a random one. `secret`
    is what its sender proves itself with, where the format knows such a thing: null leaves the one that is there, an empty one
    takes it away."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    name: str
    format: str = AUTO
    title: str = ""
    options: dict[str, Any] = Field(default_factory=dict)
    active: bool = True
    key: str = ""
    secret: str | None = Field(None, repr=False)

    def faults(self, forms: Forms) -> list[Fault]:
        """Everything wrong, by field."""
        faults = [
            *name_faults("name", self.name),
            *label_faults("title", self.title, "The title", required=False),
            *key_faults(self.key),
        ]
        form = forms.get(self.format)
        if self.secret:
            faults += secret_faults(self.secret, form)
        if form is None and self.format != AUTO:
            known = [AUTO, *forms]
            rule = f"There is no format `{self.format:.80}`."
            faults.append(Fault("format", rule, did_you_mean(self.format, known)))
        elif len(str(self.options)) > LARGEST_OPTIONS:
            faults.append(Fault("options", "The options are too large.", "Shorten the mapping."))
        elif form is not None:
            faults += [_under("options", fault) for fault in option_faults(form, self.options, forms)]
        elif set(self.options) == {MAIL}:
            faults += [_under("options", fault) for fault in _mail_faults(self.options[MAIL], forms)]
        elif self.options:
            rule = "Options belong to a format, and this integration has none of its own."
            faults.append(Fault("options", rule, "Choose the format, or leave the options out."))
        return faults


def option_faults(form: FormatForm, options: Mapping[str, Any], forms: Forms) -> list[Fault]:
    """What is wrong with the options of a format, and with the rules for mail among them."""
    if form.name == MAIL or MAIL not in options:
        return list(form.option_faults(options))
    rest = {name: value for name, value in options.items() if name != MAIL}
    return [*form.option_faults(rest), *_mail_faults(options[MAIL], forms)]


def _mail_faults(rules: Any, forms: Forms) -> list[Fault]:
    if not isinstance(rules, Mapping):
        return [Fault(MAIL, "It is an object: the rules for mail to this integration.", 'Write {"email": {"key": …}}.')]
    return [_under(MAIL, fault) for fault in forms[MAIL].option_faults(rules)] if MAIL in forms else []


def secret_faults(secret: str, form: FormatForm | None) -> list[Fault]:
    """What is wrong with a sender's secret that was given."""
    if form is None or not form.secret:
        return [Fault("secret", "This format has no secret for its senders.", "Leave it out.")]
    if not SHORTEST_SECRET <= len(secret) <= LONGEST_KEY:
        return [Fault("secret", f"A secret has {SHORTEST_SECRET} to {LONGEST_KEY} characters.", "Choose another one.")]
    return []


def key_faults(key: str) -> list[Fault]:
    """What is wrong with a key that was given; an empty one is fine, since it asks for a random one."""
    if not key:
        return []
    if not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        rule = f"A key has {SHORTEST_KEY} to {LONGEST_KEY} characters."
        return [Fault("key", rule, "Leave it out and Muster makes one.")]
    if not _KEY.fullmatch(key):
        rule = "A key stands in an address: only letters, digits and . _ ~ - are possible."
        return [Fault("key", rule, "Leave it out and Muster makes one.")]
    return []


def _under(field: str, fault: Fault) -> Fault:
    return Fault(f"{field}.{fault.field}" if fault.field else field, fault.rule, fault.fix)
