"""A data directory has one process at a time; one that is about to go is waited for."""

import asyncio
from pathlib import Path

import pytest

from muster.base import data_dir
from muster.base.data_dir import held
from muster.kit.errors import Unavailable


async def test_a_second_holder_is_refused_by_the_first_ones_process_id(tmp_path: Path) -> None:
    async with held(tmp_path / "var"):
        with pytest.raises(Unavailable, match=r"Another Muster \(process \d+\) is using the data directory in .*var"):
            async with held(tmp_path / "var"):
                pass
    async with held(tmp_path / "var"):
        pass


async def test_one_that_is_stopping_is_waited_for(tmp_path: Path) -> None:
    got = asyncio.Event()

    async def succeed() -> None:
        async with held(tmp_path):
            got.set()

    async with held(tmp_path) as stopping:
        stopping()
        successor = asyncio.create_task(succeed())
        for _ in range(20):
            await asyncio.sleep(0)
        assert not successor.done()
        assert not got.is_set()
    await asyncio.wait_for(successor, 10)
    assert got.is_set()


async def test_one_that_never_comes_to_its_end_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_dir, "PATIENCE", 0.0)
    async with held(tmp_path) as stopping:
        stopping()
        with pytest.raises(Unavailable, match="Another Muster"):
            async with held(tmp_path):
                pass


async def test_a_directory_that_cannot_be_made_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="is in the way"):
        async with held(tmp_path / "file" / "var"):
            pass
