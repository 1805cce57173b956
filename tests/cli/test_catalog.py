"""`rollcall catalog`"""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Invoke
from tests.support.packages import package


def test_a_package_is_added_and_told_about(district: Path, invoke: Invoke) -> None:
    (district / "demo.msi").write_bytes(package())
    done = invoke("catalog", "add", "demo.msi", "--dry-run")
    assert done.code == 0
    assert "+software: demo-tool\n" in done.out
    assert "Would make manifests/catalog/software/demo-tool.yaml." in done.err
    assert not (district / "manifests/catalog").exists()

    done = invoke("catalog", "add", "demo.msi")
    assert (done.code, done.out) == (0, "")
    assert "Demo Tool 1.2.3 (x64), version 1.2.3" in done.err
    assert "nothing to do" in invoke("catalog", "add", "demo.msi").err


def test_another_file_for_a_version_has_the_code_of_what_is_refused(district: Path, invoke: Invoke) -> None:
    (district / "demo.msi").write_bytes(package())
    invoke("catalog", "add", "demo.msi")
    (district / "other.msi").write_bytes(package({"Manufacturer": "Somebody"}))
    done = invoke("catalog", "add", "other.msi", "--id", "demo-tool")
    assert done.code == 5
    assert "--replace" in done.err


def test_what_is_no_package_is_wrong_input(district: Path, invoke: Invoke) -> None:
    (district / "demo.msi").write_bytes(b"text")
    done = invoke("catalog", "add", "demo.msi")
    assert done.code == 3
    assert len(done.err.splitlines()) == 1


def test_names_from_a_package_cannot_act_on_a_terminal(district: Path, invoke: Invoke) -> None:
    (district / "demo.msi").write_bytes(
        package({"ProductName": "Demo\x1b[2J Tool", "Manufacturer": "\x1b[1mX"})
    )
    done = invoke("catalog", "add", "demo.msi")
    assert "\x1b" not in done.err
