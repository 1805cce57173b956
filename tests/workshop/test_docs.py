"""Links in the documentation lead somewhere, and the index names every page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.app.exits import ExitCode

TOP = Path(__file__).parents[2]
PAGES = sorted([*TOP.glob("*.md"), *TOP.glob("docs/**/*.md")])


def _targets(page: Path) -> list[str]:
    text = re.sub(r"^( {4}.*|```.*?^```)$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(TOP).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in _targets(page):
        assert "://" in target or (page.parent / target).exists(), target


@pytest.mark.parametrize("folder", ["docs", "docs/decisions"])
def test_the_index_names_every_page(folder: str) -> None:
    index = TOP / folder / "README.md"
    pages = {page.name for page in (TOP / folder).glob("*.md")} - {"README.md"}
    assert pages <= set(_targets(index))


def test_every_exit_code_is_explained() -> None:
    table = (TOP / "docs" / "operations.md").read_text()
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)} == set(ExitCode)
