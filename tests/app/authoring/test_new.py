"""New schools, programs and printer models: right as written, or refused with what is missing."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from engine.app.authoring.offering import NewPrinter, NewProgram, new_printer, new_program
from engine.app.authoring.schools import NewSchool, new_school
from engine.app.errors import InvalidInput, NotWritten, WouldReplace
from engine.app.formatting import format_manifests
from engine.app.project import Project
from tests.support.small_district import problems, write_district


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(write_district(tmp_path))


def _is_right(project: Project, file: str) -> bool:
    path = project.manifests.parent / file
    return problems(project.manifests) == [] and format_manifests(project, [path], write=False).changed == ()


def test_a_school_is_right_as_it_comes(project: Project) -> None:
    started = new_school(
        project,
        NewSchool(
            "Beta High: East",
            groups=("high",),
            grades=("9", "K"),
            hosts=(("lab-2", "BHE-L2-[01-04]"), ("library", "BHE-LIB-1"), ("desk", "BHE-DESK-1")),
        ),
    )
    assert (started.file, started.findings) == ("manifests/schools/beta-high-east/school.yaml", ())
    text = (project.manifests / "schools/beta-high-east/school.yaml").read_text()
    assert "name: 'Beta High: East'\ngroups: [high]\ngrades: [9, K]\n" in text
    assert "  lab-2:\n    range: 'BHE-L2-[01-04]'\n    roles: [workstation, lab]\n" in text
    assert "  server:\n    name: BHE-SRV01\n    roles: [server]\n" in text
    assert _is_right(project, started.file)


def test_what_a_new_school_still_lacks_is_told(project: Project) -> None:
    district = project.manifests / "district.yaml"
    district.write_text(
        district.read_text() + "services:\n  - {name: '{{ vars.spooler }}', start: manual, hosts: all}\n"
    )
    (project.manifests / "schools/alpha/school.yaml").write_text(
        (project.manifests / "schools/alpha/school.yaml").read_text() + "vars: {spooler: Spooler}\n"
    )
    started = new_school(project, NewSchool("Beta High"))
    assert [(finding.origin.file, finding.rule) for finding in started.findings] == [
        ("manifests/district.yaml", "template")
    ]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (NewSchool("教育"), "give one with --id"),
        (NewSchool("Beta", groups=("hihg",)), "did you mean `high`"),
        (NewSchool("Beta", hosts=(("server", "A-SRV"),)), "alpha has a host A-SRV"),
        (NewSchool("Beta", hosts=(("lab", "a-lab-[03-09]"),)), "alpha has a host a-lab-03"),
        (NewSchool("Beta", hosts=(("lab", "B-1"), ("lab", "B-2"))), "twice"),
        (NewSchool("Beta", hosts=(("Lab 1", "B-1"),)), "small letters"),
    ],
)
def test_a_school_that_would_be_wrong_is_not_written(project: Project, wanted: NewSchool, words: str) -> None:
    with pytest.raises(NotWritten, match=words):
        new_school(project, wanted)
    assert not (project.manifests / "schools/beta").exists()


@pytest.mark.parametrize("hosts", ["not a name", "A-[", "B-[09-01]", "x" * 16])
def test_a_host_s_name_that_windows_refuses_is_a_finding(project: Project, hosts: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        new_school(project, NewSchool("Beta", hosts=(("lab", hosts),)))
    assert caught.value.findings
    assert not (project.manifests / "schools/beta").exists()


def test_a_school_that_is_there_is_not_touched(project: Project) -> None:
    before = (project.manifests / "schools/alpha/school.yaml").read_bytes()
    with pytest.raises(WouldReplace):
        new_school(project, NewSchool("Alpha"))
    assert (project.manifests / "schools/alpha/school.yaml").read_bytes() == before


def test_near_and_equal_names_are_told(project: Project) -> None:
    new_school(project, NewSchool("Dundalk High School", identifier="dundalk-high"))
    started = new_school(
        project, NewSchool("dundalk high school", identifier="dundalk-hihg", prefix="DH2", groups=())
    )
    assert started.notes == (
        "there is a school dundalk-high too; is it another one?",
        "dundalk-high has the same name",
    )


def _program(
    project: Project,
    *,
    key: str | None = None,
    display_name: str | None = None,
    file_version: str | None = None,
    uninstaller: str | None = None,
) -> NewProgram:
    file = project.manifests.parent / "player-setup.exe"
    file.write_bytes(b"MZ")
    return NewProgram(
        "player",
        file,
        "3.0",
        arguments=("/S", "/D=C:\\x"),
        key=key,
        display_name=display_name,
        file_version=file_version,
        uninstaller=uninstaller,
    )


def test_a_program_is_right_as_it_comes(project: Project) -> None:
    started = new_program(project, _program(project, key="Player is 1", uninstaller=r"C:\Player\un.exe"))
    text = (project.manifests / "catalog/software/player.yaml").read_text()
    assert "      arguments: [/S, '/D=C:\\x']\n" in text
    assert "        key: Player is 1\n" in text
    assert (project.manifests / "media/player-setup.exe").read_bytes() == b"MZ"
    assert started.notes == ("title and publisher are made of the short name: read the file, and correct it",)
    assert _is_right(project, started.file)


def test_each_way_to_recognise_a_program_is_possible(project: Project) -> None:
    new_program(project, _program(project, file_version=r"C:\Player\player.exe"))
    text = (project.manifests / "catalog/software/player.yaml").read_text()
    assert "    detection:\n      file_version: C:\\Player\\player.exe\n" in text
    with pytest.raises(NotWritten, match="--uninstall-key"):
        new_program(project, _program(project))
    with pytest.raises(NotWritten, match="only one of --uninstall-key and --display-name"):
        new_program(project, _program(project, key="a", display_name="b"))


def test_what_was_not_said_is_told(project: Project) -> None:
    wanted = replace(_program(project, key="a"), arguments=(), title="Player", publisher="Test")
    started = new_program(project, wanted)
    silent, removal = started.notes
    assert "--argument" in silent
    assert "--uninstaller" in removal
    assert "      arguments: []\n" in (project.manifests / "catalog/software/player.yaml").read_text()
    assert _is_right(project, started.file)


@pytest.mark.parametrize(("name", "data"), [("README.md", b"MZ"), ("setup.exe", b"<html>")])
def test_a_file_that_is_no_program_is_refused(project: Project, name: str, data: bytes) -> None:
    file = project.manifests.parent / name
    file.write_bytes(data)
    with pytest.raises(NotWritten, match="is no program"):
        new_program(project, replace(_program(project, key="a"), file=file))


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ({"file_version": r"VideoLAN\vlc.exe"}, "`file_version` of player is not valid"),
        ({"key": "a", "version": "v3.0"}, "write `3.0`"),
    ],
)
def test_an_entry_that_validate_would_refuse_is_not_written(
    project: Project, wanted: dict[str, str], words: str
) -> None:
    base = _program(project, key=wanted.get("key"), file_version=wanted.get("file_version"))
    with pytest.raises(InvalidInput) as caught:
        new_program(project, replace(base, version=wanted.get("version", "3.0")))
    assert any(words in str(finding) for finding in caught.value.findings)
    assert not (project.manifests / "catalog/software/player.yaml").exists()
    assert not (project.manifests / "media/player-setup.exe").exists()


def test_a_package_belongs_to_another_command(project: Project) -> None:
    with pytest.raises(NotWritten, match="rollcall catalog add"):
        new_program(project, NewProgram("tool", Path("tool.msi"), "1"))


def test_a_product_that_is_there_is_not_touched(project: Project) -> None:
    with pytest.raises(WouldReplace):
        new_program(project, NewProgram("tool", _program(project).file, "1", key="x"))
    assert not (project.manifests / "media/player-setup.exe").exists()


def test_a_printer_model_is_right_as_it_comes(project: Project) -> None:
    started = new_printer(project, NewPrinter("hp-m611", "HP: M611"))
    assert (project.manifests / "catalog/printers/hp-m611.yaml").read_text() == (
        "printer: hp-m611\ntitle: 'HP: M611'\ndriver: Microsoft PCL6 Class Driver\n"
    )
    assert any("ships with Windows" in note for note in started.notes)
    with pytest.raises(WouldReplace):
        new_printer(project, NewPrinter("hp-m611"))
    assert new_printer(project, NewPrinter("lasser", driver="X")).notes == (
        "the catalog has `laser` too (Laser); is it another one?",
    )


def test_a_driver_s_package_is_listed_with_its_digests(project: Project) -> None:
    folder = project.manifests / "media/upd"
    folder.mkdir()
    (folder / "upd.inf").write_bytes(b"inf")
    (folder / "Upd.cat").write_bytes(b"cat")
    with pytest.raises(NotWritten, match="--driver"):
        new_printer(project, NewPrinter("upd", inf=folder / "upd.inf"))
    with pytest.raises(NotWritten, match="there is no file"):
        new_printer(project, NewPrinter("upd", driver="Universal", inf=folder / "udp.inf"))
    started = new_printer(project, NewPrinter("upd", "UPD", "Universal", folder / "upd.inf"))
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in (("inf", b"inf"), ("cat", b"cat"))}
    assert (project.manifests / "catalog/printers/upd.yaml").read_text() == (
        "printer: upd\ntitle: UPD\ndriver: Universal\n"
        "package:\n  folder: media/upd\n  inf: upd.inf\n  files:\n"
        f"    Upd.cat: {digests['cat']}\n    upd.inf: {digests['inf']}\n"
    )
    assert _is_right(project, started.file)


@pytest.mark.parametrize(
    ("inf", "words"),
    [("../upd.inf", "not below"), ("media/upd.txt", "no INF"), ("media/deep/upd.inf", "folders")],
)
def test_other_packages_are_refused(project: Project, inf: str, words: str) -> None:
    (project.manifests / "media/deep/amd64").mkdir(parents=True)
    path = project.manifests / inf
    path.write_bytes(b"inf")
    with pytest.raises(NotWritten, match=words):
        new_printer(project, NewPrinter("upd", driver="X", inf=path))
    assert not (project.manifests / "catalog/printers/upd.yaml").exists()
