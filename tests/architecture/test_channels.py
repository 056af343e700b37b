"""A channel is one folder, whole: registered by its entry, and without its neighbours."""

import re

from muster.channels.folders import FOLDERS as REGISTERED
from tests.architecture.house import SOURCE, modules

CHANNELS = SOURCE / "channels"
FOLDERS = {path.parent.name for path in CHANNELS.glob("*/entry.py")}


def test_every_channel_is_registered_by_its_entry() -> None:
    adapters = {path.parent.name for path in CHANNELS.glob("*/channel*.py")} - {"api", "pages"}
    assert adapters == FOLDERS == set(REGISTERED)


def test_senders_and_importers_stand_without_channels() -> None:
    inner = [module for module in modules() if module.feature in ("inbound", "importing")]
    assert len(inner) > 100
    assert not [
        str(module) for module in inner if any(name.startswith("muster.channels") for name, _ in module.imports)
    ]


def test_a_channel_imports_no_other_channel() -> None:
    wrong = []
    for module in modules():
        parts = module.name.split(".")
        own = parts[2] if len(parts) > 2 and parts[1] == "channels" else ""
        if own not in FOLDERS:
            continue
        for name, line in module.imports:
            other = re.match(r"muster\.channels\.(\w+)", name)
            if other and other[1] in FOLDERS - {own}:
                wrong.append(f"{module}:{line} imports {name}")
    assert not wrong, "\n".join(wrong)
