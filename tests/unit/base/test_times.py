"""How instants and spans read to people."""

import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.base.web import times

NOW = datetime(2026, 11, 22, 3, 7, 12, tzinfo=UTC)
CLOCKS = Path(times.__file__).parent / "static" / "js" / "clocks.js"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (59, "59s"),
        (60, "1m"),
        (3599, "59m"),
        (3600, "1h"),
        (6120, "1h 42m"),
        (273600, "3d 4h"),
        (1209600, "14d"),
    ],
)
def test_a_span_reads_in_at_most_two_units(seconds: int, text: str) -> None:
    assert times.span_text(timedelta(seconds=seconds)) == text


def test_an_instant_of_another_clock_in_the_near_future_reads_just_now() -> None:
    assert times.ago_text(NOW + timedelta(seconds=3), NOW) == "just now"


def test_a_clock_counts_minutes_and_seconds_within_its_last_hour_and_says_when_it_is_over() -> None:
    assert times.countdown_text(NOW + timedelta(minutes=12, seconds=43), NOW) == "12:43 left"
    assert times.countdown_text(NOW + timedelta(hours=3, minutes=12), NOW) == "3h 12m left"
    assert times.countdown_text(NOW - timedelta(minutes=4, seconds=12), NOW) == "4:12 over"


def test_a_clock_goes_from_calm_to_soon_to_late_with_its_own_length() -> None:
    started = NOW - timedelta(minutes=30)
    levels = [times.countdown(started + timedelta(minutes=whole), NOW, started).level for whole in (90, 40, 32, 29)]
    assert levels == ["calm", "soon", "late", "late"]


def test_a_clock_without_a_start_is_judged_by_the_minutes_left() -> None:
    levels = [times.countdown(NOW + timedelta(minutes=left), NOW).level for left in (60, 10, 1, -5)]
    assert levels == ["calm", "soon", "late", "late"]


def test_the_absolute_time_names_its_offset_and_zone() -> None:
    assert times.absolute_text(NOW, "Europe/Berlin") == "2026-11-22 04:07:12 +01:00 Europe/Berlin"


def test_an_unknown_zone_reads_as_utc() -> None:
    assert times.absolute_text(NOW, "Atlantis/Nowhere").endswith("+00:00 UTC")
    assert times.absolute_text(NOW, "../etc/passwd").endswith("+00:00 UTC")


def test_a_local_time_leaves_out_what_is_today_and_this_year() -> None:
    assert times.local_text(NOW, "Europe/Berlin", NOW) == "04:07"
    assert times.local_text(NOW - timedelta(days=2), "Europe/Berlin", NOW) == "20 Nov 04:07"
    assert times.local_text(NOW - timedelta(days=400), "UTC", NOW) == "18 Oct 2025 03:07"


@given(left=st.floats(-1e7, 1e7), whole=st.floats(1, 1e7))
def test_the_fraction_of_a_clock_stays_between_none_and_all(left: float, whole: float) -> None:
    due = NOW + timedelta(seconds=left)
    look = times.countdown(due, NOW, due - timedelta(seconds=whole))
    assert 0 <= look.left <= 1


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node to run the browser's twin of these functions")
def test_the_browser_writes_the_same_words() -> None:
    spans = [0, 1, 59, 60, 61, 3599, 3600, 3660, 86399, 86400, 90000, 1209599, 1209600, 9999999]
    source = CLOCKS.read_text().split("function write(")[0].replace("export ", "").split("let skew")[0]
    functions = CLOCKS.read_text().split("function write(")[0].split("function two(")[1].replace("export ", "")
    script = (
        f"{source}\nfunction two({functions}\n"
        f"const spans = {json.dumps(spans)};"
        "console.log(JSON.stringify(spans.map((s) => [span(s), ago(s), until(s), countdown(s), countdown(-s),"
        " judge(s, 3600)[1], judge(s, 0)[1]])));"
    )
    answer = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True)
    for seconds, written in zip(spans, json.loads(answer.stdout), strict=True):
        span = timedelta(seconds=seconds)
        assert written == [
            times.span_text(span),
            times.ago_text(NOW - span, NOW),
            times.until_text(NOW + span, NOW),
            times.countdown_text(NOW + span, NOW),
            times.countdown_text(NOW - span, NOW),
            times.countdown(NOW + span, NOW, NOW + span - timedelta(hours=1)).level,
            times.countdown(NOW + span, NOW).level,
        ]
