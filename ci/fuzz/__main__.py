"""Fuzz the reading of manifests.

    python -m ci.fuzz --documents 100000

Prints how many documents were tried, how many were wrong, the slowest, and all trouble: exceptions, odd
findings, and documents that took over a second of processor time. The smallest document of each kind of
trouble is kept in a folder. Exit code 1 where there was trouble.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from ci.fuzz.run import Report, fuzz

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  only where it is there: files that never reach a disk


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m ci.fuzz", description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0, help="the first document's number")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other documents")
    parser.add_argument("--keep", type=Path, default=Path(".ci/fuzz"), help="where documents in trouble go")
    options = parser.parse_args()
    memory = SHARED_MEMORY if SHARED_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="rollcall-fuzz-", dir=memory) as folder:
        numbers = range(options.first, options.first + options.documents)
        report = fuzz(Path(folder), options.seed, numbers, _progress)
    sys.stdout.write(f"{report}\n")
    for kind, found in report.troubles.items():
        options.keep.mkdir(parents=True, exist_ok=True)
        name = "".join(letter if letter.isalnum() else "-" for letter in kind)
        (options.keep / name).write_bytes(found.document.data)
        sys.stdout.write(
            f"\n{kind}: {found.count} documents, first {found.number}, in place of {found.document.target},"
            f" kept as {options.keep / name}\n{found.detail}\n"
        )
    return 1 if report.troubles else 0


def _progress(report: Report) -> None:
    if report.documents % 5_000 == 0:
        sys.stderr.write(f"{report}\n")


if __name__ == "__main__":
    sys.exit(main())
