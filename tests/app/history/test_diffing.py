"""What a change of the manifests changes, seen through git."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.app.errors import InvalidInput, NotComparable, UnknownSelection
from engine.app.history import diffing
from engine.app.history.diffing import diff_intents
from engine.app.project import Project
from engine.compiler.district import District
from engine.compiler.school import Compiled, compile_school
from engine.model.intent import IntentAction, IntentDiff, Where
from tests.support.git import commit, git, repository
from tests.support.small_district import FILES, write_district

BETA = """\
school: beta
name: Beta High
groups: [high]
hosts:
  server: {name: B-SRV, roles: [server]}
"""
RESOURCES = FILES["schools/alpha/resources.yaml"]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A district with two schools, committed as `main`."""
    manifests = write_district(repository(tmp_path), {"schools/beta/school.yaml": BETA})
    (tmp_path / ".gitignore").write_text(".rollcall/\n")
    commit(tmp_path)
    return Project(manifests)


def _write(project: Project, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = project.manifests / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _told(diff: IntentDiff) -> list[tuple[str, str, list[str]]]:
    """Each change in short: action, kind and name, school and hosts."""
    return [
        (change.action.value, f"{change.kind}/{change.name}", [*map(_where, change.where)])
        for change in diff.changes
    ]


def _where(where: Where) -> str:
    return f"{where.school}: {' '.join(where.hosts)}"


def test_nothing_changed_is_an_empty_difference(project: Project) -> None:
    found = diff_intents(project, "HEAD")
    assert found.empty
    assert (found.same_inputs, found.files_differ, found.head) == (2, 0, "working tree")
    assert found.base == git(project.folder, "rev-parse", "HEAD")


def test_a_field_that_changes_is_told_with_both_values(project: Project) -> None:
    _write(
        project, {"schools/alpha/resources.yaml": RESOURCES.replace("[Everyone]", "[Everyone, 'TEST\\A']")}
    )
    found = diff_intents(project, "main")
    assert _told(found) == [("change", "share/Staff", ["alpha: A-SRV"])]
    (field,) = found.changes[0].fields
    assert (field.field, field.before, field.after) == (
        "access.full",
        ("Everyone",),
        ("Everyone", "TEST\\A"),
    )
    assert found.changes[0].origins == ("manifests/schools/alpha/resources.yaml:2:5",)
    assert found.schools == ("alpha",)


def test_the_same_change_on_many_hosts_is_told_once(project: Project) -> None:
    _write(project, {"district.yaml": FILES["district.yaml"].replace("data: 1", "data: 2")})
    found = diff_intents(project, "main")
    assert _told(found) == [
        (
            "change",
            "registry_value/HKLM\\SOFTWARE\\Test\\\\Everywhere",
            ["alpha: A-LAB-01 A-LAB-02 A-LAB-03 A-LAB-04 A-LIB-1 A-LIB-2 A-SRV", "beta: B-SRV"],
        )
    ]


def test_a_line_of_the_catalog_is_told_once_for_all_schools_that_declare_the_product(
    project: Project,
) -> None:
    schools = [f"s{number}" for number in range(5)]
    for school in schools:
        declared = "software:\n  - {name: tool, hosts: all}\n"
        text = BETA.replace("beta", school).replace("B-", f"{school.upper()}-") + declared
        _write(project, {f"schools/{school}/school.yaml": text})
    commit(project.folder)
    tool = FILES["catalog/software/tool.yaml"]
    _write(project, {"catalog/software/tool.yaml": tool.replace("The Tool", "A Tool")})
    (change,) = diff_intents(project, "HEAD", schools=schools).changes
    assert [where.school for where in change.where] == schools
    assert change.origins == tuple(f"manifests/schools/{school}/school.yaml:7:5" for school in schools)


def test_added_and_removed_resources_are_told(project: Project) -> None:
    service = "services:\n  - {name: Spooler, start: manual, hosts: library}\n"
    _write(project, {"schools/alpha/resources.yaml": RESOURCES.split("software:")[0] + service})
    found = diff_intents(project, "main")
    assert _told(found) == [
        ("add", "service/Spooler", ["alpha: A-LIB-1 A-LIB-2"]),
        ("remove", "software/tool", ["alpha: A-LAB-01 A-LAB-02 A-LAB-03 A-LAB-04"]),
    ]
    added, removed = found.changes
    assert [(field.field, field.after) for field in added.fields] == [("start", "manual")]
    assert removed.fields == ()
    assert removed.origins == ("manifests/schools/alpha/resources.yaml:4:5",)


@pytest.mark.parametrize(
    ("said", "field", "before", "after"),
    [
        ("state: absent", "state", "present", "absent"),
        ("state: forget", "state", "present", "forget"),
        ("protect: true", "protect", False, True),
        ("after: software/tool", "after", (), ("software/tool",)),
    ],
)
def test_what_is_said_beside_the_fields_is_told(
    project: Project, said: str, field: str, before: object, after: object
) -> None:
    before_text = RESOURCES + "services:\n  - {name: Spooler, start: manual, hosts: lab}\n"
    _write(project, {"schools/alpha/resources.yaml": before_text})
    commit(project.folder)
    _write(project, {"schools/alpha/resources.yaml": before_text.replace("manual,", f"manual, {said},")})
    (change,) = diff_intents(project, "main").changes
    assert [(each.field, each.before, each.after) for each in change.fields] == [(field, before, after)]


def test_a_need_on_another_host_is_named_with_the_host(project: Project) -> None:
    text = (
        RESOURCES + "services:\n  - {name: Spooler, start: manual, needs: server/share/Staff, hosts: lab}\n"
    )
    _write(project, {"schools/alpha/resources.yaml": text})
    change = next(each for each in diff_intents(project, "main").changes if each.kind == "service")
    assert change.fields[0].field == "needs"
    assert change.fields[0].after == ("A-SRV/share/Staff",)


def test_schools_and_hosts_that_come_or_go_are_told_once_and_not_by_resource(project: Project) -> None:
    school = FILES["schools/alpha/school.yaml"]
    _write(
        project,
        {
            "schools/alpha/school.yaml": school.replace("01-04", "02-05"),
            "schools/gamma/school.yaml": BETA.replace("beta", "gamma").replace("B-", "C-"),
        },
    )
    (project.manifests / "schools/beta/school.yaml").unlink()
    found = diff_intents(project, "main")
    assert [*map(_where, found.schools_added)] == ["gamma: C-SRV"]
    assert [*map(_where, found.schools_removed)] == ["beta: B-SRV"]
    assert [*map(_where, found.hosts_added)] == ["alpha: A-LAB-05"]
    assert [*map(_where, found.hosts_removed)] == ["alpha: A-LAB-01"]
    assert found.changes == ()
    assert found.schools == ("alpha", "gamma")


def test_what_a_template_delivers_is_compared(project: Project) -> None:
    files = "files:\n  - {path: 'C:\\x.txt', template: x.j2, hosts: server}\n"
    (project.folder / "templates/x.j2").write_text("one\ntwo\n")
    _write(project, {"schools/alpha/files.yaml": files})
    commit(project.folder)
    (project.folder / "templates/x.j2").write_text("one\nthree\n")
    (change,) = diff_intents(project, "main").changes
    (field,) = change.fields
    assert field.field == "content.text"
    assert field.diff is not None
    assert "-two\n+three" in field.diff


@pytest.mark.parametrize(("data", "field"), [(b"two\n", "content.text"), (b"\0\2", "content.sha256")])
def test_what_a_copied_file_holds_is_compared(project: Project, data: bytes, field: str) -> None:
    _write(
        project, {"schools/alpha/files.yaml": "files:\n  - {path: 'C:\\x', source: x.bin, hosts: server}\n"}
    )
    (project.manifests / "x.bin").write_bytes(b"one\n" if data[0] else b"\0\1")
    commit(project.folder)
    (project.manifests / "x.bin").write_bytes(data)
    (change,) = diff_intents(project, "main").changes
    assert [each.field for each in change.fields] == [field]


def test_a_school_with_the_same_inputs_is_not_compiled(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiled: list[str] = []

    def compile_and_note(district: District, school: str) -> Compiled:
        compiled.append(school)
        return compile_school(district, school)

    monkeypatch.setattr(diffing, "compile_school", compile_and_note)
    _write(project, {"schools/beta/more.yaml": "services:\n  - {name: W32Time, start: manual, hosts: all}\n"})
    found = diff_intents(project, "main")
    assert compiled == ["beta", "beta"]
    assert (found.same_inputs, found.files_differ) == (1, 1)


def test_files_that_no_resource_is_made_from_make_no_difference(project: Project) -> None:
    _write(project, {"schools/beta/school.yaml": "# a word\n" + BETA, "rehearsal.yaml": "x: y\n"})
    found = diff_intents(project, "main")
    assert found.empty
    assert (found.same_inputs, found.files_differ) == (1, 1)


def test_one_school_can_be_chosen(project: Project) -> None:
    _write(project, {"district.yaml": FILES["district.yaml"].replace("data: 1", "data: 2")})
    found = diff_intents(project, "main", schools=("BETA",))
    assert [*map(_where, found.changes[0].where)] == ["beta: B-SRV"]
    with pytest.raises(UnknownSelection, match="beta"):
        diff_intents(project, "main", schools=("betta",))


def test_two_commits_are_compared_and_the_folder_is_not_looked_at(project: Project) -> None:
    _write(project, {"district.yaml": FILES["district.yaml"].replace("data: 1", "data: 2")})
    head = commit(project.folder)
    _write(project, {"district.yaml": "this is no manifest"})
    found = diff_intents(project, "HEAD~1", "HEAD")
    assert (found.head, [change.action for change in found.changes]) == (head, [IntentAction.CHANGE])


def test_a_manifests_folder_that_was_renamed_is_found(project: Project) -> None:
    moved = project.folder / "config/fleet"
    moved.parent.mkdir()
    git(project.folder, "mv", "manifests", "config/fleet")
    git(project.folder, "mv", "-k", "templates", "config/templates")
    (moved.parent / "templates").mkdir(exist_ok=True)
    assert diff_intents(Project(moved), "main").empty
    (moved / "schools/alpha/resources.yaml").write_text(RESOURCES.split("software:")[0])
    found = diff_intents(Project(moved), "main")
    assert [change.origins for change in found.changes] == [("manifests/schools/alpha/resources.yaml:4:5",)]


def test_a_repository_that_is_the_manifests_folder_itself(tmp_path: Path) -> None:
    manifests = repository(write_district(tmp_path))
    commit(manifests)
    district = manifests / "district.yaml"
    district.write_text(district.read_text().replace("data: 1", "data: 2"))
    found = diff_intents(Project(manifests), "HEAD")
    assert [change.origins for change in found.changes] == [("manifests/district.yaml:8:5",)]


def test_installers_that_git_ignores_are_the_same_on_both_sides(tmp_path: Path) -> None:
    manifests = write_district(repository(tmp_path))
    (tmp_path / ".gitignore").write_text("manifests/media/\n.rollcall/\n")
    commit(tmp_path)
    assert git(tmp_path, "ls-files", "manifests/media") == ""
    found = diff_intents(Project(manifests), "HEAD")
    assert (found.empty, found.files_differ) == (True, 0)


def test_mistakes_in_the_folder_are_findings(project: Project) -> None:
    _write(project, {"schools/alpha/resources.yaml": RESOURCES.replace("path:", "pth:")})
    with pytest.raises(InvalidInput) as error:
        diff_intents(project, "main")
    assert {finding.rule for finding in error.value.findings} == {"missing-field", "unknown-field"}
    assert error.value.folder == project.folder


def test_mistakes_of_a_commit_that_is_the_newer_side_are_listed(project: Project) -> None:
    _write(project, {"schools/alpha/resources.yaml": RESOURCES.replace("path:", "pth:")})
    commit(project.folder)
    with pytest.raises(NotComparable, match=r"HEAD \(.*\) have 2 mistakes") as error:
        diff_intents(project, "main~1", "HEAD")
    assert len(str(error.value).splitlines()) == 3
    assert "[missing-field]" in str(error.value)
    assert "[unknown-field]" in str(error.value)


@pytest.mark.parametrize(
    "revision", ["main~", "HEAD:manifests", "-x", "--all", "", "no such\nthing", "\x1b[2J"]
)
def test_what_is_no_revision_is_refused(project: Project, revision: str) -> None:
    with pytest.raises(NotComparable, match="there is no revision"):
        diff_intents(project, revision)


def test_a_near_revision_is_suggested(project: Project) -> None:
    git(project.folder, "update-ref", "refs/remotes/origin/release", "HEAD")
    with pytest.raises(NotComparable, match="did you mean `main`"):
        diff_intents(project, "mian")
    with pytest.raises(NotComparable, match="did you mean `origin/release`"):
        diff_intents(project, "release")


def test_a_shallow_clone_says_how_to_get_the_rest(project: Project, tmp_path: Path) -> None:
    old = git(project.folder, "rev-parse", "HEAD")
    commit(project.folder)
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "--quiet", "--depth=1", project.folder.as_uri(), str(shallow))
    with pytest.raises(NotComparable, match="git fetch --unshallow"):
        diff_intents(Project(shallow / "manifests"), old)


def test_without_a_repository_or_manifests_in_it_it_says_so(tmp_path: Path) -> None:
    project = Project(write_district(tmp_path))
    with pytest.raises(NotComparable, match="not a git repository"):
        diff_intents(project, "HEAD")
    repository(tmp_path)
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "nothing")
    with pytest.raises(NotComparable, match=r"HEAD has no district\.yaml"):
        diff_intents(project, "HEAD")


def test_nothing_is_left_behind(project: Project) -> None:
    diff_intents(project, "main")
    with pytest.raises(NotComparable):
        diff_intents(project, "nope")
    assert [path.name for path in project.state.iterdir()] == [".gitignore"]
