"""`python -m ci.reference` writes docs/reference; with --check it only says which pages are out of date."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from ci.reference.pages import pages

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"


def outdated(folder: Path) -> tuple[str, ...]:
    """Pages that are not there, say something else, or belong to nothing any more."""
    drawn = pages()
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*.md")}
    wrong = there - set(drawn)
    for name, text in drawn.items():
        if name not in there or (folder / name).read_text(encoding="utf-8") != text:
            wrong.add(name)
    return tuple(sorted(wrong))


def write(folder: Path) -> None:
    """Write all pages, and take away those that belong to nothing any more."""
    drawn = pages()
    for name in outdated(folder):
        path = folder / name
        if name in drawn:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(drawn[name], encoding="utf-8", newline="\n")
        else:
            path.unlink()


def main(arguments: Sequence[str]) -> int:
    if list(arguments) not in ([], ["--check"]):
        print("usage: python -m ci.reference [--check]", file=sys.stderr)  # noqa: T201  a program's output
        return 3
    if arguments:
        for name in (wrong := outdated(REFERENCE)):
            print(f"docs/reference/{name} is out of date: python -m ci.reference")  # noqa: T201  as above
        return 1 if wrong else 0
    write(REFERENCE)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
