"""Samples that a mapping is kept with: what each must become, and what a changed mapping would make of it instead.

They stand in the options of an integration, so that whatever changes these (form, API, command, manifest) is held to them.
"""

from collections.abc import Mapping
from typing import Any

from muster.inbound.generic.rules import rules_of
from muster.inbound.generic.signals import objects, signal_in
from muster.inbound.generic.unpack import unpacked
from muster.inbound.record import Findings
from muster.kit.errors import Fault
from muster.kit.nearest import did_you_mean

MOST_SAMPLES = 10
LARGEST = 20_000
EXPECTED = ("status", "key", "title", "severity")
_PARTS = ("name", "payload", "expect")
_EXAMPLE = 'Write {"name": "recovery", "payload": {…}, "expect": {"status": "resolved"}}.'


def outcome(payload: Any, options: Mapping[str, Any]) -> dict[str, str]:
    """What the first report of a payload becomes under a mapping; empty where it becomes no alert."""
    findings, rules = Findings(), rules_of(options)
    found = (signal_in(record, rules) for record in objects(unpacked(payload), rules, findings))
    signal = next((signal for signal in found if signal is not None), None)
    if signal is None:
        return {}
    # A guess about something unknown fires.
    status = "firing" if signal.guess else signal.status
    return {"status": status, "key": signal.key, "title": signal.title, "severity": signal.severity_hint}


def sample_faults(options: Mapping[str, Any]) -> list[Fault]:
    """What is wrong with the samples, and where the mapping does not do what they expect."""
    samples = options.get("samples", [])
    if not isinstance(samples, list):
        return [Fault("samples", "The samples are a list.", _EXAMPLE)]
    if len(samples) > MOST_SAMPLES:
        return [Fault("samples", f"There are more than {MOST_SAMPLES} samples.", "Keep those that tell most.")]
    faults: list[Fault] = []
    for number, sample in enumerate(samples):
        place = f"samples.{number}"
        faults += _form_faults(place, sample) or _differences(place, sample, options)
    return faults


def _form_faults(place: str, sample: Any) -> list[Fault]:
    if not isinstance(sample, Mapping) or not isinstance(sample.get("payload"), dict | list):
        return [Fault(place, "A sample has a payload, as JSON.", _EXAMPLE)]
    faults = [Fault(f"{place}.{key:.80}", "A sample has no such part.", did_you_mean(str(key), _PARTS))
              for key in sample if key not in _PARTS]  # fmt: skip
    if len(str(sample["payload"])) > LARGEST:
        faults.append(Fault(f"{place}.payload", f"It is longer than {LARGEST} characters.", "Shorten its texts."))
    expected = sample.get("expect")
    if not isinstance(expected, Mapping) or not expected:
        return [*faults, Fault(f"{place}.expect", "Say what it must become.", _EXAMPLE)]
    return faults + [
        Fault(f"{place}.expect.{key:.80}", "This cannot be expected.", did_you_mean(str(key), EXPECTED))
        for key in expected
        if key not in EXPECTED
    ]


def _differences(place: str, sample: Mapping[str, Any], options: Mapping[str, Any]) -> list[Fault]:
    found = outcome(sample["payload"], options)
    name = f"The sample {sample.get('name', '')!s:.60}".strip()
    if not found:
        return [Fault(place, f"{name} would become no alert.", "Correct the mapping, or drop the sample.")]
    return [
        Fault(
            f"{place}.expect.{key}",
            f"{name} would have {key} {found[key]!r:.80} instead of {str(wanted)!r:.80}.",
            "Correct the mapping, or what the sample expects.",
        )
        for key, wanted in sample["expect"].items()
        if found[key] != str(wanted)
    ]
