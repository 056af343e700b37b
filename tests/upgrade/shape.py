"""What clients of the API rely on, as plain lines: parameters, fields and types of requests and answers.

A line names one thing and what holds for it, such as `200 .items[].name: string`. Names of classes are left out, so that the
record of an earlier version can be compared with what the code says now; both are made by the functions here.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fastapi import APIRouter, FastAPI

from muster.base.access import GRANTS
from muster.base.web.edge import EdgeRoute

Schema = Mapping[str, Any]
Shapes = dict[str, dict[str, str]]
"""What holds for each place of an operation or command, by its name."""

PROBLEM = "application/problem+json"


def api_shapes(routers: Iterable[APIRouter]) -> Shapes:
    """Each operation of these routers with the permission that it needs, and who has each permission."""
    api = FastAPI()
    routes = []
    for router in routers:
        api.include_router(router)
        routes += router.routes
    shapes = described(api.openapi())
    for route in routes:
        if isinstance(route, EdgeRoute) and route.include_in_schema:
            for method in route.methods - {"HEAD"}:
                shapes[f"{method} {route.path_format}"]["needs"] = str(route.needs.permission or "nothing")
    return shapes | {"permissions": {f"needs {name}": grant.level.label for name, grant in GRANTS.items()}}


def described(document: Schema) -> Shapes:
    """What an OpenAPI document says of each operation. Refusals have one form everywhere, which is described once."""
    shapes: Shapes = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            shape: dict[str, str] = {}
            refusals: dict[str, dict[str, str]] = {}
            for place, words in _operation(operation, document):
                code, _, rest = place.partition(f" {PROBLEM}")
                if rest or place.endswith(PROBLEM):
                    refusals.setdefault(code, {})[f"refusal {rest.strip()}".strip()] = words
                else:
                    shape[place] = words
            shape["refusals"] = " | ".join(sorted(refusals))
            shapes[f"{method.upper()} {path}"] = shape
            for form in refusals.values():
                assert shapes.setdefault("refusal", form) == form, f"{method} {path} refuses in a form of its own"
    return shapes


def schema_shape(schema: Schema) -> dict[str, str]:
    """What a JSON Schema says of a document that somebody writes."""
    return dict(_lines("body", schema, True, schema))


def _operation(operation: Schema, document: Schema) -> Iterator[tuple[str, str]]:
    for parameter in operation.get("parameters", ()):
        place = f"{parameter['in']} {parameter['name']}"
        yield from _lines(place, parameter["schema"], parameter.get("required", False), document)
    body = operation.get("requestBody", {})
    for media, content in body.get("content", {}).items():
        yield from _lines(f"body {media}", content.get("schema", {}), body.get("required", False), document)
    for code, answer in operation["responses"].items():
        if not answer.get("content"):
            yield code, "no body"
        for media, content in answer.get("content", {}).items():
            yield from _lines(f"{code} {media}", content.get("schema", {}), True, document)


def _lines(place: str, schema: Schema, required: bool, document: Schema) -> Iterator[tuple[str, str]]:
    """One line a field; a field of several alternatives has the types of all."""
    fields: dict[str, tuple[set[str], bool]] = {}
    for path, words, always in _fields(schema, required, document, ()):
        types, before = fields.get(path, (set(), True))
        fields[path] = (types | {words}, before and always)
    for path, (types, always) in fields.items():
        line = f"{place} {path}".strip().replace(" application/json", "")
        yield line, " | ".join(sorted(types)) + ("" if always else ", optional")


def _fields(
    schema: Schema, required: bool, document: Schema, above: tuple[str, ...], path: str = ""
) -> Iterator[tuple[str, str, bool]]:
    if name := schema.get("$ref", ""):
        if name in above:
            yield path, "as above", required
        else:
            yield from _fields(_named(name, document), required, document, (*above, name), path)
        return
    if alternatives := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        for alternative in alternatives:
            yield from _fields(alternative, required, document, above, path)
        return
    yield from ((path, words, required) for words in _types(schema))
    for field, inner in schema.get("properties", {}).items():
        yield from _fields(inner, field in schema.get("required", ()), document, above, f"{path}.{field}")
    for key, mark in (("items", "[]"), ("additionalProperties", "{}")):
        if isinstance(inner := schema.get(key), Mapping):
            yield from _fields(inner, True, document, above, path + mark)


def _named(pointer: str, document: Schema) -> Schema:
    place: Any = document
    for part in pointer.removeprefix("#/").split("/"):
        place = place[part]
    return dict(place)


def _types(schema: Schema) -> list[str]:
    if values := schema.get("enum") or ([schema["const"]] if "const" in schema else []):
        return [repr(value) for value in values]
    words = str(schema.get("type", "anything"))
    return [f"{words}({schema['format']})" if "format" in schema else words]
