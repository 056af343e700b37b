"""What kind of change a text speaks of, where its sender does not say: deployment, configuration, flag, infrastructure."""

import re

_KINDS = {
    "flag": r"feature.?flag|flag|toggle|experiment",
    "infrastructure": r"infrastructure|terraform|scal(?:e|ed|ing)|provision|cluster|node|patch|maintenance",
    "configuration": r"config|configuration|setting|secret|certificate|dns",
    "deployment": r"deploy|release|rollout|rolled|build|merge|commit|version|upgrade|publish",
}
_FOUND = {kind: re.compile(rf"\b(?:{words})", re.IGNORECASE) for kind, words in _KINDS.items()}


def kind_of(*texts: str) -> str:
    """The kind that the first telling text names; `deployment` where none does, as most changes are deployments."""
    for text in texts:
        for kind, words in _FOUND.items():
            if words.search(text):
                return kind
    return "deployment"
