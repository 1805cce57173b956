"""What ci/bench prints is measured on processes that did their work, and adds up."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ci.benchmarks import MIB, Figures, measure_manifests, table
from ci.district import make_district
from ci.measure import Failed, run_measured


def figures(schools: int, seconds: float, memory: int) -> Figures:
    return Figures(
        schools=schools,
        hosts=600 * schools,
        resources=24_000 * schools,
        files=4 * schools,
        parse_seconds=seconds / 4,
        validate_seconds=seconds,
        validate_clock_seconds=seconds,
        validate_peak_bytes=memory * MIB,
        one_school_seconds=1.0,
        one_school_clock_seconds=1.0,
        one_school_peak_bytes=40 * MIB,
    )


def test_a_whole_district_and_one_school_are_measured(tmp_path: Path) -> None:
    found = measure_manifests(make_district(tmp_path / "district", 3), 3, None)
    assert (found.schools, found.hosts) == (3, 1_800)
    assert found.resources > 40 * found.hosts
    assert found.files > 3 * 4
    assert found.validate_seconds > found.parse_seconds > 0
    assert found.ratio == found.validate_seconds / found.parse_seconds
    assert found.validate_peak_bytes > 10 * MIB


def test_the_table_tells_ratios_and_growth() -> None:
    header, *rows, growth = table([figures(10, 2.0, 50), figures(40, 6.0, 75)]).splitlines()
    assert header.split()[:3] == ["schools", "hosts", "resources"]
    assert rows[1].split()[:4] == ["40", "24,000", "960,000", "160"]
    assert " 4.00 " in rows[0]
    assert growth == "4.0 times the schools: 3.0 times the seconds, 1.5 times the memory"
    assert len({len(line) for line in (header, *rows)}) == 1


def test_what_a_program_took_is_told_and_a_failure_is_no_figure(tmp_path: Path) -> None:
    taken = run_measured([sys.executable, "-c", "print(sum(range(10 ** 6)))"], tmp_path, None)
    assert taken.output == "499999500000\n"
    assert taken.cpu_seconds > 0
    assert taken.peak_bytes > MIB
    with pytest.raises(Failed, match="ended with 3"):
        run_measured([sys.executable, "-c", "raise SystemExit(3)"], tmp_path, None)
