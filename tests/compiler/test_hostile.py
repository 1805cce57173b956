"""Whatever stands in a manifest, people get findings and never a crash."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.compiler.district import load_district
from engine.manifest import limits
from tests.support.small_district import FILES, problems, write_district

PIECES = st.sampled_from(
    (
        *"{}[]'\"~0\n\\/\u0130\U0001f600",
        *(": ", "- ", "  ", "&a ", "*a", "..", "true", "-1", "1e999", ".nan", "all", "A-SRV", "9" * 50),
        *("{{ host.room }}", "{{ vars }}", "{{ parameters }}", "state: absent", "needs: share/Staff"),
        *("final: [path]", "with: {}", "[]", "{}"),
    )
)
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), PIECES), min_size=1, max_size=5)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(FILES)), EDITS)
def test_a_spoiled_file_is_no_crash(tmp_path: Path, name: str, edits: list[tuple[float, int, str]]) -> None:
    text = FILES[name]
    for place, length, piece in edits:
        start = int(place * len(text))
        text = text[:start] + piece + text[start + length :]
    told = problems(write_district(tmp_path, {name: text}))
    assert all(line.endswith("]") and "\n" not in line for line in told)


@pytest.mark.parametrize(
    "source",
    [
        "/etc/passwd",
        "../outside.txt",
        "media/../../outside.txt",
        "link.txt",
        "..\\outside.txt",
        "media",
        "a\x00b",
    ],
)
def test_sources_stay_in_the_folder(tmp_path: Path, source: str) -> None:
    (tmp_path / "outside.txt").write_text("secret")
    quoted = source.encode("unicode_escape").decode()
    text = f"files:\n  - {{path: 'C:\\x.txt', hosts: lab, source: \"{quoted}\"}}\n"
    manifests = write_district(tmp_path, {"schools/alpha/more.yaml": text})
    (manifests / "link.txt").symlink_to(tmp_path / "outside.txt")
    told = [line for line in problems(manifests) if not line.endswith("[yaml-character]")]
    assert len(told) == 1
    assert told[0].endswith("[missing-file]")


def test_delivered_templates_stay_in_their_folder(tmp_path: Path) -> None:
    text = "files:\n  - {path: 'C:\\x.txt', hosts: lab, template: ../manifests/district.yaml}\n"
    (told,) = problems(write_district(tmp_path, {"schools/alpha/more.yaml": text}))
    assert told == (
        "manifests/schools/alpha/more.yaml:2:36: ../manifests/district.yaml leads out of the folder:"
        " `..` is not allowed [missing-file]"
    )


def test_what_a_value_gives_is_not_rendered_again(tmp_path: Path) -> None:
    text = "profiles: [{use: marked, hosts: lab, with: {label: \"{{ '{{ host.name }}' }}\"}}]\n"
    assert problems(write_district(tmp_path, {"schools/alpha/more.yaml": text})) == []


def nested(depth: int, times: int) -> dict[str, str]:
    """Profiles that each bring along the next one, several times."""
    chain = {}
    for number in range(depth):
        uses = ", ".join([f"{{use: p{number + 1}}}"] * times)
        chain[f"profiles/p{number}.yaml"] = f"profile: p{number}\nprofiles: [{uses}]\n"
    return {
        **chain,
        f"profiles/p{depth}.yaml": f"profile: p{depth}\nservices: [{{name: X, start: manual}}]\n",
        "schools/alpha/more.yaml": "profiles: [{use: p0, hosts: lab}]\n",
    }


@pytest.mark.parametrize(
    ("depth", "times", "expected"),
    [
        (19, 1, []),
        (
            30,
            1,
            [
                "manifests/profiles/p19.yaml:2:18: profiles bring along profiles more than 20 deep"
                " [profile-limit]"
            ],
        ),
        (19, 2, ["this leads to more than 2,000 uses of profiles [profile-limit]"]),
    ],
)
def test_profiles_within_profiles_have_a_limit(
    tmp_path: Path, depth: int, times: int, expected: list[str]
) -> None:
    told = [
        line for line in problems(write_district(tmp_path, nested(depth, times))) if "profile" in line[-16:]
    ]
    assert len(told) == len(expected)
    assert all(line.endswith(words) for line, words in zip(told, expected, strict=True))


def wide(uses: int, resources: int, lines: int) -> dict[str, str]:
    """Profiles that use each other many times, and bring many resources."""
    services = ", ".join(f"{{name: X{number}, start: manual}}" for number in range(resources))
    return {
        "profiles/a.yaml": f"profile: a\nprofiles: [{', '.join(['{use: b}'] * uses)}]\n",
        "profiles/b.yaml": f"profile: b\nprofiles: [{', '.join(['{use: c}'] * uses)}]\n",
        "profiles/c.yaml": f"profile: c\nservices: [{services}]\n",
        "schools/alpha/more.yaml": "profiles:\n" + "  - {use: a, hosts: lab}\n" * lines,
    }


@pytest.mark.parametrize(
    ("uses", "resources", "lines", "words"),
    [
        (40, 1, 10, "2,000 uses of profiles"),
        (40, 30, 1, "10,000 resources of profiles"),
        (10, 30, 10, "10,000 resources of profiles"),
        (1, 1, 3_000, "2,000 uses of profiles"),
    ],
)
def test_what_a_school_expands_is_bounded_as_a_whole(
    tmp_path: Path, uses: int, resources: int, lines: int, words: str
) -> None:
    loaded = load_district(write_district(tmp_path, wide(uses, resources, lines)))
    told = [str(each) for each in loaded.findings if each.rule == "profile-limit"]
    assert len(told) == 1
    assert f"this leads to more than {words} " in told[0]
    assert loaded.district is not None
    assert len(loaded.district.by_school["alpha"]) <= limits.PROFILE_RESOURCES + 10
