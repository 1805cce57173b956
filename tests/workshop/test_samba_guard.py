"""Where Samba is required, no test may skip for want of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

MARKED = """
import pytest

@pytest.mark.samba
def test_marked():
    pytest.skip("not installed")
"""

NAMED = """
import pytest

@pytest.mark.skipif(True, reason="smbd is not on this machine")
def test_named():
    pass
"""

WHOLE_MODULE = """
import pytest
pytest.skip("no smbclient here", allow_module_level=True)
"""

OTHER = """
import pytest

def test_other():
    pytest.skip("the reference data is not here")

def test_something_runs():
    pass
"""


def _run(folder: Path, test: str, required: str) -> int:
    guard = Path(__file__).parents[1] / "conftest.py"
    (folder / "conftest.py").write_bytes(guard.read_bytes())
    (folder / "test_it.py").write_text(test)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = samba\n")
    environment = os.environ | {"ROLLCALL_REQUIRE_SAMBA": required}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=60, check=False)
    return done.returncode


@pytest.mark.parametrize("test", [MARKED, NAMED, WHOLE_MODULE])
def test_a_skip_for_want_of_samba_fails_where_samba_is_required(tmp_path: Path, test: str) -> None:
    assert _run(tmp_path, test, required="1") in {1, 2}


@pytest.mark.parametrize("test", [MARKED, NAMED])
def test_elsewhere_it_is_a_skip(tmp_path: Path, test: str) -> None:
    assert _run(tmp_path, test, required="") == 0


def test_other_skips_stay_skips(tmp_path: Path) -> None:
    assert _run(tmp_path, OTHER, required="1") == 0
