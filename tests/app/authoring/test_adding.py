"""Adding packages to the catalog: new products, further versions, other files for a version."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.app.authoring.adding import Addition, Wishes, add_package
from engine.app.errors import InvalidInput, NotWritten, WouldReplace
from engine.app.formatting import format_manifests
from engine.app.project import Project
from tests.support.packages import PRODUCT_CODE, UPGRADE_CODE, package, signature
from tests.support.small_district import problems, write_district

ENTRY = """\
# The tool that everybody asks for.
software: demo-tool
title: Demo Tool  # without its version
publisher: Example Inc.
versions:
  # The first one.
  - version: 1.0
    installer:
      type: msi
      source: media/demo-1.0.msi
      sha256: 1111111111111111111111111111111111111111111111111111111111111111  # from its maker's page
      arguments: [LICENSE=school]
      timeout_minutes: 60
    detection:
      upgrade_code: '{AAAAAAAA-2222-3333-4444-555555555555}'
  # - version: 0.9
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(write_district(tmp_path))


def _add(project: Project, data: bytes, wishes: Wishes | None = None, name: str = "demo.msi") -> Addition:
    file = project.manifests.parent / "Downloads" / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(data)
    return add_package(project, file, wishes or Wishes())


def _files(project: Project) -> Mapping[str, bytes]:
    return {
        path.relative_to(project.manifests).as_posix(): path.read_bytes()
        for path in project.manifests.rglob("*")
        if path.is_file()
    }


def test_a_new_product_is_requested_and_the_district_stays_right(project: Project) -> None:
    data = package(streams={"\x05DigitalSignature": signature("Example Inc.")})
    done = _add(project, data)
    assert (done.outcome, done.file, done.copied) == (
        "created",
        "manifests/catalog/software/demo-tool.yaml",
        True,
    )
    assert (project.manifests / "media/demo.msi").read_bytes() == data
    text = (project.manifests / "catalog/software/demo-tool.yaml").read_text()
    assert "  status: requested\n" in text
    for line in (
        "title: Demo Tool",
        "publisher: Example Inc.",
        "  - version: 1.2.3",
        "      source: media/demo.msi",
        f"      size: {len(data)}",
        f"      sha256: {hashlib.sha256(data).hexdigest()}",
        "      signer: Example Inc.",
        f"      upgrade_code: '{UPGRADE_CODE}'",
    ):
        assert f"{line}\n" in text
    assert problems(project.manifests) == []
    assert (
        format_manifests(
            project, [project.manifests / "catalog/software/demo-tool.yaml"], write=False
        ).changed
        == ()
    )


def test_a_dry_run_shows_what_would_be_written_and_writes_nothing(project: Project) -> None:
    before = _files(project)
    done = _add(project, package(), Wishes(dry_run=True))
    assert "+software: demo-tool\n" in done.diff
    assert _files(project) == before


def test_a_file_below_the_manifests_stays_where_it_is(project: Project) -> None:
    file = project.manifests / "media" / "deep" / "demo.msi"
    file.parent.mkdir()
    file.write_bytes(package())
    done = add_package(project, file, Wishes())
    assert (done.source, done.copied) == ("media/deep/demo.msi", False)


def test_a_further_version_keeps_comments_and_order_and_takes_over_the_arguments(project: Project) -> None:
    file = project.manifests / "catalog/software/demo-tool.yaml"
    file.write_text(ENTRY)
    data = package()
    done = _add(project, data)
    assert done.outcome == "extended"
    assert file.read_text() == ENTRY + (
        "  - version: 1.2.3\n    installer:\n      type: msi\n      source: media/demo.msi\n"
        f"      size: {len(data)}\n      sha256: {hashlib.sha256(data).hexdigest()}\n"
        "      arguments: [LICENSE=school]\n      timeout_minutes: 60\n"
        f"    detection:\n      upgrade_code: '{UPGRADE_CODE}'\n"
    )


def test_an_entry_in_brackets_becomes_lines_and_line_endings_stay(project: Project) -> None:
    file = project.manifests / "catalog/software/demo-tool.yaml"
    entry = (
        "software: demo-tool\ntitle: Demo Tool\npublisher: Example\n"
        f"versions: [{{version: 1.0, installer: {{type: msi, source: a.msi, sha256: {'1' * 64}}},"
        f" detection: {{product_code: '{PRODUCT_CODE}'}}}}] # all\n"
    )
    file.write_bytes(entry.replace("\n", "\r\n").encode())
    assert _add(project, package()).outcome == "extended"
    text = file.read_bytes().decode()
    assert text.count("\r\n") == text.count("\n")
    assert (
        "versions:  # all\r\n  - version: 1.0\r\n    installer: {type: msi, source: a.msi, sha256: 111"
        in text
    )
    assert f"    detection:\r\n      product_code: '{PRODUCT_CODE}'\r\n" in text


def test_an_alias_in_the_place_of_the_versions_is_left_to_people(project: Project) -> None:
    file = project.manifests / "catalog/software/demo-tool.yaml"
    version = f"{{version: 1.0, installer: {{type: msi, source: a.msi, sha256: {'1' * 64}}}"
    file.write_text(
        "software: demo-tool\ntitle: Demo Tool\npublisher: Example\n"
        f"versions:\n  - &one {version}, detection: {{product_code: '{PRODUCT_CODE}'}}}}\n  - *one\n"
    )
    before = _files(project)
    with pytest.raises(NotWritten, match="by hand"):
        _add(project, package({"ProductVersion": "1.0", "ProductCode": UPGRADE_CODE}), Wishes(replace=True))
    assert _files(project) == before


def test_a_catalog_that_is_a_link_out_of_the_manifests_is_not_written_to(
    project: Project, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    (project.manifests / "catalog").rename(outside)
    (project.manifests / "catalog").symlink_to(outside)
    with pytest.raises(NotWritten, match="by a link"):
        _add(project, package())
    assert not (outside / "software/demo-tool.yaml").exists()


def test_the_same_file_again_changes_nothing(project: Project) -> None:
    _add(project, package())
    before = _files(project)
    assert _add(project, package()).outcome == "unchanged"
    assert _files(project) == before


def test_another_file_for_a_version_is_refused_unless_it_is_asked_for(project: Project) -> None:
    (project.manifests / "catalog/software/demo-tool.yaml").write_text(ENTRY)
    before = _files(project)
    data = package({"ProductVersion": "1.0.0"})
    with pytest.raises(WouldReplace, match="--replace"):
        _add(project, data, name="demo-1.0.msi")
    assert _files(project) == before

    assert _add(project, data, Wishes(replace=True), name="demo-1.0.msi").outcome == "replaced"
    digest = hashlib.sha256(data).hexdigest()
    expected = ENTRY.replace("1" * 64, digest).replace(
        "      timeout_minutes: 60\n", f"      timeout_minutes: 60\n      size: {len(data)}\n"
    )
    assert (project.manifests / "catalog/software/demo-tool.yaml").read_text() == expected


def test_a_file_of_another_signer_does_not_take_a_version_s_place(project: Project) -> None:
    _add(project, package(streams={"\x05DigitalSignature": signature("Example Inc.")}))
    with pytest.raises(NotWritten, match="signed by 'Somebody'"):
        _add(project, package(streams={"\x05DigitalSignature": signature("Somebody")}), Wishes(replace=True))


def test_another_file_s_place_is_not_taken(project: Project) -> None:
    (project.manifests / "media/demo.msi").write_bytes(b"something else")
    before = _files(project)
    with pytest.raises(WouldReplace, match="another file"):
        _add(project, package())
    assert _files(project) == before


def test_what_is_for_one_account_needs_a_word(project: Project) -> None:
    data = package({"ALLUSERS": None})
    with pytest.raises(NotWritten, match="--all-users"):
        _add(project, data)
    _add(project, data, Wishes(all_users=True))
    text = (project.manifests / "catalog/software/demo-tool.yaml").read_text()
    assert "      scope: user\n      arguments: [ALLUSERS=1]\n" in text
    assert problems(project.manifests) == []


def test_without_an_upgrade_code_exactly_this_version_is_detected(project: Project) -> None:
    done = _add(project, package({"UpgradeCode": None}))
    text = (project.manifests / "catalog/software/demo-tool.yaml").read_text()
    assert f"      product_code: '{PRODUCT_CODE}'\n" in text
    assert any("no upgrade code" in note for note in done.notes)


def test_another_product_of_the_same_name_is_not_taken_for_a_version(project: Project) -> None:
    (project.manifests / "catalog/software/demo-tool.yaml").write_text(
        ENTRY.replace("AAAAAAAA", "BBBBBBBB").replace("title: Demo Tool", "title: The other one")
    )
    with pytest.raises(NotWritten, match="--id demo-tool"):
        _add(project, package())
    done = _add(project, package(), Wishes(identifier="demo-tool"))
    assert done.outcome == "extended"
    assert any("does not replace them" in note for note in done.notes)


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        (Wishes(identifier="Demo Tool"), "small letters"),
        (Wishes(folder="../elsewhere"), "leads out"),
        (Wishes(folder="/elsewhere"), "starts at a root"),
    ],
)
def test_places_and_names_are_checked_before_anything_is_written(
    project: Project, wishes: Wishes, words: str
) -> None:
    before = _files(project)
    with pytest.raises(NotWritten, match=words):
        _add(project, package(), wishes)
    assert _files(project) == before


def test_an_entry_with_mistakes_is_left_alone(project: Project) -> None:
    file = project.manifests / "catalog/software/demo-tool.yaml"
    file.write_text(ENTRY + "nonsense: 1\n")
    before = _files(project)
    with pytest.raises(NotWritten, match="has mistakes"):
        _add(project, package())
    assert _files(project) == before


def test_a_name_that_no_manifest_can_hold_is_refused(project: Project) -> None:
    with pytest.raises((NotWritten, InvalidInput)):
        _add(project, package(), name="demo.msi ")


@pytest.mark.parametrize(
    ("name", "words"), [("setup.exe", "rollcall new software"), ("notes.txt", "no Windows")]
)
def test_other_files_are_told_apart(project: Project, name: str, words: str) -> None:
    with pytest.raises(NotWritten, match=words):
        _add(project, b"MZ or anything", name=name)


def test_a_file_that_is_not_there_is_told(project: Project) -> None:
    with pytest.raises(NotWritten, match="cannot be read"):
        add_package(project, project.manifests / "nowhere.msi", Wishes())
