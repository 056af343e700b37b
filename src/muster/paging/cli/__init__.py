"""`muster page`, `muster chains` and `muster simulate`."""

from muster.paging.cli.chains import chains
from muster.paging.cli.deliveries import app
from muster.paging.cli.simulate import simulate

__all__ = ["app", "chains", "simulate"]
