"""Whatever mistake moves a secret, no form of findings repeats it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.app.excerpts import with_lines
from engine.app.project import Project
from engine.app.validating import validate
from engine.cli.main import run
from engine.report.findings import Looked
from engine.report.findings_github import findings_github
from engine.report.findings_json import findings_json
from engine.report.findings_sarif import findings_sarif
from engine.report.findings_text import findings_text
from tests.support.small_district import FILES, write_district

UNDER_CREDENTIALS = (
    "password hunter2",
    "password: env:A #hunter2",
    "password: {{ hunter2 }}",
    "pasword: hunter2",
    "kennwort: hunter2",
    "kenwort: hunter2",
    "pw: hunter2",
    "colour: hunter2",
    "hunter2: password",
    "hunter2",
    "- hunter2",
    "'hunter2",
    "password: '{{ vars.hunter2 }}'",
    "password: C:\\hunter2",
    "password: ~hunter2\n    colour: hunter2",
    "password: >\n      hunter2\n    colour: red",
    "password: !hunter2 x",
    "password: *hunter2",
    "password: &hunter2 env:A\n    colour: *hunter2",
    "password: @hunter2",
    'password: "\\hunter2"',
    "password: h\u00fcnter2 hunter2\u200b",
    "password: [env:A, hunter2",
    "password: {env: hunter2",
    "password: env:A\n    password: hunter2",
    "password: env:A\n     user: hunter2",
    "\tpassword: hunter2",
    "passphrase: |\n  hunter2",
)
IN_CONNECTION = (
    "credentials: {user: x, password: env:hunter2{}",
    "credentials: [x, hunter2]",
    "credentials: 'svc hunter2'",
    "credentials: svc hunter2",
    "credential: {user: x, pw: hunter2}",
    "credentails: {user: x, colour: hunter2}",
    "creds:\n    colour: hunter2",
    "credentials {user: x, colour: hunter2}",
    "credentials\n    user: x\n    colour: hunter2",
    "credentials: {user: x,\n  colour: hunter2,\n  password: env:A}",
    "credentials:\n  user: x\n  password: hunter2",
    "credentials:\n  password hunter2",
    "scheme: [password hunter2]",
    "scheme: 'password=hunter2'",
    "auth: >\n    password\n    hunter2",
    "port: 1 # the password is hunter2\n  colour: red",
    "scheme: https://me:hunter2@x.example",
)
ELSEWHERE = (
    "services: [{name: X, start: hunter2, password: hunter2}]",
    "services: [{name: X, logon_password: hunter2, hosts: all}]",
    "vars: {password: {hunter2: 1}}",
    "vars: [password, hunter2]",
    "registry_values:\n  - colour: hunter2\n    name: DefaultPassword\n    hosts: all",
    "Password hunter2",
    "password: hunter2",
    "adminPasword: hunter2",
    "api key: hunter2",
)


def cases() -> Iterator[str]:
    for line in UNDER_CREDENTIALS:
        yield f"connection:\n  credentials:\n    user: T\\svc\n    {line}\n"
    for line in IN_CONNECTION:
        yield f"connection:\n  {line}\n"
    for line in ELSEWHERE:
        yield f"{line}\n"


@pytest.mark.parametrize("written", list(cases()))
def test_a_secret_is_in_no_form_of_the_findings(tmp_path: Path, written: str) -> None:
    project = Project(write_district(tmp_path, {"district.yaml": FILES["district.yaml"] + written}))
    found = validate(project)
    assert found.findings
    shown = with_lines(found.findings, project.folder, "")
    looked = Looked(found.schools, found.hosts, found.resources)
    texts = (
        "".join(map(str, findings_text(shown))),
        repr(found.findings),
        findings_json(shown, looked),
        findings_github(shown),
        findings_sarif(shown, "1.0"),
    )
    assert [text for text in texts if "hunter2" in text] == []


@pytest.mark.parametrize(
    "command", [["validate"], ["validate", "-f", "json"], ["plan"], ["fmt", "--check"], ["explain", "A-SRV"]]
)
@pytest.mark.parametrize("line", ["password hunter2", "pasword: hunter2", "colour: hunter2"])
def test_no_command_prints_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    command: list[str],
    line: str,
) -> None:
    written = f"connection:\n  credentials:\n    user: T\\svc\n    {line}\n"
    write_district(tmp_path, {"district.yaml": FILES["district.yaml"] + written})
    monkeypatch.chdir(tmp_path)
    assert run(command) != 0
    told = capfd.readouterr()
    assert "hunter2" not in told.out + told.err


def test_bytes_that_are_no_text_are_not_shown_with_their_line(tmp_path: Path) -> None:
    project = Project(write_district(tmp_path))
    district = project.manifests / "district.yaml"
    district.write_bytes(district.read_bytes() + b"connection: {credentials: {password: hunter2\xfc}}\n")
    shown = with_lines(validate(project).findings, project.folder, "")
    assert [each.source for each in shown] == [None]
    assert "0xFC" not in repr(shown)


def test_the_near_miss_of_a_field_is_told_all_the_same(tmp_path: Path) -> None:
    written = "connection: {credentials: {user: x, pasword: hunter2}}\n"
    project = Project(write_district(tmp_path, {"district.yaml": FILES["district.yaml"] + written}))
    assert "did you mean `password`?" in [each.suggestion for each in validate(project).findings]
