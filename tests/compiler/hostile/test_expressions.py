"""No regular expression takes long on any text: see `expressions`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[3]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of processor time are not Windows's")
def test_no_regular_expression_is_slow() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.compiler.hostile.expressions"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    *slow, count = done.stdout.splitlines()
    assert slow == []
    assert int(count.split()[0]) > 40
