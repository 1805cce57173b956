"""`rollcall explain`: one resource from as little as tells it apart, or help in saying which."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.cli.main import run
from engine.model.explanation import Absence, Explanation, HostExplanation
from tests.support.small_district import FILES, write_district

BETA = {
    "schools/beta/school.yaml": (
        "school: beta\nname: Beta Middle\nhosts:\n"
        "  server: {name: B-SRV, roles: [server]}\n  lab: {range: 'B-LAB-[01-03]'}\n"
    ),
    "schools/beta/resources.yaml": (
        "shares:\n  - {name: Staff, path: 'D:\\Staff', hosts: server}\n"
        "software:\n  - {name: tool, hosts: lab}\n  - {name: tool, version: 1.0, hosts: B-LAB-02}\n"
    ),
}


@pytest.fixture
def manifests(tmp_path: Path) -> Path:
    return write_district(tmp_path, BETA)


Captured = pytest.CaptureFixture[str]


def explain(manifests: Path, capsys: Captured, *arguments: str) -> tuple[int, str, str]:
    code = run(("--manifests", str(manifests), "explain", *arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("alpha/A-SRV/share/Staff",),
        ("ALPHA/a-srv/Share/staff",),
        ("A-SRV/share/Staff",),
        ("share/Staff", "--school", "alpha"),
        ("Staff", "--host", "A-SRV"),
        ("Staff", "--school", "alpha", "--kind", "share"),
    ],
)
def test_every_form_of_a_name(manifests: Path, capsys: Captured, arguments: tuple[str, ...]) -> None:
    code, out, _ = explain(manifests, capsys, *arguments)
    assert code == 0
    assert out.startswith("the share `Staff` on A-SRV\nalpha/A-SRV/share/Staff  present\n")


def test_the_last_part_of_a_path_or_key_is_enough(manifests: Path, capsys: Captured) -> None:
    code, out, _ = explain(manifests, capsys, "Everywhere", "--host", "A-SRV")
    assert (code, out.split("\n")[0]) == (0, "the registry value `Everywhere` on A-SRV")


def test_hosts_that_are_alike_are_one_answer(manifests: Path, capsys: Captured) -> None:
    code, out, _ = explain(manifests, capsys, "software/tool", "--school", "alpha")
    assert code == 0
    assert "The same on A-LAB-[02-04]." in out


def test_a_name_of_several_lists_them(manifests: Path, capsys: Captured) -> None:
    code, out, err = explain(manifests, capsys, "tool")
    assert (code, out) == (3, "")
    assert [line.removeprefix("rollcall: ") for line in err.splitlines()] == [
        "'tool' is the name of 3 resources; say which:",
        "  alpha/A-LAB-[01-04]/software/tool",
        "  beta/B-LAB-[01,03]/software/tool",
        "  beta/B-LAB-02/software/tool",
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("A-SRV/share/Stuff",), "there is no share 'Stuff' on A-SRV; did you mean `Staff`?"),
        (("Stuff",), "there is no resource 'Stuff'; did you mean `Staff`?"),
        (("A-SVR/share/Staff",), "did you mean `A-SRV`?"),
        (("alpah/A-SRV/share/Staff",), "there is no school 'alpah'; did you mean `alpha`?"),
        (("A-SRV/share/Staff", "acces"), "has no field 'acces'; did you mean `access`?"),
        (("A-SRV/share/Staff", "zzzz"), "it has `name`, `path`,"),
        (("A-SRV/share/Staff", "--host", "A-SRV"), "names its host already"),
        (("alpha/A-SRV/share/Staff", "--school", "alpha"), "names its school already"),
    ],
)
def test_near_misses(manifests: Path, capsys: Captured, arguments: tuple[str, ...], expected: str) -> None:
    code, out, err = explain(manifests, capsys, *arguments)
    assert (code, out) == (3, "")
    assert expected in err


def test_only_one_field_with_what_it_took_the_place_of(tmp_path: Path, capsys: Captured) -> None:
    nearer = "shares: [{name: Staff, hosts: A-SRV, path: 'E:\\Staff'}]\n"
    manifests = write_district(tmp_path, {"schools/alpha/more.yaml": nearer})
    code, out, _ = explain(manifests, capsys, "A-SRV/share/Staff", "path")
    assert code == 0
    assert out.split("\nFields\n")[1] == (
        "  path: E:\\Staff  manifests/schools/alpha/more.yaml:1:44  the host A-SRV\n"
        "    over D:\\Staff  manifests/schools/alpha/resources.yaml:2:25  the group of hosts `server`\n"
    )


def test_what_is_not_on_a_host(manifests: Path, capsys: Captured) -> None:
    code, out, _ = explain(manifests, capsys, "A-SRV/software/tool")
    assert code == 0
    assert out == (
        "the software `tool` is not on A-SRV\n"
        "alpha/A-SRV/software/tool\n"
        "It is on A-LAB-[01-04].\n"
        "\n"
        "Declared, but not for this host\n"
        "  manifests/schools/alpha/resources.yaml:4:5  the school\n"
        "    `lab` means A-LAB-[01-04], not A-SRV  manifests/schools/alpha/resources.yaml:4:43\n"
    )


def test_a_host_and_what_is_known_of_it(manifests: Path, capsys: Captured) -> None:
    by_name = explain(manifests, capsys, "A-LAB-01")
    assert by_name == explain(manifests, capsys, "host", "a-lab-01")
    assert by_name == explain(manifests, capsys, "alpha/A-LAB-01")
    assert by_name[0] == 0
    assert "  host.room: 08  manifests/schools/alpha/school.yaml:6:" in by_name[1]
    assert "  helpdesk: 100  manifests/district.yaml:4:18  the district\n" in by_name[1]


def test_json_is_the_document(manifests: Path, capsys: Captured) -> None:
    for document, arguments in (
        (Explanation, ("A-SRV/share/Staff",)),
        (Absence, ("A-SRV/software/tool",)),
        (HostExplanation, ("A-SRV",)),
    ):
        code, out, _ = explain(manifests, capsys, *arguments, "--format", "json")
        assert code == 0
        assert document.model_validate_json(out).format_version == "1.0"
        assert json.loads(out)["type"] in ("resource", "absence", "host")


def test_mistakes_in_the_manifests_are_told_first(tmp_path: Path, capsys: Captured) -> None:
    text = FILES["schools/alpha/resources.yaml"].replace("path:", "pth:")
    manifests = write_district(tmp_path, {"schools/alpha/resources.yaml": text})
    code, out, err = explain(manifests, capsys, "A-SRV/share/Staff")
    assert (code, out) == (3, "")
    assert "has no field `pth`" in err


def test_nothing_acts_on_the_terminal(tmp_path: Path, capsys: Captured) -> None:
    text = "shares:\n  - {name: Staff, path: 'D:\\S', description: \"a\\e[31m\\u202Eb\", hosts: server}\n"
    manifests = write_district(tmp_path, {"schools/alpha/resources.yaml": text})
    code, out, err = explain(manifests, capsys, "A-SRV/share/Staff")
    assert code == 3
    assert "[yaml-character]" in err
    assert all(character.isprintable() or character == "\n" for character in out + err)


def test_only_the_named_school_is_read(tmp_path: Path, capsys: Captured) -> None:
    broken = {"schools/beta/school.yaml": "school: beta\nname Beta\n"}
    manifests = write_district(tmp_path, broken)
    assert explain(manifests, capsys, "share/Staff")[0] == 3
    assert explain(manifests, capsys, "share/Staff", "--school", "alpha")[0] == 0
    assert explain(manifests, capsys, "alpha/A-SRV/share/Staff")[0] == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lab", "is a group of hosts of alpha"),
        ("alpha", "is a school"),
        ("marked", "is a profile"),
        ("A-SRV/share", "A-SRV/share/NAME"),
    ],
)
def test_what_is_no_resource_is_called_what_it_is(
    tmp_path: Path, capsys: Captured, text: str, words: str
) -> None:
    code, _, err = explain(write_district(tmp_path), capsys, text)
    assert code == 3
    assert words in err


def test_a_kind_may_be_called_as_its_section(tmp_path: Path, capsys: Captured) -> None:
    manifests = write_district(tmp_path)
    found = explain(manifests, capsys, "A-SRV/shares/Staff")
    assert found[0] == 0
    assert found == explain(manifests, capsys, "A-SRV/share/Staff")
