"""The commands of an incident's actions: one for each, made from its declaration."""

from collections.abc import Callable, Iterable
from inspect import Parameter, Signature
from typing import Any

import cyclopts

from muster.base.cli.client import Client
from muster.base.cli.output import Json
from muster.incidents.action import IncidentAction, by_slug
from muster.incidents.cli.incident import Note, Reason, emit_each, emit_one
from muster.incidents.form import FormField

_WORDS = {"note": Note, "reason": Reason}


def add_commands(app: cyclopts.App, actions: Iterable[IncidentAction]) -> None:
    """Give `muster incident` a command for each action; actions of one address share it."""
    for action in by_slug(actions):
        if action.command:
            app.command(_command(action), name=action.slug)


def _command(action: IncidentAction) -> Callable[..., None]:
    many = action.many

    def command(*args: str, json: bool = False, **words: str) -> None:
        if many:
            emit_each(args, action.slug, words, json=json)
        else:
            ref, *rest = args
            names = (field.name for field in action.fields if field.name not in _WORDS)
            body = {**dict(zip(names, rest, strict=True)), **words}
            emit_one(Client().post(f"/incidents/{ref}/{action.slug}", body), json=json)

    command.__doc__ = action.help
    command.__name__ = action.slug
    command.__signature__ = _signature(action)  # type: ignore[attr-defined]  # what cyclopts reads
    return command


def _signature(action: IncidentAction) -> Signature:
    if action.many:
        refs = [Parameter("refs", Parameter.VAR_POSITIONAL, annotation=str)]
    else:
        names = ["ref", *(field.name for field in action.fields if field.name not in _WORDS)]
        refs = [Parameter(name, Parameter.POSITIONAL_ONLY, annotation=str) for name in names]
    words = [_option(field) for field in action.fields if field.name in _WORDS]
    return Signature([*refs, *words, Parameter("json", Parameter.KEYWORD_ONLY, annotation=Json, default=False)])


def _option(field: FormField) -> Parameter:
    default: Any = Parameter.empty if field.required else ""
    return Parameter(field.name, Parameter.KEYWORD_ONLY, annotation=_WORDS[field.name], default=default)
