"""Settings of the process and of features are read by one reader, with everything that is wrong at once."""

import pytest

from muster.base.settings import Settings, read_settings
from muster.kit.errors import Invalid
from muster.ledger.settings import SealSettings
from muster.paging.settings import HeartbeatSettings


def test_a_feature_reads_its_own_settings() -> None:
    settings = read_settings({"MUSTER_PORT": "9000", "MUSTER_SEALS_TO": " /mnt/seals ", "MUSTER_HEARTBEAT_EVERY": "30"})
    assert settings.port == 9000
    assert settings.of(SealSettings).seals_to == "/mnt/seals"
    assert settings.of(HeartbeatSettings).heartbeat_every == 30


def test_what_the_environment_does_not_say_is_the_default() -> None:
    assert read_settings({}).of(HeartbeatSettings) == HeartbeatSettings()
    assert Settings().of(SealSettings) == SealSettings()


def test_every_setting_that_cannot_be_read_is_told_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        read_settings({"MUSTER_PORT": "http", "MUSTER_HEARTBEAT_EVERY": "often", "MUSTER_KEEP_SIGNALS": "-1"})
    assert {fault.field for fault in refused.value.faults} == {
        "MUSTER_PORT",
        "MUSTER_HEARTBEAT_EVERY",
        "MUSTER_KEEP_SIGNALS",
    }


def test_a_client_reads_the_settings_of_the_process_alone() -> None:
    settings = read_settings({"MUSTER_URL": "https://muster.example", "MUSTER_HEARTBEAT_EVERY": "often"}, (Settings,))
    assert settings.url == "https://muster.example"
