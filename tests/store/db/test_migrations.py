"""A feature that was renamed keeps its migrations, whoever looks at them first."""

from typing import Any

import asyncpg

from muster.base.db.migrate import applied, migrations
from muster.base.features import installed


async def test_migrations_of_a_renamed_feature_are_known_by_its_present_name(connect: dict[str, Any]) -> None:
    names = [(former, feature.name) for feature in installed() for former in feature.formerly]
    assert names
    conn = await asyncpg.connect(**connect)
    try:
        for former, name in names:
            moved = await conn.execute("UPDATE migrations SET feature = $1 WHERE feature = $2", former, name)
            assert moved != "UPDATE 0"
        assert await applied(conn) == {(file.feature, file.name): file.digest for file in migrations()}
    finally:
        await conn.close()
