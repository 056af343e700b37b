"""Where a request went, as it may be told: the template of its route, so that no link, key or token gets into a record."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request

from muster.kit.masking import mask_path


def template_of(scope: Mapping[str, Any]) -> str:
    """`/password/{secret}` for a request below it; where no route was found, the path with its secrets masked."""
    route = scope.get("route")
    template = getattr(route, "path_format", None) or getattr(route, "path", None)
    return template if isinstance(template, str) and template else mask_path(str(scope.get("path", "")))


def route_of(request: Request) -> str:
    """The same of a request."""
    return template_of(request.scope)
