"""Writes what the Muster that runs this offers: its API, commands and names.

Its argument is the folder `docs/reference` of the checkout of that Muster.
"""

import re
import sys
from pathlib import Path

from muster.app.cli import app
from muster.app.features import ROUTERS
from tests.upgrade.commands import command_shapes
from tests.upgrade.record import FOLDER, write_shapes
from tests.upgrade.shape import api_shapes

PAGES = ("events.md", "formats.md", "permissions.md", "settings.md")


def _names(page: str) -> str:
    """The names in the first column of a page's tables, and addresses in the others."""
    rows = re.findall(r"^\| `([^`]+)` \|(.*)$", page, re.MULTILINE)
    names = {name for name, _ in rows} | {address for _, rest in rows for address in re.findall(r"`(/[^`]+)`", rest)}
    return "".join(f"  {name}\n" for name in sorted(names))


def main(reference: Path) -> None:
    """Write the three files."""
    files = {
        "api.txt": write_shapes(api_shapes(ROUTERS)),
        "commands.txt": write_shapes(command_shapes(app)),
        "names.txt": "".join(f"{page}\n{_names((reference / page).read_text(encoding='utf-8'))}" for page in PAGES),
    }
    for file, text in files.items():
        (FOLDER / file).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
