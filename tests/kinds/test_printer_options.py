"""The words for a queue's paper are Windows' own, with Windows' numbers."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from engine.kinds.printer import PAPERS
from engine.model.printing import Paper
from tests.support.signatures import documented


@pytest.fixture
def papers() -> tuple[str, ...]:
    signatures = documented(Path(__file__))
    if signatures is None:
        pytest.skip("there is no shared/windows/powershell-cmdlets.json beside this repository")
    return signatures.commands["Set-PrintConfiguration"].parameters["PaperSize"].values


def test_every_paper_that_windows_names_can_be_declared(papers: tuple[str, ...]) -> None:
    assert set(papers) - set(get_args(Paper)) == {"Custom", "Reserved48", "Reserved49"}
    assert set(get_args(Paper)) < set(papers)


def test_numbers_are_those_of_the_documented_order(papers: tuple[str, ...]) -> None:
    assert dict(PAPERS) == dict(enumerate(papers))
