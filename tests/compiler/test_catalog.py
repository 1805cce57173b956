"""What the catalog adds to a host: what products require, what they replace, and how printers print."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.kinds.printer import PrinterSpec
from engine.kinds.software import SoftwareSpec
from engine.model.resource import Resource, SchoolIntent
from tests.support.small_district import DIGEST, FILES, intent, problems, resource, write_district

TOOL = FILES["catalog/software/tool.yaml"]
HOST = "A-LAB-01"


def product(name: str, extra: str = "", version: str = "1.0") -> str:
    return (
        f"software: {name}\ntitle: {name}\npublisher: Test\n{extra}versions:\n"
        f"  - version: {version}\n"
        f"    installer: {{type: msi, source: media/tool-1.msi, sha256: {DIGEST}}}\n"
        f"    detection: {{uninstall_entry: {{key: {name}}}}}\n"
    )


def school(folder: Path, tool: str = "", more: str = "", **products: str) -> SchoolIntent:
    """The school alpha with further products; `tool` is added to the product of its lab."""
    files = {f"catalog/software/{name}.yaml": product(name, text) for name, text in products.items()}
    files["catalog/software/tool.yaml"] = TOOL.replace("publisher: Test\n", f"publisher: Test\n{tool}")
    if more:
        files["schools/alpha/more.yaml"] = more
    return intent(write_district(folder, files))


def software(found: SchoolIntent) -> dict[str, Resource]:
    """The products of one host of the lab, in their order."""
    return {
        each.address.name: each
        for each in found.resources
        if each.address.host == HOST and each.address.kind == "software"
    }


def spec(found: Resource) -> SoftwareSpec:
    assert isinstance(found.spec, SoftwareSpec)
    return found.spec


def test_what_is_required_comes_along_and_first(tmp_path: Path) -> None:
    found = software(school(tmp_path, "requires: [runtime]\n", runtime="requires: [base]\n", base=""))

    assert list(found) == ["base", "runtime", "tool"]
    assert found["tool"].needs == (found["runtime"].address,)
    assert found["runtime"].needs == (found["base"].address,)
    assert {each.origin for each in found.values()} == {found["tool"].origin}
    assert [spec(found[name]).stays for name in found] == [True, True, False]


def test_the_newest_version_comes_along_unless_it_is_declared(tmp_path: Path) -> None:
    requiring = product("suite", "requires: [tool]\n")
    files = {"catalog/software/suite.yaml": requiring, "schools/alpha/more.yaml": "software:\n"}
    files["schools/alpha/more.yaml"] += "  - {name: suite, hosts: library}\n  - {name: suite, hosts: lab}\n"
    files["schools/alpha/resources.yaml"] = FILES["schools/alpha/resources.yaml"].replace(">=1.5", "2.9")
    found = intent(write_district(tmp_path, files))

    declared = spec(resource(found, "A-LAB-01/software/tool"))
    brought = spec(resource(found, "A-LIB-1/software/tool"))
    assert (declared.version, declared.stays) == ("2.9", False)
    assert brought.installer is not None
    assert (brought.version, brought.installer.version, brought.stays) == (">=0", "2.10", True)


def test_two_products_may_need_the_same(tmp_path: Path) -> None:
    more = "software:\n  - {name: other, hosts: lab}\n"
    found = software(
        school(tmp_path, "requires: [runtime]\n", more, runtime="", other="requires: [runtime]\n")
    )

    assert set(found) == {"runtime", "tool", "other"}
    assert found["tool"].needs == found["other"].needs == (found["runtime"].address,)


def test_what_is_replaced_comes_along_as_absent_and_goes_first(tmp_path: Path) -> None:
    found = software(school(tmp_path, "supersedes: [old]\nblocking_applications: [Tool]\n", old=""))

    assert list(found) == ["old", "tool"]
    assert (found["old"].absent, found["tool"].absent) == (True, False)
    assert found["tool"].needs == (found["old"].address,)
    assert spec(found["old"]).installer is None
    assert spec(found["old"]).blocking_applications == ("Tool",)  # it goes when the new one can come


def test_what_what_comes_along_replaces_goes_too(tmp_path: Path) -> None:
    found = software(school(tmp_path, "requires: [runtime]\n", runtime="supersedes: [old]\n", old=""))

    assert {name: each.absent for name, each in found.items()} == {
        "old": True,
        "runtime": False,
        "tool": False,
    }


def test_an_old_product_that_is_declared_absent_is_no_contradiction(tmp_path: Path) -> None:
    more = "software:\n  - {name: old, hosts: lab, state: absent}\n"
    found = software(school(tmp_path, "supersedes: [old]\n", more, old=""))

    assert found["old"].absent
    assert found["tool"].needs == (found["old"].address,)


def test_what_is_absent_brings_nothing_along_and_is_removed_before_what_it_needed(tmp_path: Path) -> None:
    more = "software:\n  - {name: tool, hosts: lab, state: absent}\n"
    more += "  - {name: runtime, hosts: lab, state: absent}\n"
    files = {
        "schools/alpha/resources.yaml": "shares: []\n",
        "schools/alpha/more.yaml": more,
        "catalog/software/runtime.yaml": product("runtime"),
        "catalog/software/old.yaml": product("old"),
        "catalog/software/tool.yaml": TOOL.replace(
            "publisher: Test\n", "publisher: Test\nrequires: [runtime]\nsupersedes: [old]\n"
        ),
    }
    found = software(intent(write_district(tmp_path, files)))

    assert list(found) == ["tool", "runtime"]
    assert found["runtime"].after == (found["tool"].address,)


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("requires: [runtime]", "needs software/runtime, which is to be forgotten"),
        ("supersedes: [runtime]", "takes the place of software/runtime, which is to be forgotten"),
    ],
)
def test_a_product_that_another_names_is_not_forgotten(tmp_path: Path, names: str, told: str) -> None:
    files = {
        "schools/alpha/more.yaml": "software:\n  - {name: runtime, hosts: lab, state: forget}\n",
        "catalog/software/runtime.yaml": product("runtime"),
        "catalog/software/tool.yaml": TOOL.replace("publisher: Test\n", f"publisher: Test\n{names}\n"),
    }
    (problem,) = problems(write_district(tmp_path, files))
    assert f"software/tool {told} as manifests/schools/alpha/more.yaml:2:5 says" in problem


@pytest.mark.parametrize(
    ("version", "chosen"), [("'2024 R1'", "2024 R1"), ("2024 R2", "2024 R2"), (None, "2025 R1")]
)
def test_versions_that_are_texts(tmp_path: Path, version: str | None, chosen: str) -> None:
    versions = "".join(
        product("maths", "comparison: text\n", text).partition("versions:\n")[2]
        for text in ("2024 R2", "2024 R1", "2025 R1")
    )
    head = product("maths", "comparison: text\n").partition("versions:\n")[0]
    said = "" if version is None else f", version: {version}"
    files = {
        "catalog/software/maths.yaml": f"{head}versions:\n{versions}",
        "schools/alpha/more.yaml": f"software:\n  - {{name: maths, hosts: lab{said}}}\n",
    }
    found = spec(software(intent(write_district(tmp_path, files)))["maths"])

    assert found.installer is not None
    assert found.installer.version == chosen


def test_a_short_version_is_found_where_fewer_parts_are_compared(tmp_path: Path) -> None:
    files = {
        "catalog/software/maths.yaml": product("maths", "compared_parts: 2\n", "6.0.848"),
        "schools/alpha/more.yaml": "software:\n  - {name: maths, hosts: lab, version: '6.0'}\n",
    }
    found = spec(software(intent(write_district(tmp_path, files)))["maths"])

    assert (found.version, found.compared_parts) == ("6.0", 2)


def test_a_list_of_codes_takes_its_codes_out_of_the_lists_that_are_not_given(tmp_path: Path) -> None:
    tool = TOOL.replace(
        "  - version: 2.10\n", "  - version: 2.10\n    exit_codes: {success: [0, 3010], retry: []}\n"
    )
    found = intent(write_district(tmp_path, {"catalog/software/tool.yaml": tool}))

    installer = spec(software(found)["tool"]).installer
    assert installer is not None
    codes = installer.exit_codes
    assert (codes.success, codes.reboot, codes.retry) == ((0, 3010), (1641,), ())


def test_a_user_s_installer_is_taken_when_it_is_told_to_be_for_everybody(tmp_path: Path) -> None:
    tool = TOOL.replace("media/tool-2.msi,", "media/tool-2.msi, scope: user, arguments: [allusers=1],")
    assert problems(write_district(tmp_path, {"catalog/software/tool.yaml": tool})) == []


MODEL = "printer: laser\ntitle: Laser\ndriver: Generic Driver\noptions: {duplex: long_edge, colour: false}\n"


def test_a_printer_prints_as_its_model_says_unless_it_says_otherwise(tmp_path: Path) -> None:
    more = (
        "printers:\n"
        "  - {name: L1, hosts: server, model: laser, address: 10.0.0.9}\n"
        "  - {name: L2, hosts: server, model: laser, address: 10.0.0.9, colour: true, paper: A4}\n"
    )
    files = {"catalog/printers/laser.yaml": MODEL, "schools/alpha/more.yaml": more}
    found = intent(write_district(tmp_path, files))

    options = {}
    for name in ("L1", "L2"):
        queue = resource(found, f"A-SRV/printer/{name}").spec
        assert isinstance(queue, PrinterSpec)
        options[name] = (queue.duplex, queue.colour, queue.paper)
    assert options == {"L1": ("long_edge", False, None), "L2": ("long_edge", True, "A4")}


def test_every_way_to_recognise_a_version_is_known_to_the_host_s_spec(tmp_path: Path) -> None:
    def version(number: str, code: int) -> str:
        return (
            f"  - version: {number}\n"
            f"    installer: {{type: msi, source: media/tool-1.msi, sha256: {DIGEST}}}\n"
            f"    detection: {{product_code: '{{00000000-0000-0000-0000-{code:012}}}'}}\n"
        )

    versions = version("1.0", 1) + version("3.0", 3) + version("2.0", 2) + version("2.1", 2)
    head = product("maths").partition("  - version")[0]
    files = {
        "catalog/software/maths.yaml": head + versions,
        "schools/alpha/more.yaml": "software:\n  - {name: maths, version: '>=1.0', hosts: lab}\n",
    }
    found = spec(software(intent(write_district(tmp_path, files)))["maths"])

    assert found.installer is not None
    assert found.installer.version == "3.0"
    assert [each.version for each in found.other_versions] == ["2.1", "1.0"]
