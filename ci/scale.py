"""Makes a big district out of the sample: the same schools again and again, each copy with hosts of its own.

    python -m ci.scale FOLDER --hosts 300
    rollcall --manifests FOLDER/manifests rehearse start

Accounts, products and profiles stay as they are; what the catalog allows a school or counts in seats, it
allows the copies too. Schools and hosts of a copy have its number in their names.
"""

from __future__ import annotations

import argparse
import math
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from engine.compiler.district import load_district

TOP = Path(__file__).resolve().parent.parent

# A host's name begins with the school's prefix; in an account's name the prefix comes after a backslash.
_HOST = re.compile(r"(?<![\\\w])(?P<prefix>[A-Z]{3})-(?=[A-Z]+[0-9-])")


def numbered(text: str, school: str, number: int) -> str:
    """A school's file for its copy of this number."""
    renamed = re.sub(
        rf"^school: {re.escape(school)}$", f"school: {school}-{number}", text, flags=re.MULTILINE
    )
    return _HOST.sub(rf"\g<prefix>{number:02}-", renamed)


def widened(text: str, copies: int) -> str:
    """A product's file whose evaluation allows the copies of a school what it allows the school."""

    def more(found: re.Match[str]) -> str:
        schools = found["schools"].split(", ")
        copied = (f"{school}-{number}" for school in schools for number in range(2, copies + 1))
        return f"{found['before']}[{', '.join((*schools, *copied))}]"

    text = re.sub(r"^(?P<before>  schools: )\[(?P<schools>.*)\]", more, text, flags=re.MULTILINE)
    return re.sub(
        r"^  seats: (\d+)", lambda seats: f"  seats: {int(seats[1]) * copies}", text, flags=re.MULTILINE
    )


def scale(source: Path, folder: Path, copies: int) -> Path:
    """Copy manifests and templates of `source` into the new `folder` with so many copies of each school.

    Returns the manifests' folder. At most 99 copies, so that no name gets longer than NetBIOS allows.

    Raises:
        ValueError: the number of copies is out of range.
        FileExistsError: `folder` is there already.
    """
    if not 1 <= copies <= 99:
        raise ValueError(f"from 1 to 99 copies, not {copies}")
    folder.mkdir(parents=True)
    for name in ("manifests", "templates"):
        shutil.copytree(source / name, folder / name)
    schools = sorted((source / "manifests" / "schools").iterdir())
    for school in schools:
        for number in range(2, copies + 1):
            _copy(school, folder / "manifests" / "schools" / f"{school.name}-{number}", number)
    for entry in (folder / "manifests" / "catalog" / "software").glob("*.yaml"):
        entry.write_text(widened(entry.read_text(encoding="utf-8"), copies), encoding="utf-8")
    return folder / "manifests"


def _copy(school: Path, target: Path, number: int) -> None:
    for file in _files(school):
        copied = target / file.relative_to(school)
        copied.parent.mkdir(parents=True, exist_ok=True)
        copied.write_text(numbered(file.read_text(encoding="utf-8"), school.name, number), encoding="utf-8")


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def hosts(manifests: Path) -> int:
    """How many hosts the manifests name.

    Raises:
        ValueError: they are wrong; `rollcall validate` says where.
    """
    loaded = load_district(manifests)
    if loaded.district is None:
        raise ValueError(f"{manifests} is not valid: {len(loaded.findings)} findings")
    return len(tuple(loaded.district.hosts()))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ci.scale", description=__doc__)
    parser.add_argument("folder", type=Path, help="a new folder")
    parser.add_argument("--hosts", type=int, default=300, help="at least so many (default: 300)")
    options = parser.parse_args()
    scale(TOP, options.folder, math.ceil(options.hosts / hosts(TOP / "manifests")))


if __name__ == "__main__":
    main()
