"""Which lines of manifests are shown with findings, and which never are."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.app.excerpts import relative_prefix, with_lines
from engine.app.project import Project
from engine.app.validating import validate
from engine.model.origin import Finding, Origin
from engine.report.findings import Looked
from engine.report.findings_github import findings_github
from engine.report.findings_json import findings_json
from engine.report.findings_sarif import findings_sarif
from engine.report.findings_text import findings_text
from tests.support.small_district import FILES, write_district

FILE = "manifests/x.yaml"


def _line(folder: Path, text: str, at: int = 1, rule: str = "unknown-field") -> str | None:
    (folder / "manifests").mkdir(exist_ok=True)
    (folder / FILE).write_bytes(text.encode(errors="surrogateescape"))
    (shown,) = with_lines([Finding(Origin(FILE, at, 1), rule, "wrong")], folder, "")
    return shown.source


def test_the_line_is_the_one_that_people_see(tmp_path: Path) -> None:
    assert _line(tmp_path, "\ufeffa: 1\r\nb: 2\rc: 3\n", 1) == "a: 1"
    assert _line(tmp_path, "\ufeffa: 1\r\nb: 2\rc: 3\n", 3) == "c: 3"
    assert _line(tmp_path, "a: 1\nb: \udcff\udcfe\n", 2) == "b: \ufffd\ufffd"
    assert _line(tmp_path, "\udcff\udcfea\0:\0 \x001\0") is None  # UTF-16


def test_what_is_gone_or_about_a_whole_file_has_no_line(tmp_path: Path) -> None:
    assert _line(tmp_path, "a: 1\n", 7) is None
    assert _line(tmp_path, "a: 1\n", rule="stray-file") is None
    (shown,) = with_lines([Finding(Origin("gone.yaml", 1, 1), "unknown-field", "wrong")], tmp_path, "p/")
    assert (shown.source, shown.file) == (None, "p/gone.yaml")


def test_no_file_outside_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("root:x\n")
    inside = tmp_path / "project"
    inside.mkdir()
    (inside / "link.yaml").symlink_to(tmp_path / "elsewhere")
    findings = [Finding(Origin(name, 1, 1), "unknown-field", "x") for name in ("link.yaml", "../elsewhere")]
    assert [shown.source for shown in with_lines(findings, inside, "")] == [None, None]


@pytest.mark.parametrize(
    "line",
    [
        "password: hunter2",
        "  - {user: x, Password : 'hunter2', colour: red}",
        "arguments: ['/qn', 'ADMIN_PASSWORD=hunter2']",
        "client_secret: hunter2",
        "'api-key': hunter2",
        "passwords: [hunter2]",
        "password: {hunter2: x}",
        "password:" + " " * 200 + "hunter2",
        "a: 1 # token=hunter2",
        "source: https://me:hunter2@x.example/tool.msi",
        "source: 'https://me:hun ter/2@x.example/tool.msi'",
        "- {type: msi, sorce: https://hunter2@x.example/tool.msi}",
        r"source: \\me:hunter2@fs01\media\tool.msi",
        "source: me:hunter2@x.example/tool.msi",
    ],
)
def test_a_line_with_a_secret_is_not_shown_whatever_the_finding_is(tmp_path: Path, line: str) -> None:
    assert _line(tmp_path, line) is None


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("password: |\n  hunter2\n", 2),
        ("password: >-\n    hunter2\n    more\n", 3),
        ("connection:\n  password:\n    hunter2\n", 3),
        ("password: # see below\n\n  hunter2\n", 3),
        ("passphrase: 'long\nhunter2'\n", 2),
        ("credentials: {\nuser: x,\nkey: hunter2}\n", 3),
        ("- data: hunter2\n  name: DefaultPassword\n", 1),
        ("- name: DefaultPassword\n  data: hunter2\n", 2),
    ],
)
def test_a_secret_on_lines_of_its_own_is_not_shown(tmp_path: Path, text: str, at: int) -> None:
    assert _line(tmp_path, text, at) is None


@pytest.mark.parametrize(
    "line",
    [
        "user: x",
        "scheme: https # the keyboard",
        "  name: Security",
        "source: https://x.example/tool.msi",
        r"source: \\fs01\media\tool.msi",
        "{requested_by: j.doe@bcps.example, homepage: https://x.example}",
    ],
)
def test_harmless_words_are_shown(tmp_path: Path, line: str) -> None:
    assert _line(tmp_path, line) == line


@pytest.mark.parametrize("source", ["https://me:hunter2@x.example/a.msi", r"\\me:hunter2@fs01\a\b.msi"])
def test_no_form_of_findings_shows_a_logon_in_a_source(tmp_path: Path, source: str) -> None:
    entry = FILES["catalog/software/tool.yaml"].replace("media/tool-1.msi", f"'{source}'")
    project = Project(write_district(tmp_path, {"catalog/software/tool.yaml": entry}))
    found = validate(project)
    assert [each.rule for each in found.findings if "`source`" in each.message] == ["secret-in-manifest"]
    shown = with_lines(found.findings, project.folder, "")
    looked = Looked(found.schools, found.hosts, found.resources)
    texts = (
        "".join(map(str, findings_text(shown))),
        findings_json(shown, looked),
        findings_github(shown),
        findings_sarif(shown, "1.0"),
    )
    for text in texts:
        assert "`source`" in text
        assert "hunter2" not in text


def test_a_line_with_a_finding_about_a_secret_is_shown_for_no_other_finding_either(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text("{pin: 1234, colour: red}\n")
    findings = [
        Finding(Origin("f.yaml", 1, 7), "secret-in-manifest", "x"),
        Finding(Origin("f.yaml", 1, 13), "unknown-field", "x"),
    ]
    assert [shown.source for shown in with_lines(findings, tmp_path, "")] == [None, None]


@pytest.mark.parametrize(
    "line",
    [
        "token:" * 100_000,
        "password" * 100_000,
        "a" * 900_000,
        "pwd" + " " * 900_000,
        "://" * 300_000,
        ":" * 900_000,
    ],
)
def test_no_line_takes_long(tmp_path: Path, line: str) -> None:
    """A search that goes back over the line for each character would not end within the time limit."""
    assert _line(tmp_path, line) in (line, None)


def test_files_are_named_as_seen_from_a_folder(tmp_path: Path) -> None:
    assert relative_prefix(tmp_path, tmp_path) == ""
    assert relative_prefix(tmp_path, tmp_path.parent) == f"{tmp_path.name}/"
    assert relative_prefix(tmp_path, tmp_path / "manifests/schools") == "../../"
