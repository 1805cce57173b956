"""Finding a project, what it was made from, and choosing a part of it."""

from __future__ import annotations

import json
import shutil
import socket
import stat
import subprocess
from pathlib import Path

import pytest

from engine.app.connecting import connector_for, live_targets
from engine.app.endpoints import CODE_FILE, code_digest, current_endpoints, read_endpoints
from engine.app.errors import InvalidInput, NoProject, RehearsalError, UnknownSelection
from engine.app.fleetfile import write_fleet
from engine.app.history.revision import revision_of
from engine.app.loading import load
from engine.app.project import Project, find_project, make_state
from engine.app.rehearsing import FAULTS, rehearsal_status, set_fault, start_rehearsal
from engine.app.selection import Selection, choose
from engine.app.target import Target
from engine.app.validating import validate
from engine.manifest.files import place
from engine.manifest.rehearsal import REHEARSAL_FILE, load_rehearsal
from engine.rehearsal.windows.faults import Fault
from engine.report.ranges import host_range
from tests.e2e.bench import Bench


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A district that nothing is started for."""
    return Bench.create(tmp_path)


def test_a_project_is_found_from_any_folder_below_it(bench: Bench) -> None:
    below = bench.folder / "manifests" / "schools" / "story"

    assert find_project(below) == find_project(bench.folder) == Project(bench.folder / "manifests")
    assert find_project(below).state == bench.folder / ".rollcall"
    assert find_project(Path("/"), bench.folder / "manifests") == bench.project
    assert find_project(Path("/"), bench.folder) == bench.project


def test_no_project(tmp_path: Path) -> None:
    with pytest.raises(NoProject, match="district"):
        find_project(tmp_path, tmp_path)


def test_findings_are_all_told_at_once(bench: Bench) -> None:
    bench.declare("story", "shares:\n  - {name: A, hosts: sever, path: 'D:\\A'}\n")
    bench.declare("gone", "shares:\n  - {name: B, hosts: server, pth: 'D:\\B'}\n")

    with pytest.raises(InvalidInput) as error:
        load(bench.project)

    assert {finding.origin.file for finding in error.value.findings} == {
        "manifests/schools/story/school.yaml",
        "manifests/schools/gone/school.yaml",
    }
    assert validate(bench.project).findings == error.value.findings


def test_a_selection_is_looked_up_without_case(bench: Bench) -> None:
    district = load(bench.project)

    chosen = choose(Selection(("Story",), ("story-pc1", "STORY-SRV"), ("SHARE",)), district)

    assert [host.name for host in chosen.hosts] == ["STORY-PC1", "STORY-SRV"]
    assert chosen.schools == ("story",)
    assert chosen.kinds == frozenset({"share"})


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("STORY-PC[1-2]",), ["STORY-PC1", "STORY-PC2"]),
        (("story-pc[1,2], STORY-SRV",), ["STORY-PC1", "STORY-PC2", "STORY-SRV"]),
        (("STORY-PC[2-90]",), ["STORY-PC2"]),
        (("server", "STORY-PC1"), ["STORY-PC1", "STORY-SRV"]),
        (("Workstation",), ["STORY-PC1", "STORY-PC2"]),
        (("workstation and not STORY-PC1",), ["STORY-PC2"]),
        (("role=workstation and host='STORY-PC[1,3]', server",), ["STORY-PC1", "STORY-SRV"]),
    ],
)
def test_hosts_are_chosen_as_manifests_and_plans_write_them(
    bench: Bench, words: tuple[str, ...], names: list[str]
) -> None:
    chosen = choose(Selection(("story",), words), load(bench.project))

    assert [host.name for host in chosen.hosts] == names


def test_what_a_plan_prints_can_be_chosen(bench: Bench) -> None:
    district = load(bench.project)
    printed = host_range(host.name for host in district.hosts() if host.school == "story")

    chosen = choose(Selection(hosts=(printed,)), district)

    assert chosen.schools == ("story",)
    assert len(chosen.hosts) == sum(host.school == "story" for host in district.hosts())


@pytest.mark.parametrize(
    ("selection", "said"),
    [
        (Selection(schools=("stori",)), "there is no school 'stori'; did you mean `story`"),
        (
            Selection(hosts=("STORY-PC9",)),
            "`STORY-PC9` matches no host of the district; did you mean `STORY-PC",
        ),
        (Selection(hosts=("servr",)), "`servr` matches no host of the district; did you mean `server`"),
        (Selection(hosts=("STORY-PC[8-9]",)), "matches no host of the district"),
        (Selection(hosts=("STORY-PC[9-",)), r"the `\[` here is never closed"),
        (Selection(hosts=("",)), "this names no host"),
        (Selection(hosts=("server and",)), "after `and` a word for some hosts is missing"),
        (Selection(hosts=("STORY-PC[2-1]",)), "runs from 2 down to 1"),
        (Selection(kinds=("shares",)), "there is no kind 'shares'; did you mean `share`"),
        (
            Selection(schools=("gone",), hosts=("STORY-PC1",)),
            "'STORY-PC1' is in none of the selected schools",
        ),
    ],
)
def test_unknown_names_are_errors_with_suggestions(bench: Bench, selection: Selection, said: str) -> None:
    with pytest.raises(UnknownSelection, match=said):
        choose(selection, load(bench.project))


def test_live_hosts_are_reached_as_the_district_says(bench: Bench) -> None:
    district = load(bench.project)
    host = choose(Selection(hosts=("STORY-SRV",)), district).hosts[0]

    target = live_targets(district, [host])["STORY-SRV"]

    assert (target.address, target.port, target.scheme, target.smb_port) == ("STORY-SRV", 5986, "https", 445)
    assert target.login.password == "env:NOBODY_HAS_THIS"  # noqa: S105 - a reference


def test_a_district_without_credentials_is_an_error(bench: Bench) -> None:
    (bench.project.manifests / "district.yaml").write_text("district: bench\nname: The bench\n")
    district = load(bench.project)

    with pytest.raises(InvalidInput, match="nobody says who logs on"):
        live_targets(district, district.hosts())


def test_a_rehearsal_that_does_not_run_is_an_error(bench: Bench) -> None:
    district = load(bench.project)

    with pytest.raises(RehearsalError, match="rollcall rehearse start"):
        connector_for(bench.project, district, district.hosts(), Target.REHEARSAL)


def test_the_faults_are_those_of_the_rehearsal() -> None:
    assert set(FAULTS) == {str(fault) for fault in Fault}


def test_an_unknown_fault_is_an_error_that_lists_them(bench: Bench) -> None:
    with pytest.raises(UnknownSelection, match=r"no fault 'bogus'; faults are refuse, .*offline"):
        set_fault(bench.project, "STORY-SRV", "bogus", on=True)


def test_a_rehearsal_of_another_version_is_an_error(bench: Bench) -> None:
    folder = bench.project.rehearsal
    folder.mkdir(parents=True, exist_ok=True)
    with socket.create_server(("127.0.0.1", 0)) as control:
        address = f"127.0.0.1:{control.getsockname()[1]}"
        endpoints = {"ca_file": "ca.pem", "control": address, "hosts": {}}
        (folder / "endpoints.json").write_text(json.dumps(endpoints))
        (folder / "fleet.json").write_text('{"administrator": {"user": "u", "password_file": "p"}}')
        (folder / CODE_FILE).write_text(code_digest() + "\n")
        assert current_endpoints(bench.project) == read_endpoints(bench.project)

        (folder / CODE_FILE).write_text("0" * 64 + "\n")
        with pytest.raises(RehearsalError, match="stop and start it"):
            current_endpoints(bench.project)
        assert rehearsal_status(bench.project).running


def test_the_state_folder_is_left_alone_by_git(tmp_path: Path) -> None:
    state = make_state(tmp_path / ".rollcall")

    assert (state / ".gitignore").read_text() == "*\n"
    assert make_state(state) == state


def test_a_file_of_an_image_comes_from_the_manifests_folder(bench: Bench) -> None:
    rehearsal = bench.project.manifests / REHEARSAL_FILE
    origin = place(bench.project.manifests, REHEARSAL_FILE)
    district = load(bench.project)

    def written() -> object:
        document, findings = load_rehearsal(bench.project.manifests)
        assert document is not None, findings
        folder = bench.project.rehearsal
        write_fleet(folder, document, origin, district.hosts(), district.sources.media)
        return json.loads((folder / "fleet.json").read_text())["images"]["server"]["files"]

    here = bench.project.manifests / "media/classic-5.msi"
    assert written() == [{"path": r"D:\Depot\classic-5.msi", "source": str(here)}]
    rehearsal.write_text(rehearsal.read_text().replace("media/classic-5.msi", "../outside"))
    with pytest.raises(InvalidInput, match=r"manifests/rehearsal\.yaml:1:1: .*leads out of the folder"):
        written()


def test_the_rehearsals_password_is_random_and_private(bench: Bench) -> None:
    district = load(bench.project)
    document, findings = load_rehearsal(bench.project.manifests)
    assert document is not None, findings
    folder = bench.project.rehearsal
    origin = place(bench.project.manifests, REHEARSAL_FILE)

    write_fleet(folder, document, origin, district.hosts(), district.sources.media)
    first = (folder / "administrator.password").read_text()
    write_fleet(folder, document, origin, district.hosts(), district.sources.media)

    assert (folder / "administrator.password").read_text() == first
    assert len(first) > 20
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    with pytest.raises(RehearsalError):
        read_endpoints(bench.project)


def test_the_revision_is_the_commit_while_the_files_are_as_committed(bench: Bench) -> None:
    git = shutil.which("git")
    if git is None:
        pytest.skip("there is no git")
    loose = revision_of(bench.project)

    def run(*arguments: str) -> str:
        identity = ("-c", "user.name=Test", "-c", "user.email=test@bcps.example")
        done = subprocess.run(
            [git, "-C", str(bench.folder), *identity, *arguments], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    run("init", "-q")
    run("add", ".")
    run("commit", "-q", "-m", "All")
    committed = revision_of(bench.project)
    bench.declare("story", "\n# a remark\n")

    assert committed == run("rev-parse", "HEAD")
    assert loose.startswith("files-")
    assert revision_of(bench.project).startswith("files-")
    assert revision_of(bench.project) != loose


def test_a_state_folder_that_came_with_the_repository_is_not_trusted(tmp_path: Path) -> None:
    folder = tmp_path / ".rollcall"
    folder.mkdir(mode=0o755)
    (folder / ".gitignore").symlink_to(tmp_path / "outside")

    assert make_state(folder) == folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not (tmp_path / "outside").exists()

    theirs = tmp_path / "theirs"
    theirs.mkdir(mode=0o755)
    (tmp_path / "link").symlink_to(theirs)
    with pytest.raises(OSError, match="is a link"):
        make_state(tmp_path / "link")
    assert list(theirs.iterdir()) == []
    assert stat.S_IMODE(theirs.stat().st_mode) == 0o755


def test_no_rehearsal_starts_in_a_folder_that_is_a_link(bench: Bench) -> None:
    bench.declare("story", "")
    theirs = bench.folder / "theirs"
    theirs.mkdir()
    bench.project.state.symlink_to(theirs)
    with pytest.raises(RehearsalError, match="is a link"):
        start_rehearsal(bench.project)
    assert list(theirs.iterdir()) == []
