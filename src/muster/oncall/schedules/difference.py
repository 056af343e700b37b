"""What an edit of a schedule changes, as lines for people."""

from collections.abc import Iterator, Mapping
from typing import Any

from muster.oncall.schedules.manifest import write_schedule
from muster.oncall.schedules.schedule import Schedule


def differences(before: Schedule, after: Schedule) -> list[str]:
    """Lines such as `layers.weekly.people: [ana] → [ana, bo]`; empty when nothing changes."""
    old, new = write_schedule(before), write_schedule(after)
    was = {layer["name"]: layer for layer in old.pop("layers")}
    now = {layer["name"]: layer for layer in new.pop("layers")}
    lines = list(_changed("", old, new))
    lines += [f"layers.{name}: removed" for name in was if name not in now]
    for name, layer in now.items():
        if name in was:
            lines += _changed(f"layers.{name}.", was[name], layer)
        else:
            source = "people" if "people" in layer else "calendar"
            lines.append(f"layers.{name}: added with {source} {_shown(layer[source])}")
    kept = [name for name in was if name in now], [name for name in now if name in was]
    if kept[0] != kept[1]:
        lines.append(f"layers: order {_shown(list(was))} → {_shown(list(now))}")
    return lines


def _changed(path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for key in dict.fromkeys((*old, *new)):
        if old.get(key) != new.get(key):
            yield f"{path}{key}: {_shown(old.get(key))} → {_shown(new.get(key))}"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_shown(part)}' for key, part in value.items())}}}"
    if isinstance(value, bool):
        return str(value).lower()
    return "none" if value in (None, "") else str(value)
