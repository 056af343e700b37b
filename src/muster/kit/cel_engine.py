"""The CEL engine without its command line, which costs half a second and 28 MB to import and is never used here."""

import sys
from types import ModuleType

# `import cel` imports `cel.cli`, a terminal program with a shell of its own; an empty module stands in for it.
sys.modules.setdefault("cel.cli", ModuleType("cel.cli"))

import cel  # noqa: E402

__all__ = ["cel"]
