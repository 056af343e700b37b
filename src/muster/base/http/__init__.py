"""The one way out: every HTTP request that Muster makes to others goes through `Http`, and so past its guard."""

from muster.base.http.client import Http, Timeouts
from muster.base.http.failure import Failure, Unreachable
from muster.base.http.target import ParsedUrl, read_url
from muster.base.http.wire import Response

__all__ = ["Failure", "Http", "ParsedUrl", "Response", "Timeouts", "Unreachable", "read_url"]
