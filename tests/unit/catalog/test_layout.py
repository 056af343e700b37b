"""A dependency picture shows everything once, without overlaps, and always the same."""

import re
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from muster.catalog.layout import GAP_Y, HEIGHT, WIDTH, Picture, draw


def drawn(keys: Iterable[str], edges: Iterable[tuple[str, str]]) -> Picture[str]:
    """The picture of a graph that is small enough for one."""
    picture = draw(keys, edges)
    assert picture is not None
    return picture


keys = st.lists(st.sampled_from("abcdefghijklmnop"), unique=True, max_size=16)
edges = st.lists(st.tuples(st.sampled_from("abcdefghijklmnopq"), st.sampled_from("abcdefghijklmnopq")), max_size=40)


def test_who_depends_stands_left_of_what_it_needs() -> None:
    picture = drawn("abc", [("a", "b"), ("b", "c"), ("a", "c")])
    assert [box.key for box in sorted(picture.boxes, key=lambda box: box.x)] == ["a", "b", "c"]
    assert {(line.left, line.right, line.arrow) for line in picture.lines} == {
        ("a", "b", "end"),
        ("b", "c", "end"),
        ("a", "c", "end"),
    }


def test_two_that_need_each_other_share_a_line() -> None:
    (line,) = drawn("ab", [("a", "b"), ("b", "a")]).lines
    assert (line.left, line.right, line.arrow) == ("a", "b", "both")


def test_a_circle_is_drawn_with_one_line_turned() -> None:
    lines = drawn("abc", [("a", "b"), ("b", "c"), ("c", "a")]).lines
    assert sorted((line.left, line.right, line.arrow) for line in lines) == [
        ("a", "b", "end"),
        ("a", "c", "start"),
        ("b", "c", "end"),
    ]


def test_lines_that_need_not_cross_do_not() -> None:
    picture = drawn(["a", "b", "x", "y"], [("a", "y"), ("b", "x")])
    heights = {box.key: box.y for box in picture.boxes}
    assert (heights["a"] < heights["b"]) == (heights["y"] < heights["x"])


def test_nothing_is_an_empty_picture() -> None:
    assert drawn([], []).boxes == ()


@given(keys, edges)
def test_every_box_is_drawn_once_inside_the_frame_and_none_overlap(
    keys: list[str], edges: list[tuple[str, str]]
) -> None:
    picture = drawn(keys, edges)
    assert sorted(box.key for box in picture.boxes) == sorted(keys)
    for at, box in enumerate(picture.boxes):
        assert 0 <= box.x <= picture.width - WIDTH
        assert 0 <= box.y <= picture.height - HEIGHT
        for other in picture.boxes[at + 1 :]:
            assert abs(box.x - other.x) >= WIDTH or abs(box.y - other.y) >= HEIGHT + GAP_Y - 1


@given(keys, edges)
def test_every_edge_is_drawn_once_from_left_to_right(keys: list[str], edges: list[tuple[str, str]]) -> None:
    picture = drawn(keys, edges)
    place = {box.key: box for box in picture.boxes}
    found = {(line.left, line.right) for line in picture.lines if line.arrow in ("end", "both")}
    found |= {(line.right, line.left) for line in picture.lines if line.arrow in ("start", "both")}
    assert found == {(a, b) for a, b in edges if a != b and a in keys and b in keys}
    assert len({frozenset((line.left, line.right)) for line in picture.lines}) == len(picture.lines)
    for line in picture.lines:
        numbers = [float(each) for each in re.findall(r"-?[\d.]+", line.path)]
        assert place[line.left].x < place[line.right].x
        assert numbers[:1] == [place[line.left].x + WIDTH]
        assert numbers[-2] == place[line.right].x
        assert abs(numbers[-1] - place[line.right].y - HEIGHT / 2) <= 1
        assert all(0 <= each <= max(picture.width, picture.height) for each in numbers)


@given(keys, edges)
def test_the_same_graph_is_drawn_the_same(keys: list[str], edges: list[tuple[str, str]]) -> None:
    assert drawn(keys, edges) == drawn(keys, edges)


def test_a_picture_that_nobody_could_read_is_not_drawn() -> None:
    many = [f"{at:02}" for at in range(40)]
    assert draw(many, [(a, b) for a in many for b in many if a < b]) is None
