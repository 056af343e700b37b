"""Values that features provide for ports are found by their type, in order."""

from dataclasses import dataclass

from muster.base.ports import Ports


@dataclass(frozen=True)
class Panel:
    name: str


@dataclass(frozen=True)
class Rule:
    name: str


def test_values_are_found_by_their_type_in_the_order_given() -> None:
    ports = Ports([Panel("chart"), Rule("close"), Panel("log")])
    assert ports.of(Panel) == (Panel("chart"), Panel("log"))
    assert ports.of(Rule) == (Rule("close"),)


def test_a_port_that_nobody_provides_for_is_empty() -> None:
    assert Ports().of(Panel) == ()
