"""Hostile YAML is refused with its reason, before it costs anything."""

from __future__ import annotations

import pytest
from ruamel.yaml.error import YAMLError

from engine.manifest import limits
from engine.manifest.unreadable import further_mistakes
from engine.manifest.yaml import parse_yaml
from engine.model.origin import Finding, Origin


def told(text: str) -> list[str]:
    _, findings = parse_yaml(text, "f.yaml")
    return [str(finding) for finding in findings]


def test_an_alias_bomb_stops_at_the_limit_of_values() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for level in range(1, 9):
        lines.append(f"a{level}: &a{level} [" + ", ".join([f"*a{level - 1}"] * 10) + "]")
    assert told("\n".join(lines)) == ["f.yaml:6:15: more than 200,000 values, aliases resolved [yaml-limit]"]


def test_many_aliases() -> None:
    text = "a: &x 1\nb: [" + ", ".join(["*x"] * (limits.ALIASES + 1)) + "]\n"
    assert told(text) == [
        "f.yaml:2:405: more than 100 aliases (`*name`) in one file"
        " (use a profile for what repeats) [yaml-limit]"
    ]


def test_an_alias_of_what_it_stands_in() -> None:
    assert told("a: &x [*x]") == ["f.yaml:1:8: `*x` refers to what it stands in [yaml-alias]"]


@pytest.mark.parametrize("depth", [limits.DEPTH + 1, 900])
def test_deep_nesting(depth: int) -> None:
    assert told("[" * depth + "]" * depth) == [
        f"f.yaml:1:{limits.DEPTH + 1}: lists and groups are nested more than 40 deep [yaml-limit]"
    ]


def test_nesting_at_the_limit_is_read() -> None:
    assert told("[" * limits.DEPTH + "]" * limits.DEPTH) == []


def test_a_huge_value() -> None:
    assert told("a: " + "x" * 70_000) == [
        "f.yaml:1:4: a value of 70,000 characters; at most 65,536 are allowed"
        " (put long texts into a file under templates/) [yaml-limit]"
    ]


@pytest.mark.parametrize(
    "character",
    [*"\x00\x07\x1b\ufffe\x85\u2028\u2029\u200b\u202e\u2066\ufeff"],
    ids=lambda c: f"{ord(c):04X}",
)
def test_characters_that_cannot_be_seen(character: str) -> None:
    assert told(f"a: 1\nb: x{character}\n") == [
        f"f.yaml:2:5: the character U+{ord(character):04X} cannot be seen and is not allowed in a manifest"
        " (delete it) [yaml-character]"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r'p: "BCPS\teachers"', r"'BCPS\teachers'"),
        (r'p: "C:\new\folder"', r"'C:\new\folder'"),
        (r'p: "HKLM\root"', r"'HKLM\root'"),
        (r'p: "D:\Shares"', r"'D:\Shares'"),
        (r'p: "BCPS\Staff"', r"'BCPS\Staff'"),
    ],
)
def test_windows_paths_in_double_quotes(text: str, expected: str) -> None:
    (message,) = told(text)
    assert message.endswith(f"(write it in single quotes: {expected}) [yaml-backslash]")


@pytest.mark.parametrize(
    "text", ['p: "one\\ntwo"', 'p: "C:\\\\new"', 'p: "a\\tb: x"', "p: 'C:\\new'", r"p: C:\new"]
)
def test_escapes_that_are_meant(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize("text", ['d: "Caf\u00e9\\u00a0!"', "t: |\n  \u00e0\u00a0gauche\n", "n: \U0001f5a8"])
def test_characters_of_other_languages(text: str) -> None:
    assert told(text) == []


def test_every_part_of_a_file_with_a_syntax_error_is_looked_at() -> None:
    text = "a 1\nb:\n\t- x\nc: 1\nd: 'x: 'y'\ne:\n  - f: 1\n    g: 2\n   h: 3\nalso wrong\nz: 1\n"
    assert [line.partition(" ")[0] + line.rpartition(" ")[2] for line in told(text)] == [
        "f.yaml:1:1:[yaml-colon]",
        "f.yaml:3:1:[yaml-tab]",
        "f.yaml:9:4:[yaml-indent]",
    ]


def test_looking_for_further_mistakes_costs_as_much_as_the_text_is_long() -> None:
    """Each part is read without what stands before it; and its mistakes are told where they are."""
    read: list[str] = []

    def mistake_in(text: str) -> YAMLError | None:
        read.append(text)
        return None

    text = "a 1\nb: 1\n" + "c:\n  - 1\n" * (limits.PARTS - 1)
    assert not list(further_mistakes(text, Finding(Origin("f.yaml", 1, 1), "yaml-colon", ""), mistake_in))
    assert len(read) == limits.PARTS
    assert sum(len(part) for part in read) <= len(text)
    assert [line.partition(" ")[0] for line in told("a 1\nz: 1\n" + "# no\n" * 5_000 + "b:\n\t- x\n")] == [
        "f.yaml:1:1:",
        "f.yaml:5004:1:",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a: 'x\nb: 1\nc: [1, 2]\n",  # the quote takes the rest
        "a: {b: 1,\nc: 2\nd: 3}\ne: &x 1\nf: *x\n",
        'a: "x\nb: y"\nc: 1\nd: [2',
    ],
)
def test_what_only_the_first_mistake_makes_wrong_is_not_told(text: str) -> None:
    assert len(told(text)) == 1


@pytest.mark.parametrize("text", ["1:30", "https://bcps.example/a", r"D:\Shares"])
@pytest.mark.parametrize("around", ["a: [{}]", "a: {{b: {}, c: 1}}"])
def test_a_colon_inside_brackets(around: str, text: str) -> None:
    (message,) = told(around.format(text))
    column = around.format(text).index(text) + 1
    assert message == (
        f"f.yaml:1:{column}: inside brackets a text that holds a colon needs quotes"
        f" (write it in single quotes: '{text}') [yaml-colon]"
    )
