"""The base install stays small: at most sixty packages, and what is left out is exactly what nothing runs."""

import re
from importlib import metadata

from packaging.requirements import Requirement

from tests.architecture.house import ROOT

MOST = 60
OWN = {"muster-incidents", "pip", "setuptools"}
"""What stands in an environment besides the locked packages."""
LINUX = {"sys_platform": "linux", "extra": ""}


def locked() -> set[str]:
    lines = re.findall(r"^([a-z0-9][\w.-]*==.*?) \\$", (ROOT / "requirements" / "run.txt").read_text(), re.MULTILINE)
    requirements = [Requirement(line) for line in lines]
    return {item.name for item in requirements if item.marker is None or item.marker.evaluate(LINUX)}


def test_the_base_install_has_at_most_sixty_packages() -> None:
    packages = locked() | OWN
    assert len(packages) <= MOST, sorted(packages)


def test_what_is_left_out_is_what_was_meant() -> None:
    text = (ROOT / "requirements" / "excluded.txt").read_text()
    meant = {line for line in text.splitlines() if line and not line.startswith("#")}
    packages, missing, seen = locked(), set[str](), set[str]()
    waiting = sorted(packages)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for text in metadata.requires(name) or []:
            requirement = Requirement(text)
            needed = re.sub(r"[-_.]+", "-", requirement.name).lower()
            if requirement.marker is None or requirement.marker.evaluate(LINUX):
                missing |= {needed} - packages
                waiting.append(needed)
    assert missing == meant
