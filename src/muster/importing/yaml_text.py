"""Plain data as YAML that people read: in its order, without anchors."""

from typing import Any

import yaml


class _Plain(yaml.SafeDumper):
    """Writes what stands twice in the data twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def written(*documents: Any) -> str:
    """The documents as YAML."""
    text: str = yaml.dump_all(documents, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=120)
    return text
