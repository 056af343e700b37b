"""Whose failures count: those of the default branch, or of the branches that an integration names."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from muster.inbound.state_words import states

RUN = states(
    "failure, failed, timed_out, startup_failure, error",
    "success",
    skipped={
        "cancelled, canceled, skipped, neutral, stale": "The run was stopped or skipped: it neither failed nor succeeded.",
        "action_required, manual, waiting": "The run waits for somebody.",
        "created, queued, pending, requested, in_progress, running, preparing, scheduled, "
        "waiting_for_resource, waiting_for_callback, inactive": "The run is not over.",
    },
)


def left_out(options: Mapping[str, Any], branch: str, default: str) -> str:
    """Why a branch's failure is no alert; empty where it is one. Without a known default branch, every branch counts."""
    wanted = options.get("branches")
    names = [name for name in wanted if isinstance(name, str)] if isinstance(wanted, list) else []
    if names:
        fits = any(fnmatchcase(branch, name) for name in names)
        return "" if fits else f"The branch {branch[:100]} is not among the option `branches`."
    if not default or not branch or branch == default:
        return ""
    return f"Only the branch {default[:100]} is watched; name others in the option `branches`."
