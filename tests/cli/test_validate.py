"""`rollcall validate`: the manifests, and with --files what they name."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from engine.cli.main import run
from tests.support.small_district import write_district

SPOILED = {
    "schools/alpha/resources.yaml": "shares:\n  - {name: Staff, pth: 'D:\\Staff', hosts: server}\n",
    "schools/beta/school.yaml": "school: beta\nname: Beta\ngroups: [high]\nhosts: {server: {nam: B-SRV}}\n",
}
UNKNOWN = "manifests/schools/alpha/resources.yaml:2:19: the share `Staff` has no field `pth`"


def _validate(folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = run(("--manifests", str(folder), "validate", *arguments))
    captured = capsys.readouterr()
    assert captured.err == ""
    return code, captured.out


def test_the_catalog_s_files_are_read_when_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifests = write_district(tmp_path)
    assert _validate(manifests, capsys) == (0, "1 school, 7 hosts, 13 resources: no mistakes found.\n")
    assert _validate(manifests, capsys, "--files")[0] == 0

    (manifests / "media/tool-2.msi").write_bytes(b"something else")

    assert _validate(manifests, capsys)[0] == 0
    code, out = _validate(manifests, capsys, "--files", "--format", "json")
    assert code == 3
    assert {finding["rule"] for finding in json.loads(out)["findings"]} == {"wrong-file"}


def test_mistakes_are_drawn_with_their_lines_and_files_as_seen_from_here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    manifests = write_district(tmp_path, SPOILED)
    monkeypatch.chdir(manifests / "schools")
    code, out = _validate(manifests, capsys)
    lines = out.splitlines()
    assert code == 3
    at = next(number for number, line in enumerate(lines) if line.startswith("../../" + UNKNOWN))
    assert lines[at + 1 : at + 3] == [
        "      - {name: Staff, pth: 'D:\\Staff', hosts: server}",
        " " * 22 + "^",
    ]
    assert lines[-1].endswith("mistakes in 2 files.")


def test_one_school_is_checked_with_what_it_shares(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifests = write_district(tmp_path, SPOILED | {"profiles/bad.yaml": "profile: bad\nshare: []\n"})
    code, out = _validate(manifests, capsys, "--school", "ALPHA", "--format", "json")
    files = {finding["file"] for finding in json.loads(out)["findings"]}
    assert code == 3
    assert files == {"manifests/schools/alpha/resources.yaml", "manifests/profiles/bad.yaml"}


def test_a_school_that_does_not_exist_is_suggested(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(("--manifests", str(write_district(tmp_path)), "validate", "--school", "alhpa")) == 3
    assert "did you mean `alpha`" in capsys.readouterr().err


def test_forges_get_paths_from_the_top_of_the_repository(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)  # noqa: S607
    manifests = write_district(tmp_path / "fleet", SPOILED)
    _, out = _validate(manifests, capsys, "--format", "github")
    assert f"::error file=fleet/{UNKNOWN.split(':')[0]},line=2,col=19,title=rollcall unknown-field::" in out
    _, out = _validate(manifests, capsys, "--format", "sarif")
    places = [result["locations"][0]["physicalLocation"] for result in json.loads(out)["runs"][0]["results"]]
    assert {place["artifactLocation"]["uri"].split("/")[0] for place in places} == {"fleet"}


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif"])
def test_no_secret_that_was_written_out_is_repeated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    district = (
        "district: test\nname: Test\ndomain: TEST\ngroups: {high: {name: High}}\n"
        "connection: {credentials: {user: 'TEST\\x', password: hunter2, colour: red}}\n"
    )
    code, out = _validate(write_district(tmp_path, {"district.yaml": district}), capsys, "--format", form)
    assert code == 3
    assert "secret-in-manifest" in out
    assert "unknown-field" in out
    assert "hunter2" not in out


def test_without_mistakes_there_is_nothing_for_a_forge_to_show(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifests = write_district(tmp_path)
    assert _validate(manifests, capsys, "--format", "github") == (0, "")
    assert json.loads(_validate(manifests, capsys, "--format", "sarif")[1])["runs"][0]["results"] == []
