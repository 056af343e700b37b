"""What scripts that call `muster` rely on: its commands, their arguments and options."""

from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import cyclopts

from tests.upgrade.shape import Shapes


def command_shapes(app: cyclopts.App) -> Shapes:
    """Every command with its arguments and options."""
    return dict(_commands(app, "muster"))


def _commands(app: cyclopts.App, words: str) -> Iterator[tuple[str, dict[str, str]]]:
    for name in app:
        if not name.startswith("-"):
            command = app[name]
            yield f"{words} {name}", dict(_options(command)) if command.default_command else {}
            yield from _commands(command, f"{words} {name}")


def _options(command: cyclopts.App) -> Iterator[tuple[str, str]]:
    for argument in command.assemble_argument_collection(parse_docstring=False):
        words = _values(argument) + ("" if argument.required else ", optional")
        if argument.index is not None:
            yield f"argument {argument.index + 1}", words
        for name in (*argument.names, *argument.negatives):
            yield name, words


def _values(argument: Any) -> str:
    hint = _bare(argument.hint)
    if choices := argument.get_choices():
        words = " | ".join(sorted(map(repr, choices)))
    else:
        words = {bool: "flag", int: "number", float: "number"}.get(hint, "text")
    return f"{words}, repeated" if get_origin(hint) in (list, tuple, set, frozenset) else words


def _bare(hint: Any) -> Any:
    """A type without the `None` that stands for an option left out."""
    if get_origin(hint) in (Union, UnionType):
        return next(kind for kind in get_args(hint) if kind is not NoneType)
    return hint
