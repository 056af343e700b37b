"""Follows the names of a template through the types of its view: what mypy does for Python, for Jinja."""

import types
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import is_dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from jinja2 import Environment, nodes

Scope = dict[str, Any]
_WHOLE = {"length": int, "count": int, "join": str, "capitalize": str, "upper": str, "lower": str, "replace": str}
_KEEPS = ("list", "sort", "reverse", "select", "selectattr", "reject", "rejectattr", "unique", "default")


class Walk:
    """One template with everything that it includes; `faults` are what its view does not have."""

    def __init__(self, environment: Environment, globals: Iterable[str]) -> None:
        self._environment = environment
        self._globals = frozenset(globals) | {"loop", "caller", "kwargs", "varargs", "range", "namespace", "dict"}
        self.faults: list[str] = []
        self.visited: set[str] = set()
        self._name = ""

    def template(self, name: str, scope: Scope) -> None:
        """Walk a template in which these names have these types."""
        assert self._environment.loader is not None
        source, _, _ = self._environment.loader.get_source(self._environment, name)
        self.visited.add(name)
        self.text(name, source, scope)

    def text(self, name: str, source: str, scope: Scope) -> None:
        """Walk the source of a template."""
        before, self._name = self._name, name
        self._body(self._environment.parse(source).body, scope)
        self._name = before

    def _body(self, body: Iterable[nodes.Node], scope: Scope) -> None:
        for node in body:
            self._statement(node, scope)

    def _statement(self, node: nodes.Node, scope: Scope) -> None:
        match node:
            case nodes.Output():
                for expression in node.nodes:
                    self.type_of(expression, scope)
            case nodes.If():
                self.type_of(node.test, scope)
                inner = {**{name: Any for name in _guarded(node.test) if name not in scope}, **scope}
                self._body(node.body, inner)
                for other in (*node.elif_, *node.else_):
                    self._statement(other, scope)
                scope.update({name: kind for name, kind in inner.items() if name not in scope})
            case nodes.For():
                inner = dict(scope)
                self._bind(node.target, element_of(self.type_of(node.iter, scope)), inner)
                if node.test is not None:
                    self.type_of(node.test, inner)
                self._body(node.body, inner)
                self._body(node.else_, dict(scope))
            case nodes.Assign():
                self._bind(node.target, self.type_of(node.node, scope), scope)
            case nodes.AssignBlock():
                self._body(node.body, dict(scope))
                self._bind(node.target, str, scope)
            case nodes.With():
                inner = dict(scope)
                for target, value in zip(node.targets, node.values, strict=True):
                    self._bind(target, self.type_of(value, scope), inner)
                self._body(node.body, inner)
            case nodes.CallBlock():
                self.type_of(node.call, scope)
                row = element_of(self.type_of(node.call.args[2], scope)) if len(node.call.args) > 2 else Any
                inner = dict(scope)
                for argument in node.args:
                    self._bind(argument, row, inner)
                self._body(node.body, inner)
            case nodes.Macro():
                scope[node.name] = Any
                self._body(node.body, {**scope, **{argument.name: Any for argument in node.args}})
            case nodes.Include() | nodes.FromImport():
                if isinstance(node.template, nodes.Const):
                    self.template(node.template.value, dict(scope))
                names = node.names if isinstance(node, nodes.FromImport) else ()
                scope.update({name if isinstance(name, str) else name[1]: Any for name in names})
            case nodes.Extends():
                pass
            case _:
                self._body(node.iter_child_nodes(), dict(scope) if isinstance(node, nodes.Block) else scope)

    def _bind(self, target: nodes.Node, kind: Any, scope: Scope) -> None:
        if isinstance(target, nodes.Name):
            scope[target.name] = kind
        elif isinstance(target, nodes.Tuple):
            parts = get_args(kind) if get_origin(kind) is tuple and ... not in get_args(kind) else ()
            for index, item in enumerate(target.items):
                self._bind(item, parts[index] if index < len(parts) else element_of(kind), scope)

    def type_of(self, node: nodes.Node, scope: Scope) -> Any:
        """The type of an expression, `Any` where it is not known; what does not exist is a fault."""
        match node:
            case nodes.Name():
                if node.name in scope:
                    return scope[node.name]
                if node.name not in self._globals:
                    self.faults.append(f"{self._name}:{node.lineno}: `{node.name}` is not in the view")
                return Any
            case nodes.Const():
                return type(node.value)
            case nodes.Getattr():
                return self._attribute(self.type_of(node.node, scope), node.attr, node.lineno)
            case nodes.Getitem():
                kind = self.type_of(node.node, scope)
                self.type_of(node.arg, scope)
                return kind if isinstance(node.arg, nodes.Slice) else element_of(kind, value=True)
            case nodes.Filter():
                kind = self.type_of(node.node, scope) if node.node is not None else Any
                for argument in (*node.args, *(pair.value for pair in node.kwargs)):
                    self.type_of(argument, scope)
                return _WHOLE.get(node.name, kind if node.name in _KEEPS else Any)
            case nodes.CondExpr():
                self.type_of(node.test, scope)
                first = self.type_of(node.expr1, scope)
                second = self.type_of(node.expr2, scope) if node.expr2 is not None else first
                return first if first == second else Any
            case nodes.Test() if node.name == "defined":
                return bool
            case nodes.Call():
                called = self.type_of(node.node, scope)
                for argument in (*node.args, *(pair.value for pair in node.kwargs)):
                    self.type_of(argument, scope)
                return called if isinstance(node.node, nodes.Getattr) else Any
            case _:
                for child in node.iter_child_nodes():
                    self.type_of(child, scope)
                return Any

    def _attribute(self, kind: Any, name: str, line: int) -> Any:
        found = attribute_of(kind, name)
        if found is None:
            self.faults.append(f"{self._name}:{line}: {getattr(kind, '__name__', kind)} has no `{name}`")
            return Any
        return found


def attribute_of(kind: Any, name: str) -> Any:
    """The type of an attribute (of a method: of what it returns), or None where there is none."""
    kind = _plain(kind)
    if kind is Any or isinstance(kind, type(Literal)):
        return Any
    if get_origin(kind) in (Union, types.UnionType):
        members = [attribute_of(member, name) for member in get_args(kind) if member is not type(None)]
        return None if None in members else members[0] if len(members) == 1 else Any
    owner = get_origin(kind) or kind
    if not isinstance(owner, type):
        return Any
    if issubclass(owner, Mapping) and not hasattr(owner, name):
        return element_of(kind, value=True)
    if issubclass(owner, Mapping) and name in ("items", "values", "get"):
        key, value = get_args(kind) or (Any, Any)
        return {"items": Sequence[tuple[key, value]], "values": Sequence[value], "get": value}[name]
    if (hints := get_type_hints(owner) if is_dataclass(owner) else {}) and name in hints:
        return hints[name]
    if issubclass(owner, Exception) and (made := get_type_hints(owner.__init__)) and name in made:
        return made[name]
    found = getattr(owner, name, None)
    if isinstance(found, property):
        return get_type_hints(found.fget).get("return", Any)
    if isinstance(found, types.FunctionType):
        return get_type_hints(found).get("return", Any)
    return None if found is None and name not in getattr(owner, "__annotations__", {}) else Any


def element_of(kind: Any, *, value: bool = False) -> Any:
    """What one gets by going through a value, or with `value` by its key."""
    kind = _plain(kind)
    arguments = get_args(kind)
    if get_origin(kind) in (Union, types.UnionType):
        members = [member for member in arguments if member is not type(None)]
        return element_of(members[0], value=value) if len(members) == 1 else Any
    owner = get_origin(kind)
    if owner is None or not isinstance(owner, type) or not arguments:
        return str if kind is str else Any
    if issubclass(owner, Mapping):
        return arguments[1 if value else 0]
    if issubclass(owner, tuple):
        return arguments[0] if len(set(arguments) - {...}) == 1 else Any
    return arguments[0] if issubclass(owner, Sequence | AbstractSet | Iterable) else Any


def _plain(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _guarded(test: nodes.Node) -> set[str]:
    return {
        found.node.name
        for found in (test, *test.find_all(nodes.Test))
        if isinstance(found, nodes.Test) and found.name == "defined" and isinstance(found.node, nodes.Name)
    }
