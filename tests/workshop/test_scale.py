"""The sample district grows to any size and stays right."""

from __future__ import annotations

from pathlib import Path

import pytest

from ci.scale import TOP, hosts, numbered, scale
from engine.app.project import Project
from engine.app.validating import validate
from engine.compiler.district import load_district
from engine.compiler.school import compile_school


def test_a_copy_renames_schools_and_hosts_but_no_accounts() -> None:
    text = "school: dundalk-hs\nrange: 'DHS-L114-[01-20]'\nexcept: DHS-L114-13\nfull: 'BCPS\\DHS-Admins'\n"
    copy = (
        "school: dundalk-hs-7\nrange: 'DHS07-L114-[01-20]'\nexcept: DHS07-L114-13\nfull: 'BCPS\\DHS-Admins'\n"
    )
    assert numbered(text, "dundalk-hs", 7) == copy


def test_three_hundred_hosts_compile(tmp_path: Path) -> None:
    manifests = scale(TOP, tmp_path / "big", copies=6)
    loaded = load_district(manifests)
    assert loaded.district is not None
    assert loaded.findings == ()
    names = [host.name for host in loaded.district.hosts()]
    assert len(names) == 6 * hosts(TOP / "manifests") >= 300
    assert len({name.casefold() for name in names}) == len(names)
    assert max(map(len, names)) <= 15
    assert validate(Project(manifests)).findings == ()  # with the scopes and seats of the catalog
    for school in ("dundalk-hs", "dundalk-hs-6"):
        assert compile_school(loaded.district, school).findings == ()


@pytest.mark.parametrize("copies", [0, 100])
def test_other_numbers_are_refused(tmp_path: Path, copies: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 99"):
        scale(TOP, tmp_path / "big", copies)
