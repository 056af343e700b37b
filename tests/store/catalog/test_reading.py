"""The catalogue is read once for each of its versions."""

from muster.base.unit import Unit
from muster.catalog import store
from muster.catalog.place import NOWHERE


async def test_an_empty_catalogue_places_nothing(unit: Unit) -> None:
    index = await store.index(unit.conn)
    assert index.locate({"service": "shop"}) == NOWHERE
    assert await store.index(unit.conn) is index
