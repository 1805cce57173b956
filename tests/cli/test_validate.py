"""`rollcall validate`: the manifests, and with --files what they name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.cli.main import run
from tests.support.small_district import write_district


def test_the_catalog_s_files_are_read_when_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifests = write_district(tmp_path)
    validate = ("--manifests", str(manifests), "validate")
    assert (run(validate), run((*validate, "--files"))) == (0, 0)

    (manifests / "media/tool-2.msi").write_bytes(b"something else")
    capsys.readouterr()

    assert run(validate) == 0
    assert run((*validate, "--files", "--format", "json")) == 3
    told = json.loads(capsys.readouterr().out.split("found.", 1)[1])
    assert {finding["rule"] for finding in told["findings"]} == {"wrong-file"}
