"""An alert finds its place in the catalogue by its labels, always the same one, and never by a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.catalog.examples import shop, workload

from muster.catalog.place import COMPONENT_KEYS, NOWHERE, SCOPE_KEYS, Index, Place
from muster.catalog.workload import Catalogue, Component

INDEX = Index(shop())


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ({"workload": "shop"}, ("shop", "")),
        ({"workload": "shop", "component": "web"}, ("shop", "web")),
        ({"workload": "store", "component": "WEB"}, ("shop", "web")),
        ({"service": "search"}, ("shop", "search")),
        ({"service": "shop"}, ("shop", "")),
        ({"job": "shop-web"}, ("shop", "web")),
        ({"job": "shop/web"}, ("shop", "web")),
        ({"app": "store_web"}, ("shop", "web")),
        ({"container": "web"}, ("", "")),
        ({"container": "web", "namespace": "blog"}, ("blog", "web")),
        ({"namespace": "blog"}, ("blog", "")),
        ({"service": "card-gateway"}, ("payments", "stripe")),
        ({"service": "shop-find", "workload": "blog"}, ("shop", "search")),
        ({"site": "news"}, ("blog", "")),
        ({"site": "news", "container": "web"}, ("blog", "web")),
        ({"service": "unknown", "alertname": "shop"}, ("", "")),
        ({"workload": "unknown", "service": "api"}, ("payments", "api")),
        ({}, ("", "")),
    ],
)
def test_labels_lead_to_their_place(labels: dict[str, str], expected: tuple[str, str]) -> None:
    place = INDEX.locate(labels)
    assert (place.workload, place.component) == expected


def test_the_narrower_criticality_counts() -> None:
    assert INDEX.locate({"workload": "shop"}).criticality == "business_critical"
    assert INDEX.locate({"component": "mail"}).criticality == "low"
    assert INDEX.locate({"service": "nothing"}) == NOWHERE


def test_the_selector_that_asks_for_more_wins() -> None:
    catalogue = Catalogue(
        (
            workload("a", Component("x", labels={"service": ("s",)})),
            workload("b", Component("y", labels={"service": ("s",), "region": ("eu", "us")})),
        )
    )
    index = Index(catalogue)
    assert index.locate({"service": "s"}).component == "x"
    assert index.locate({"service": "s", "region": "us"}).component == "y"
    assert index.locate({"service": "s", "region": "ap"}).component == "x"


def test_a_workloads_own_name_wins_over_an_alias_of_another() -> None:
    index = Index(Catalogue((workload("a", aliases=("b",)), workload("b"))))
    assert index.locate({"workload": "b"}).workload == "b"


NAMES = st.sampled_from(["shop", "blog", "web", "search", "api", "shop-web", "payments/api", "stripe", "other", ""])


@given(st.dictionaries(st.sampled_from([*SCOPE_KEYS, *COMPONENT_KEYS, "site", "alertname"]), NAMES))
def test_a_place_always_exists_and_does_not_depend_on_the_order_of_labels(labels: dict[str, str]) -> None:
    catalogue = shop()
    place = INDEX.locate(labels)
    assert Index(catalogue).locate(dict(reversed(labels.items()))) == place
    if place == Place():
        return
    found = catalogue.by_name[place.workload]
    if place.component:
        component = found.component(place.component)
        assert component is not None
        assert place.criticality == found.criticality_of(component)
    else:
        assert place.criticality == found.criticality
