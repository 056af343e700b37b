"""Matchers read and mean what Alertmanager's do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.alerts.matchers import Matcher, accepts_absence, matches_all, parse, parse_all

LABELS = {"alertname": "DiskFull", "severity": "critical", "instance": "db-1:9100"}


@pytest.mark.parametrize(
    ("text", "matcher"),
    [
        ("alertname=DiskFull", Matcher("alertname", "DiskFull")),
        ('alertname="DiskFull"', Matcher("alertname", "DiskFull")),
        (' alertname = "Disk Full" ', Matcher("alertname", "Disk Full")),
        ('severity!="info"', Matcher("severity", "info", is_equal=False)),
        ('instance=~"db-.*"', Matcher("instance", "db-.*", is_regex=True)),
        ("instance!~db-[0-9]+.*", Matcher("instance", "db-[0-9]+.*", is_regex=True, is_equal=False)),
        (r'summary="say \"hi\"\nthere \\ \d"', Matcher("summary", 'say "hi"\nthere \\ \\d')),
        ('severity=""', Matcher("severity", "")),
        ('"with space"="x"', Matcher("with space", "x")),
    ],
)
def test_a_matcher_is_read_in_alertmanagers_notation(text: str, matcher: Matcher) -> None:
    assert parse(text) == matcher
    assert parse(matcher.text()) == matcher


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ('alertname="DiskFull"', True),
        ('alertname="Disk"', False),
        ('alertname=~"Disk"', False),
        ('alertname=~"Disk.*"', True),
        ('alertname!~"Disk.*"', False),
        ('team=""', True),
        ('team!=""', False),
        ('team=~".+"', False),
        ('severity=~"high|critical"', True),
        ('severity=~"(high|critical)"', True),
        (r'instance=~"db-\\d:9100"', True),
        ('severity=~"(?i)CRITICAL"', True),
    ],
)
def test_a_regular_expression_must_match_the_whole_value_and_an_absent_label_is_empty(text: str, holds: bool) -> None:
    assert parse(text).matches(LABELS) is holds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not a matcher"),
        ("alertname", "is not a matcher"),
        ('="x"', "is not a matcher"),
        ('a="x', "opens a quotation"),
        ('a="x\\"', "opens a quotation"),
        ('a="x"y"', "quotation mark inside"),
        ('a=x"y', "quotation mark inside"),
        ('a=~"("', "unclosed group"),
        ('a=~"(?=b)b"', "look-around"),
        (r'a=~"(b)\\1"', "backreferences"),
        ('a=~"b{1000}{1000}{1000}"', "repetitions are too large"),
        (f'a=~"{"b" * 16_385}"', "longer than 16384"),
        (f'a="{"b" * 4097}"', "at most 256 characters"),
        ('""="x"', "name of a label"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse(text)


def test_a_list_of_matchers_may_stand_in_braces_and_commas_in_quotes_do_not_split_it() -> None:
    expected = (Matcher("a", "x,y"), Matcher("b", "z", is_equal=False))
    assert parse_all('{a="x,y",b!="z"}') == parse_all(' a="x,y", b!="z",') == expected
    assert parse_all("{}") == ()
    assert matches_all(expected, {"a": "x,y"})
    with pytest.raises(ValueError, match="one end only"):
        parse_all('{a="x"')


def test_a_matcher_that_accepts_absence_narrows_nothing_down() -> None:
    assert accepts_absence(parse('a=~".*"'))
    assert accepts_absence(parse('a!="x"'))
    assert not accepts_absence(parse('a="x"'))


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        matcher = parse(text)
    except ValueError:
        return
    assert parse(matcher.text()) == matcher


@given(st.text(min_size=1, max_size=30), st.text(max_size=200), st.booleans())
def test_a_matcher_survives_being_written_and_read(name: str, value: str, is_equal: bool) -> None:
    matcher = Matcher(name, value, False, is_equal)
    assert parse(matcher.text()) == matcher
    assert matcher.matches({name: value}) is is_equal


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ('host.name="edge-03"', "host.name", "edge-03"),
        ('{"host.name"="edge-03"}', "host.name", "edge-03"),
        ("Προμηθεύς=δοκιμή", "Προμηθεύς", "δοκιμή"),
        ('service-name="a,b"', "service-name", "a,b"),
        ("k8s.io/name=x", "k8s.io/name", "x"),
        (r'note="Disk \"C:\\data\" full"', "note", r'Disk "C:\data" full'),
    ],
)
def test_a_name_with_dots_or_of_any_script_needs_no_quotes(text: str, name: str, value: str) -> None:
    (matcher,) = parse_all(text)
    assert (matcher.name, matcher.value) == (name, value)
    assert parse_all(matcher.text()) == (matcher,)


@pytest.mark.parametrize("text", ['a b="c"', '{a}="c"', "a,b", '"="x"', "=x", "a"])
def test_what_alertmanager_reserves_is_no_name(text: str) -> None:
    with pytest.raises(ValueError, match=r"matcher|quotation|brace|name"):
        parse_all(text)
