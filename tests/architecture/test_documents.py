"""What the documents say is true and complete: settings, commands, events, permissions, links, make targets."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.house import FEATURES, ORDER, ROOT, SOURCE

DOCS = ROOT / "docs"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
HOW_TOS = sorted((DOCS / "how-to").glob("*.md"))
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
OPTION = re.compile(r"(?<![\w-])--[a-z][\w-]*")
# In a block of commands after its prompt, or as code within a sentence.
COMMAND_LINE = re.compile(r"(?:^ *(?:\.venv/bin/)?|`(?:\.venv/bin/)?)(muster [a-z][^\n#`]*)", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
# A file that a worked example writes.
EXAMPLE = re.compile(r"^```\w+ title=.*?^```", re.MULTILINE | re.DOTALL)
# A path of the code: below the root, or below a feature's folder; a unit such as alerts/s is none.
FOLDERS = "|".join(("src", "tests", "docs", "bench", "scripts", "requirements", *ORDER))
CODE_PATH = re.compile(rf"(?<![\w/.{{-])((?:{FOLDERS})/(?!s\b)[\w./-]*[\w/])(?![\w{{*…<])")


def reference() -> dict[Path, str]:
    """What scripts/reference writes now."""
    pages: dict[Path, str] = runpy.run_path(str(ROOT / "scripts" / "reference"))["pages"]()
    return pages


def read(path: Path) -> str:
    """A document."""
    return path.read_text(encoding="utf-8")


def anchors(text: str) -> set[str]:
    """The places in a document that a link can name, as forges make them from headings."""
    heads = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_the_pages_that_the_code_writes_are_current() -> None:
    stale = [str(path.relative_to(ROOT)) for path, text in reference().items() if read(path) != text]
    assert not stale, f"run `make docs`: {stale}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    dead = []
    for target in LINK.findall(FENCE.sub("", read(document))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        other = (document.parent / name).resolve() if name else document
        if not other.exists() or (anchor and other.suffix == ".md" and anchor not in anchors(read(other))):
            dead.append(target)
    assert not dead


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_files_that_documents_name_exist(document: Path) -> None:
    if document.name == "CHANGELOG.md":
        return  # It tells of files that were.
    named = set(CODE_PATH.findall(EXAMPLE.sub("", read(document)))) - written_by_examples()
    places = (ROOT, SOURCE, document.parent)
    assert not {
        name
        for name in named
        if not any((place / name).exists() or (place / f"{name}.py").exists() for place in places)
    }


def written_by_examples() -> set[str]:
    """The files that the worked examples make."""
    return {name for path in DOCUMENTS for name in re.findall(r'^```\w+ title="([^"]+)"', read(path), re.MULTILINE)}


def test_the_architecture_page_names_every_port() -> None:
    ports = {port.partition(":")[2] for feature in FEATURES for port, _ in feature.provides}
    section = read(DOCS / "architecture.md").partition("| port |")[2].partition("\n\n")[0]
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == ports


def test_the_make_targets_that_documents_name_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read(ROOT / "Makefile"), re.MULTILINE))
    named = {target for path in DOCUMENTS for target in re.findall(r"\bmake ([a-z-]+)`", read(path))}
    named |= set(re.findall(r"^make ([a-z-]+)", "\n".join(map(read, DOCUMENTS)), re.MULTILINE))
    assert {"up", "test", "check"} <= named
    assert named <= targets


def test_the_settings_that_documents_name_exist() -> None:
    known = set(re.findall(r"`(MUSTER_[A-Z_]+)`", reference()[DOCS / "reference" / "settings.md"]))
    known |= {"MUSTER_SAMPLES", "MUSTER_TEST_DATABASE_URL", "MUSTER_EXPLORE"}
    # A worked example shows a setting that only its copy has.
    pages = [path for path in DOCUMENTS if path.parent.name != "extend"]
    named = {(path.name, name) for path in pages for name in re.findall(r"\bMUSTER_[A-Z_]+\b", read(path))}
    assert not {(place, name) for place, name in named if name not in known}


def test_the_commands_that_documents_name_exist_and_take_the_options_that_they_name() -> None:
    text = reference()[DOCS / "reference" / "commands.md"]
    sections = re.findall(r"^#+ (muster [^\n]+)\n(.*?)(?=^#+ muster |\Z)", text, re.MULTILINE | re.DOTALL)
    options = {command: set(OPTION.findall(section)) for command, section in sections}
    unknown = set()
    for path in DOCUMENTS:
        for line in COMMAND_LINE.findall(read(path)) if path.name != "commands.md" else ():
            words = line.split()
            starts = (" ".join(words[:length]) for length in (4, 3, 2))
            command = next((start for start in starts if start in options), "")
            is_group = any(other.startswith(f"{command} ") for other in options)
            if not command or (is_group and command != line.strip()):
                unknown.add((path.name, line))
            else:
                unknown |= {(path.name, option) for option in OPTION.findall(line) if option not in options[command]}
    assert not unknown


def test_documents_speak_of_no_particular_machine() -> None:
    telling = re.compile(r"/(?:work|root|home/\w+)/|\bpypi\.org|\bsession of\b", re.IGNORECASE)
    assert not {(path.name, found[0]) for path in DOCUMENTS if (found := telling.search(read(path)))}


def test_every_how_to_is_listed() -> None:
    listed: Any = read(DOCS / "README.md")
    missing = [
        str(path.relative_to(DOCS))
        for path in sorted(DOCS.rglob("*.md"))
        if path != DOCS / "README.md" and f"({path.relative_to(DOCS)})" not in listed
    ]
    assert not missing


def test_the_rules_for_contributors_are_the_tests_of_this_folder() -> None:
    named = set(re.findall(r"`(test_\w+\.py)`", read(ROOT / "CONTRIBUTING.md")))
    assert named == {path.name for path in Path(__file__).parent.glob("test_*.py")}, "name each in CONTRIBUTING.md"
