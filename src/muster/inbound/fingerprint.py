"""The identity of a set of labels: Alertmanager's own, so that both name one alert alike."""

from collections.abc import Mapping

_OFFSET = 14695981039346656037
_PRIME = 1099511628211
_MASK = (1 << 64) - 1


def fingerprint(labels: Mapping[str, str]) -> str:
    """The 16 hexadecimal digits that Alertmanager shows: FNV-1a (64 bits) over the labels sorted by name."""
    parts = [part.encode("utf-8", "surrogatepass") for name in sorted(labels) for part in (name, labels[name])]
    value = _OFFSET
    for byte in b"\xff".join([*parts, b""]):
        value = ((value ^ byte) * _PRIME) & _MASK
    return f"{value:016x}"
