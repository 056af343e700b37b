"""What was recorded of Muster 0.1, and the form in which it is written: plain text that shows what changed in a diff."""

from pathlib import Path

from tests.upgrade.shape import Shapes

FOLDER = Path(__file__).parents[1] / "fixtures" / "muster-0.1"


def write_shapes(shapes: Shapes) -> str:
    """One block for each operation or command, its lines indented."""
    return "".join(
        f"{name}\n" + "".join(f"  {place}: {words}\n" for place, words in sorted(lines.items()))
        for name, lines in sorted(shapes.items())
    )


def read_shapes(file: str) -> Shapes:
    """The shapes in a file of the record."""
    shapes: Shapes = {}
    lines: dict[str, str] = {}
    for line in (FOLDER / file).read_text(encoding="utf-8").splitlines():
        if line.startswith("  "):
            place, _, words = line.strip().partition(": ")
            lines[place] = words
        else:
            lines = shapes.setdefault(line, {})
    return shapes
