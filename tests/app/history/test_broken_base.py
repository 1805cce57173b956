"""A change that repairs what a commit has wrong can be compared and planned."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.app.errors import InvalidInput
from engine.app.history import diffing
from engine.app.history.diffing import diff_intents
from engine.app.project import Project
from tests.support.git import commit, repository
from tests.support.small_district import FILES, write_district

BETA = "school: beta\nname: Beta\ngroups: [high]\nhosts: {server: {name: B-SRV, roles: [server]}}\n"
RESOURCES = "schools/alpha/resources.yaml"
RIGHT = {**FILES, "schools/beta/school.yaml": BETA}


def _repaired(folder: Path, file: str, wrong: str) -> Project:
    """A district whose base has one wrong file; in the folder it is right."""
    manifests = write_district(repository(folder), {"schools/beta/school.yaml": BETA, file: wrong})
    commit(folder)
    if file in RIGHT:
        (manifests / file).write_text(RIGHT[file])
    else:
        (manifests / file).unlink()
    return Project(manifests)


@pytest.mark.parametrize(
    ("file", "wrong", "reached"),
    [
        (RESOURCES, FILES[RESOURCES].replace("path:", "pth:"), ["alpha"]),
        (RESOURCES, "this is no manifest", ["alpha"]),
        (RESOURCES, FILES[RESOURCES].replace("name: tool", "name: tol"), ["alpha"]),
        ("schools/beta/school.yaml", "school: beta\n", ["beta"]),
        ("schools/beta/school.yaml", BETA.replace("high", "hihg"), ["beta"]),
        ("district.yaml", FILES["district.yaml"].replace("data: 1", "data: x"), ["alpha", "beta"]),
        ("district.yaml", "- no district", ["alpha", "beta"]),
        ("catalog/software/tool.yaml", "software: tool\n", ["alpha", "beta"]),
        ("profiles/more.yaml", "nothing", ["alpha", "beta"]),
    ],
)
def test_what_mistakes_of_the_base_reach_counts_as_changed_as_a_whole(
    tmp_path: Path, file: str, wrong: str, reached: list[str]
) -> None:
    found = diff_intents(_repaired(tmp_path, file, wrong), "HEAD")
    assert [where.school for where in found.schools_whole] == reached
    assert found.schools == tuple(reached)
    assert not found.empty
    assert (found.changes, found.schools_added, found.schools_removed) == ((), (), ())
    assert found.base_mistakes_count == len(found.base_mistakes) > 0
    assert all(mistake.startswith("manifests/") for mistake in found.base_mistakes)


def test_the_hosts_of_the_newer_side_are_named(tmp_path: Path) -> None:
    project = _repaired(tmp_path, "schools/beta/school.yaml", BETA.replace("B-SRV", "B SRV"))
    assert [where.hosts for where in diff_intents(project, "HEAD").schools_whole] == [("B-SRV",)]


def test_other_schools_are_compared_as_ever(tmp_path: Path) -> None:
    project = _repaired(tmp_path, RESOURCES, "no manifest")
    (project.manifests / "schools/beta/more.yaml").write_text(
        "services:\n  - {name: W32Time, start: manual, hosts: all}\n"
    )
    found = diff_intents(project, "HEAD")
    assert [change.name for change in found.changes] == ["W32Time"]
    assert found.schools == ("alpha", "beta")


def test_a_school_that_was_wrong_and_goes_is_told_without_hosts(tmp_path: Path) -> None:
    project = _repaired(tmp_path, "schools/gamma/school.yaml", "school: gamma\n")
    found = diff_intents(project, "HEAD")
    assert [(where.school, where.hosts) for where in found.schools_removed] == [("gamma", ())]
    assert found.schools_whole == ()


def test_mistakes_of_the_newer_side_are_still_refused(tmp_path: Path) -> None:
    project = _repaired(tmp_path, RESOURCES, "no manifest")
    (project.manifests / RESOURCES).write_text("neither\n")
    with pytest.raises(InvalidInput):
        diff_intents(project, "HEAD")


def test_many_mistakes_are_counted_and_not_all_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diffing, "MISTAKES_TOLD", 1)
    found = diff_intents(_repaired(tmp_path, RESOURCES, FILES[RESOURCES].replace("path:", "pth:")), "HEAD")
    assert (len(found.base_mistakes), found.base_mistakes_count) == (1, 2)
