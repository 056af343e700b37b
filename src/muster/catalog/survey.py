"""Everything that follows from a catalogue alone, each worked out once and only when somebody asks (pure)."""

from dataclasses import dataclass
from functools import cached_property

from muster.catalog.drawing import Drawing, whole
from muster.catalog.graph import Graph, SinglePoint, single_points
from muster.catalog.workload import Catalogue


@dataclass(frozen=True)
class Survey:
    """A catalogue with what can be seen from above; kept in memory as long as the catalogue stays as it is."""

    catalogue: Catalogue

    @cached_property
    def graph(self) -> Graph:
        """The graph of needs."""
        return Graph.of(self.catalogue)

    @cached_property
    def single_points(self) -> tuple[SinglePoint, ...]:
        """The single points of failure, the gravest first."""
        return tuple(single_points(self.catalogue, self.graph))

    @cached_property
    def drawing(self) -> Drawing | None:
        """The picture of all of it, if one helps."""
        return whole(self.catalogue, self.graph)
