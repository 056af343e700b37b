"""Cookies and their names: over https with the prefix by which browsers keep other hosts from setting them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from fastapi import Response

PREFIX = "__Host-"


@dataclass(frozen=True, slots=True)
class Cookie:
    """What a browser keeps under `name`; without a `life` until it is closed. None is for scripts or other sites."""

    name: str
    life: timedelta | None = None

    def named(self, *, secure: bool) -> str:
        """The name under which it is set; `secure` where Muster is reached over https."""
        return PREFIX + self.name if secure else self.name

    def read(self, cookies: Mapping[str, str], *, secure: bool) -> str:
        """Its value in a request, or nothing. Over https a plain one is ignored: another host may have planted it."""
        return cookies.get(self.named(secure=secure), "")

    def keep(self, response: Response, value: str, *, secure: bool) -> None:
        """Have the browser keep a value."""
        response.set_cookie(
            self.named(secure=secure),
            value,
            max_age=int(self.life.total_seconds()) if self.life else None,
            httponly=True,
            samesite="lax",
            secure=secure,
            path="/",
        )

    def drop(self, response: Response, *, secure: bool) -> None:
        """Have the browser forget it."""
        name = self.named(secure=secure)
        response.delete_cookie(name, path="/", httponly=True, samesite="lax", secure=secure)
