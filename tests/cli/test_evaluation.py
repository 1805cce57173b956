"""Nobody validates or plans past the district's review of a product."""

from __future__ import annotations

from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from engine.cli.main import run
from tests.support.small_district import FILES, write_district

TOOL = FILES["catalog/software/tool.yaml"]
PLACE = "schools/alpha/resources.yaml:4:5"


def _said(monkeypatch: pytest.MonkeyPatch, folder: Path, *arguments: str) -> tuple[int, str]:
    out = StringIO()
    monkeypatch.chdir(folder)
    with redirect_stdout(out), redirect_stderr(out):
        code = run(arguments)
    return code, " ".join(out.getvalue().split())


@pytest.mark.parametrize(
    ("evaluation", "rule"),
    [
        ("status: withdrawn", "not-approved"),
        ("status: expiring, until: 2001-12-31", "not-in-time"),
        ("status: evaluating, grades: [1]", "out-of-scope"),
        ("status: approved, seats: 3", "seats"),
    ],
)
def test_what_is_against_a_product_stops_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, evaluation: str, rule: str
) -> None:
    said = TOOL.replace("publisher: Test\n", f"publisher: Test\nevaluation: {{{evaluation}}}\n")
    write_district(tmp_path, {"catalog/software/tool.yaml": said})

    for command in (("validate",), ("plan", "--school", "alpha")):
        code, shown = _said(monkeypatch, tmp_path, *command)
        assert code == 3, shown
        assert rule in shown
        assert (PLACE in shown) == (rule != "seats")


def test_what_nothing_is_against_is_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = TOOL.replace("publisher: Test\n", "publisher: Test\nevaluation: {status: approved, seats: 4}\n")
    write_district(tmp_path, {"catalog/software/tool.yaml": said})

    assert _said(monkeypatch, tmp_path, "validate")[0] == 0
