"""A new district: right at once, in the canonical form, and never in place of anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.app.authoring.scaffolding import Forge, names, scaffold
from engine.app.editing import editor_files, outdated
from engine.app.errors import NotWritten, WouldReplace
from engine.app.formatting import format_manifests
from engine.app.loading import intents, load
from engine.app.project import Project
from engine.manifest.rehearsal import load_rehearsal

TOP = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {
            "district_name": "Bay County: Public Schools",
            "school_name": "Dundalk Middle School",
            "prefix": "DMS",
        },
        {"district_name": "no", "school_name": "08", "domain": "NO", "prefix": "N0", "school": "a"},
        {"district_name": 'O\'Neill "East" #2', "school_name": "École {x}, [y]", "district": "x"},
        {"district_name": "$district {{ vars.x }}", "school_name": "${prefix}"},
    ],
)
def test_whatever_the_names_the_district_is_right_and_in_form(tmp_path: Path, given: dict[str, str]) -> None:
    chosen = names(**given)
    written = scaffold(tmp_path, chosen, None, vscode=True)
    assert set(written) == {
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()
    }
    project = Project(tmp_path.resolve() / "manifests")
    district = load(project)
    (intent,) = intents(district, district.schools)
    assert {host.name for host in intent.hosts} >= {f"{chosen.prefix}-SRV01", f"{chosen.prefix}-L101-12"}
    assert district.documents.district.document.name == chosen.district_name
    assert district.documents.schools[chosen.school].main.document.name == chosen.school_name
    found = format_manifests(project, write=False)
    assert (found.changed, found.findings) == ((), ())
    rehearsal, findings = load_rehearsal(project.manifests)
    assert (rehearsal is not None, findings) == (True, ())
    assert outdated(tmp_path, editor_files(tmp_path, "manifests")) == ()


@pytest.mark.parametrize(
    ("forge", "path", "original"),
    [
        (Forge.GITHUB, ".github/workflows/rollcall.yml", "github.yml"),
        (Forge.GITLAB, ".gitlab-ci.yml", "gitlab.yml"),
    ],
)
def test_the_pipeline_is_the_one_that_is_documented(
    tmp_path: Path, forge: Forge, path: str, original: str
) -> None:
    scaffold(tmp_path, names(), forge, vscode=False)
    assert (tmp_path / path).read_text() == (TOP / "ci/pipelines" / original).read_text()
    assert not (tmp_path / ".vscode").exists()


def test_git_leaves_what_is_sent_to_hosts_as_it_is(tmp_path: Path) -> None:
    scaffold(tmp_path, names(), None, vscode=False)
    lines = (tmp_path / ".gitattributes").read_text().splitlines()
    assert {"manifests/media/** -text", "manifests/files/** -text"} <= set(lines)
    assert lines == (TOP / ".gitattributes").read_text().splitlines()


def test_everything_in_the_way_is_listed_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests/district.yaml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "other.txt").write_text("not in the way")
    with pytest.raises(WouldReplace, match=r"README\.md, manifests/district\.yaml"):
        scaffold(tmp_path, names(), None, vscode=True)
    assert (tmp_path / "README.md").read_text() == "mine"
    assert len(list(tmp_path.rglob("*"))) == 4


@pytest.mark.parametrize(
    "given",
    [
        {"district_name": ""},
        {"district_name": "x" * 101},
        {"district_name": "two\nlines"},
        {"district_name": "教育"},
        {"district": "Not A Name"},
        {"school": "../up"},
        {"domain": "two words"},
        {"domain": "a'b"},
        {"dns": "no dots"},
        {"prefix": "TOOLONGPREFIX"},
        {"prefix": "a_b"},
    ],
)
def test_names_that_are_not_possible_are_refused(given: dict[str, str]) -> None:
    with pytest.raises(NotWritten):
        names(**given)


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotWritten, match="cannot be written"):
        scaffold(tmp_path / "file", names(), None, vscode=False)


@pytest.mark.parametrize(
    ("school", "group"),
    [
        ("Highlandtown School", "all-schools"),
        ("Middlesex School", "all-schools"),
        ("Dundalk HIGH School", "high"),
        ("Middle-River Elementary", "elementary"),
    ],
)
def test_a_school_is_of_the_group_that_a_whole_word_of_its_name_says(
    tmp_path: Path, school: str, group: str
) -> None:
    chosen = names(school_name=school)
    scaffold(tmp_path, chosen, None, vscode=False)
    assert f"groups: [{group}]" in (tmp_path / f"manifests/schools/{chosen.school}/school.yaml").read_text()
