"""One mistake at a time: what people are told. `mistakes/` holds the spoiled files with their findings."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.compiler.district import load_district
from engine.compiler.school import compile_school
from tests.support.small_district import problems, write_district

CASES = sorted((Path(__file__).parent / "mistakes").glob("*.txt"))
PYDANTIC = (
    "validation",
    "input",
    "pydantic",
    "Value error",
    "extra",
    "type=",
    "literal",
    "tuple",
    "dict",
    "str)",
)


def read_case(path: Path) -> tuple[dict[str, str], list[str]]:
    """The files to write, by name, and the findings, one a line."""
    files: dict[str, str] = {}
    for block in path.read_text().split("=== ")[1:]:
        name, _, text = block.partition("\n")
        files[name] = text
    return files, files.pop("findings").splitlines()


def test_there_are_many_cases() -> None:
    assert len(CASES) >= 90


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_mistake(case: Path, tmp_path: Path) -> None:
    files, expected = read_case(case)
    assert expected
    assert problems(write_district(tmp_path, files)) == expected


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_no_word_of_the_checking_library_reaches_people(case: Path) -> None:
    _, expected = read_case(case)
    assert [line for line in expected if any(word in line for word in PYDANTIC)] == []


def test_the_district_itself_is_right(tmp_path: Path) -> None:
    assert problems(write_district(tmp_path)) == []


def test_all_mistakes_are_told_at_once_and_sorted(tmp_path: Path) -> None:
    manifests = write_district(
        tmp_path,
        {
            "profiles/marked.yaml": "profile: marked\nparamters: {}\n",
            "schools/alpha/resources.yaml": (
                "shares:\n"
                "  - {name: A, hosts: server, path: x, encrypt: yes, colour: red}\n"
                "  - {name: B, hosts: sever, path: 'D:\\B'}\n"
                "software: [{name: tol, hosts: lab}]\n"
            ),
        },
    )
    loaded = load_district(manifests)
    assert loaded.district is not None
    compiled = compile_school(loaded.district, "alpha")
    assert compiled.intent is None
    assert list(compiled.findings) == sorted(compiled.findings)
    told = problems(manifests)
    assert told == sorted(told, key=lambda line: (line.split(":")[0], *map(int, line.split(":")[1:3])))
    assert [line.rsplit("[", 1)[1].rstrip("]") for line in told] == [
        "unknown-field",
        "invalid-value",
        "wrong-type",
        "unknown-field",
        "no-host-selected",
        "unknown-software",
    ]


def test_a_deleted_school_leaves_no_unused_groups(tmp_path: Path) -> None:
    manifests = write_district(tmp_path)
    (manifests / "schools/alpha/school.yaml").unlink()
    (told,) = problems(manifests)
    assert told.endswith("[no-school]")
