"""The district for measuring is what it says: big, right, and the same every time."""

from __future__ import annotations

from pathlib import Path

import pytest

from ci.district import HOSTS, make_district
from engine.compiler.district import load_district
from engine.compiler.school import compile_school


def test_a_school_has_six_hundred_hosts_of_forty_resources(tmp_path: Path) -> None:
    loaded = load_district(make_district(tmp_path / "big", 3))
    assert loaded.findings == ()
    assert loaded.district is not None
    compiled = compile_school(loaded.district, "school-002")
    assert compiled.findings == ()
    assert compiled.intent is not None
    assert len(compiled.intent.hosts) == HOSTS == 600
    assert 40 <= len(compiled.intent.resources) / HOSTS < 45


def test_it_is_the_same_every_time(tmp_path: Path) -> None:
    one, two = (make_district(tmp_path / name, 3, own_values=True) for name in ("one", "two"))
    files = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert len(files) > 20
    assert all((one / file).read_bytes() == (two / file).read_bytes() for file in files)


@pytest.mark.parametrize("schools", [2, 1000])
def test_other_numbers_are_refused(tmp_path: Path, schools: int) -> None:
    with pytest.raises(ValueError, match="from 3 to 999"):
        make_district(tmp_path / "big", schools)
