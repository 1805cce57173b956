"""The sample district: planned, applied, and nothing left to do. One host of each sort stands for all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.app.rehearsing import start_rehearsal, stop_rehearsal
from tests.e2e.bench import Bench, saved

REPOSITORY = Path(__file__).resolve().parents[2]
CHOSEN = (
    *("DHS-SRV01", "DHS-L114-01", "DHS-L210-08", "DHS-LIB-02"),
    *("HMS-SRV01", "HMS-L102-01", "HMS-LIB-01"),
    *("LES-SRV01", "LES-DESK-01", "LES-LAB-01"),
)


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[Bench]:
    for folder in ("manifests", "templates"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    bench = Bench(tmp_path)
    start_rehearsal(bench.project)
    try:
        yield bench
    finally:
        stop_rehearsal(bench.project)


def test_plan_apply_and_an_empty_plan(sample: Bench) -> None:
    hosts = [option for host in CHOSEN for option in ("--host", host)]
    target = (*hosts, "--target", "rehearsal")

    first = sample.rollcall("plan", *target, "--detailed-exitcode", "--out", "first.json")
    applied = sample.rollcall("apply", "first.json", "--auto-approve")
    second = sample.rollcall("plan", *target, "--detailed-exitcode", "--out", "second.json")

    plan = saved(sample.folder / "first.json")
    assert {change.address.host for change in plan.changes} == set(CHOSEN)
    assert {change.address.kind for change in plan.changes} >= {
        *("directory", "share", "printer", "printer_port", "printer_driver"),
        *("software", "registry_value", "service", "file"),
    }
    assert (first.code, applied.code, second.code) == (2, 0, 0), (applied.out, second.out)
    assert saved(sample.folder / "second.json").changes == ()
