"""Settings of the process: one field, one MUSTER_ variable, one documented sentence.

A feature declares its own as a dataclass in its `settings.py` and names it in its object; `settings.of(SealSettings)` gives it.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from muster.base.features import installed, resolve_all
from muster.kit.errors import Fault, Invalid

Own = TypeVar("Own")
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def setting(default: Any, sentence: str, *, secret: bool = False) -> Any:
    """A field of settings: what it is where the environment does not say, and what it is for."""
    return field(default=default, metadata={"sentence": sentence, "secret": secret})


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says of the process itself, and by `of` what it says of each feature."""

    data_dir: Path = setting(Path("var"), "Where Muster keeps its database, keys and spool.")
    host: str = setting("127.0.0.1", "The address to listen on; 0.0.0.0 for all.")
    port: int = setting(8600, "The port to listen on.")
    public_url: str = setting("", "The address that people reach Muster at, for links in pages; empty: host and port.")
    database_url: str = setting("", "An external PostgreSQL 15+; empty: Muster runs its own.", secret=True)
    listen_database_url: str = setting(
        "",
        "The same database without a pooler between, to listen at: for a MUSTER_DATABASE_URL that leads through PgBouncer.",
        secret=True,
    )
    statement_cache: int = setting(
        256, "Prepared statements kept a connection; 0 behind a transaction-pooling PgBouncer."
    )
    pool_size: int = setting(
        16, "Database connections of this node: a quarter each for alerts and paging, else visitors."
    )
    node: str = setting(
        "",
        "This node's name, which no other that shares the database may have; empty: the host's with a random ending.",
    )
    allow_private_targets: bool = setting(False, "Let webhooks and channels reach private and loopback addresses.")
    secret_key: str = setting(
        "", "The key that encrypts secrets at rest; empty: a key file in the data directory.", secret=True
    )
    log_level: str = setting("info", "debug, info, warning or error.")
    log_format: str = setting("text", "text for people or json for machines.")
    secure_cookies: bool = setting(False, "Mark cookies Secure; so they are anyway where MUSTER_PUBLIC_URL is https.")
    hsts: bool = setting(
        True,
        "From an https MUSTER_PUBLIC_URL, have browsers insist on https for a year (HSTS); 0: leave that to a proxy.",
    )
    trusted_proxies: str = setting(
        "127.0.0.0/8,::1",
        "Addresses and networks of the proxies whose X-Forwarded-For tells where a request comes from; empty: none.",
    )
    max_body: int = setting(4 * 1024 * 1024, "The largest accepted request, in bytes.")
    url: str = setting("", "For the command line: the Muster to talk to; empty: the local one.")
    token: str = setting("", "For the command line: the API token.", secret=True)

    own: Mapping[type, Any] = field(default_factory=dict, repr=False)
    """The settings of features, by their types."""

    def of(self, kind: type[Own]) -> Own:
        """A feature's own settings; the defaults where nothing was read."""
        own: Own | None = self.own.get(kind)
        return kind() if own is None else own

    def having(self, *own: object) -> "Settings":
        """The same with settings of features in place of theirs."""
        return replace(self, own={**self.own, **{type(value): value for value in own}})

    @property
    def base_url(self) -> str:
        """The public address without a trailing slash."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def https(self) -> bool:
        """Whether people reach Muster over https."""
        return self.base_url.lower().startswith("https://")

    @property
    def secure(self) -> bool:
        """Whether cookies travel over https only, under names that no other host can set."""
        return self.secure_cookies or self.https


@dataclass(frozen=True, slots=True)
class Variable:
    """One setting as an environment variable."""

    field: str
    default: Any
    sentence: str
    secret: bool

    @property
    def name(self) -> str:
        """Its name in the environment."""
        return f"MUSTER_{self.field.upper()}"


def kinds_of_settings() -> tuple[type, ...]:
    """The settings of the process, and those that features declare."""
    return (Settings, *resolve_all(name for feature in installed() for name in feature.settings))


def variables(kind: type) -> list[Variable]:
    """The settings that a dataclass declares."""
    return [
        Variable(own.name, own.default, own.metadata["sentence"], own.metadata["secret"])
        for own in fields(kind)
        if "sentence" in own.metadata
    ]


def read_settings(environment: Mapping[str, str] = os.environ, kinds: Iterable[type] | None = None) -> Settings:
    """The settings of an environment; `kinds` are all unless they are given.

    Raises:
        Invalid: one fault for each variable that cannot be read.
    """
    values: dict[type, dict[str, Any]] = {Settings: {}}
    faults = []
    for kind in kinds_of_settings() if kinds is None else kinds:
        values[kind] = {}
        for variable in variables(kind):
            if variable.name not in environment:
                continue
            try:
                values[kind][variable.field] = _read(variable.default, environment[variable.name].strip())
            except ValueError as error:
                faults.append(Fault(variable.name, str(error)))
    if faults:
        raise Invalid("Some settings cannot be read.", faults=faults)
    process = values.pop(Settings)
    return Settings(**process, own={kind: kind(**read) for kind, read in values.items()})


def _read(default: Any, text: str) -> Any:
    if isinstance(default, bool):
        if text.lower() not in TRUE | FALSE:
            raise ValueError(f"{text!r} is neither 1 nor 0.")
        return text.lower() in TRUE
    if isinstance(default, int):
        if not text.isdecimal():
            raise ValueError(f"{text!r} is not a whole number.")
        return int(text)
    return Path(text).expanduser() if isinstance(default, Path) else text
