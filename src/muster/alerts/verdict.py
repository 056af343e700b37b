"""Was this real? The words for it."""

from typing import Literal

Verdict = Literal["real", "false"]
