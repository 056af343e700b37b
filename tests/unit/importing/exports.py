"""What the tests of imports share: exports of the samples, and an organisation to import into."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from muster.importing.current_state import CurrentState
from muster.importing.import_draft import ImportDraft, compose

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
FOLDERS = {"opsgenie": "opsgenie", "pagerduty": "pagerduty", "grafana-oncall": "grafana-oncall"}
READ = (".json", ".yaml", ".yml", ".tf")


def files_of(folder: Path) -> dict[str, str]:
    """Every file of a folder that can be part of an export."""
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.suffix in READ
    }


def imported(
    source: str, documents: dict[str, Any], now: datetime = NOW, present: CurrentState | None = None
) -> ImportDraft:
    """What an export of these documents becomes."""
    files = {name: json.dumps(data) for name, data in documents.items()}
    return compose(source, files, present or CurrentState(), now)


def pagerduty_users(*ids: str) -> dict[str, Any]:
    """PagerDuty's answer of /users for these ids; each person is named as the id in lower case."""
    return {
        "users": [
            {
                "id": id,
                "type": "user",
                "name": id,
                "email": f"{id.lower()}@contoso.example",
                "time_zone": "UTC",
                "role": "user",
            }
            for id in ids
        ]
    }
