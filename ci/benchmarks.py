"""Measures how fast, and in how much memory, manifests of district size are checked.

    ci/bench manifests --schools 10,40,170

Every figure is that of a process of its own on one core, with its start. Seconds are of processor time,
so that other work on the computer changes little. `parse` reads the same files with ruamel.yaml's C loader
and does nothing else; the ratios compare with it, run right before.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ci.district import make_district, school_name
from ci.measure import Taken, run_measured

TOP = Path(__file__).resolve().parent.parent
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Figures:
    """One district, parsed and validated. Seconds are of processor time, bytes of resident memory."""

    schools: int
    hosts: int
    resources: int
    files: int
    parse_seconds: float
    validate_seconds: float
    validate_clock_seconds: float
    validate_peak_bytes: int
    one_school_seconds: float
    one_school_clock_seconds: float
    one_school_peak_bytes: int

    @property
    def ratio(self) -> float:
        """How many times as long as merely parsing."""
        return self.validate_seconds / self.parse_seconds


def measure_manifests(manifests: Path, schools: int, core: int | None) -> Figures:
    """Measure a district of `ci.district` with so many schools.

    Raises:
        Failed: a program could not do its work, so there is nothing to measure.
    """

    def python(*arguments: str) -> Taken:
        return run_measured([sys.executable, "-m", *arguments], TOP, core)

    parsed = python("ci.parse_only", str(manifests))
    command = ("engine.cli", "--manifests", str(manifests), "validate", "--format", "json")
    whole = python(*command)
    one = python(*command, "--school", school_name(schools))
    counted, read = json.loads(whole.output), json.loads(parsed.output)
    return Figures(
        schools=counted["schools"],
        hosts=counted["hosts"],
        resources=counted["resources"],
        files=read["files"],
        parse_seconds=parsed.cpu_seconds,
        validate_seconds=whole.cpu_seconds,
        validate_clock_seconds=whole.seconds,
        validate_peak_bytes=whole.peak_bytes,
        one_school_seconds=one.cpu_seconds,
        one_school_clock_seconds=one.seconds,
        one_school_peak_bytes=one.peak_bytes,
    )


_COLUMNS = (
    *("schools", "hosts", "resources", "files", "parse s", "validate s", "ratio", "files/s", "resources/s"),
    *("peak MiB", "one school s", "peak MiB"),
)


def table(figures: Sequence[Figures]) -> str:
    """The figures as lines of columns; the last line is the growth from the first district to the last."""
    rows = [_COLUMNS, *(tuple(_row(each)) for each in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join([*lines, *_growth(figures)]) + "\n"


def _row(each: Figures) -> Iterable[str]:
    yield from (f"{each.schools}", f"{each.hosts:,}", f"{each.resources:,}", f"{each.files:,}")
    yield from (f"{each.parse_seconds:.2f}", f"{each.validate_seconds:.2f}", f"{each.ratio:.2f}")
    yield f"{each.files / each.validate_seconds:,.0f}"
    yield f"{each.resources / each.validate_seconds:,.0f}"
    yield f"{each.validate_peak_bytes / MIB:,.0f}"
    yield from (f"{each.one_school_seconds:.2f}", f"{each.one_school_peak_bytes / MIB:,.0f}")


def _growth(figures: Sequence[Figures]) -> Iterable[str]:
    first, last = figures[0], figures[-1]
    if first.schools != last.schools:
        yield (
            f"{last.schools / first.schools:.1f} times the schools:"
            f" {last.validate_seconds / first.validate_seconds:.1f} times the seconds,"
            f" {last.validate_peak_bytes / first.validate_peak_bytes:.1f} times the memory"
        )


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def main() -> None:
    parser = argparse.ArgumentParser(prog="ci/bench", description=__doc__)
    commands = parser.add_subparsers(required=True)
    manifests = commands.add_parser("manifests", help="check manifests of district size")
    manifests.add_argument("--schools", type=_numbers, default=(10, 40, 170), help="default: 10,40,170")
    manifests.add_argument("--own-values", action="store_true", help="no two hosts are alike")
    manifests.add_argument("--json", type=Path, metavar="FILE", help="also keep the figures in a file")
    options = parser.parse_args()
    core = min(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    figures = []
    for schools in options.schools:
        with tempfile.TemporaryDirectory(prefix="rollcall-bench-") as folder:
            made = make_district(Path(folder) / "district", schools, own_values=options.own_values)
            figures.append(measure_manifests(made, schools, core))
        print(f"{schools} schools measured", file=sys.stderr)  # noqa: T201  progress for whoever waits
    sys.stdout.write(table(figures))
    if options.json is not None:
        options.json.write_text(json.dumps([asdict(each) for each in figures], indent=2) + "\n")


if __name__ == "__main__":
    main()
