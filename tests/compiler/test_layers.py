"""Nearer layers refine farther ones, field by field."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.compiler.layers import refine
from engine.compiler.sections import UNITED_FIELDS
from engine.manifest.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode, plain
from engine.model.origin import Origin
from tests.support.small_district import FILES, intent, problems, resource, write_district

NOWHERE = Origin("f.yaml", 1, 1)
VALUE = r"registry_value/HKLM\SOFTWARE\Test\\Everywhere"


def declared(hosts: str, data: int) -> str:
    return (
        "registry_values:\n"
        f"  - {{key: 'HKLM\\SOFTWARE\\Test', name: Everywhere, type: dword, data: {data}, hosts: {hosts}}}\n"
    )


def data_of(manifests: Path, host: str) -> object:
    return resource(intent(manifests), f"{host}/{VALUE}").spec.model_dump()["data"]


def test_every_layer_in_its_place(tmp_path: Path) -> None:
    district = FILES["district.yaml"].replace(
        "high: {name: High schools}",
        "high:\n    name: High\n" + "".join(f"    {line}\n" for line in declared("quiet", 2).splitlines()),
    )
    manifests = write_district(
        tmp_path,
        {
            "district.yaml": district,
            "schools/alpha/a.yaml": declared("workstation", 3),
            "schools/alpha/b.yaml": declared("lab", 4),
            "schools/alpha/c.yaml": declared("A-LAB-02", 5),
        },
    )
    found = {host: data_of(manifests, host) for host in ("A-SRV", "A-LIB-1", "A-LAB-01", "A-LAB-02")}
    assert found == {"A-SRV": 1, "A-LIB-1": 3, "A-LAB-01": 4, "A-LAB-02": 5}


def test_a_group_of_schools_refines_the_district(tmp_path: Path) -> None:
    lines = "".join(f"    {line}\n" for line in declared("quiet", 2).splitlines())
    district = FILES["district.yaml"].replace("high: {name: High schools}", f"high:\n    name: High\n{lines}")
    manifests = write_district(tmp_path, {"district.yaml": district})
    assert (data_of(manifests, "A-SRV"), data_of(manifests, "A-LAB-01")) == (1, 2)


def test_what_is_said_directly_refines_what_a_profile_says(tmp_path: Path) -> None:
    text = (
        "profiles: [{use: marked, hosts: lab, with: {label: x}}]\n"
        "registry_values:\n"
        "  - {key: 'hklm\\software\\test\\', name: LEVEL, data: 9, hosts: lab}\n"
    )
    school = intent(write_district(tmp_path, {"schools/alpha/more.yaml": text}))
    level = resource(school, r"A-LAB-01/registry_value/HKLM\SOFTWARE\Test\\Level")
    assert level.spec.model_dump()["data"] == 9
    assert level.origin == Origin("manifests/schools/alpha/more.yaml", 3, 5)


def test_a_field_taken_back(tmp_path: Path) -> None:
    share = "shares:\n  - {{name: Staff, {fields}, hosts: {hosts}}}\n"
    manifests = write_district(
        tmp_path,
        {
            "schools/alpha/resources.yaml": share.format(
                fields="path: 'D:\\Staff', description: Old", hosts="workstation"
            ),
            "schools/alpha/more.yaml": share.format(fields="description: ~", hosts="A-LIB-1"),
        },
    )
    school = intent(manifests)
    assert resource(school, "A-LIB-1/share/Staff").spec.model_dump()["description"] is None
    assert resource(school, "A-LIB-2/share/Staff").spec.model_dump()["description"] == "Old"


def test_access_lists_unite_and_other_lists_are_replaced(tmp_path: Path) -> None:
    manifests = write_district(
        tmp_path,
        {
            "schools/alpha/resources.yaml": (
                "shares:\n"
                "  - {name: S, path: 'D:\\S', hosts: workstation,"
                " access: {full: ['T\\A'], read: ['T\\R']}}\n"
                "registry_values:\n"
                "  - {key: 'HKLM\\SOFTWARE\\T', name: L, type: multi_string,"
                " data: [a, b], hosts: workstation}\n"
            ),
            "schools/alpha/more.yaml": (
                "shares:\n"
                "  - {name: s, hosts: A-LIB-1, access: {full: ['t\\a', 'T\\B']}}\n"
                "registry_values:\n"
                "  - {key: 'HKLM\\SOFTWARE\\T', name: L, data: [c], hosts: A-LIB-1}\n"
            ),
        },
    )
    school = intent(manifests)
    access = resource(school, "A-LIB-1/share/S").spec.model_dump()["access"]
    assert (access["full"], access["read"]) == ((r"T\A", r"T\B"), (r"T\R",))
    listed = resource(school, r"A-LIB-1/registry_value/HKLM\SOFTWARE\T\\L")
    assert listed.spec.model_dump()["data"] == ("c",)


def test_kinds_say_which_of_their_lists_unite() -> None:
    united = {kind: paths for kind, paths in UNITED_FIELDS.items() if paths}
    assert united == {
        "share": {("access", right) for right in ("full", "change", "read", "deny")},
        "directory": {("permissions", "entries")},
    }


@pytest.mark.parametrize(
    ("state", "flags"),
    [
        ("state: absent", (True, False, False)),
        ("state: forget", (False, True, False)),
        ("protect: true", (False, False, True)),
        ("state: present", (False, False, False)),
    ],
)
def test_states(tmp_path: Path, state: str, flags: tuple[bool, bool, bool]) -> None:
    text = f"shares:\n  - {{name: Staff, hosts: A-SRV, {state}}}\n"
    school = intent(write_district(tmp_path, {"schools/alpha/more.yaml": text}))
    staff = resource(school, "A-SRV/share/Staff")
    assert (staff.absent, staff.forget, staff.protected) == flags


def test_a_service_that_should_run_should_be_there(tmp_path: Path) -> None:
    changes = {
        "schools/alpha/resources.yaml": (
            "services:\n  - {name: X, start: manual, state: absent, hosts: workstation}\n"
        ),
        "schools/alpha/more.yaml": "services:\n  - {name: X, state: running, hosts: A-LIB-1}\n",
    }
    school = intent(write_district(tmp_path, changes))
    assert resource(school, "A-LIB-2/service/X").absent
    assert not resource(school, "A-LIB-1/service/X").absent


def test_final_does_not_hold_for_the_layer_itself_or_farther_ones(tmp_path: Path) -> None:
    text = declared("lab", 2).replace("hosts:", "final: true, hosts:")
    assert problems(write_district(tmp_path, {"schools/alpha/more.yaml": text})) == []


def node(data: object) -> Node:
    if isinstance(data, dict):
        return MappingNode({key: Entry(key, NOWHERE, node(item)) for key, item in data.items()}, NOWHERE)
    if isinstance(data, list):
        return SequenceNode(tuple(node(item) for item in data), NOWHERE)
    assert isinstance(data, int)
    return ScalarNode(str(data), data, NOWHERE)


KEYS = st.sampled_from("abc")
BODIES = st.dictionaries(
    KEYS,
    st.recursive(
        st.integers(0, 3) | st.lists(st.integers(0, 3), max_size=3),
        lambda inner: st.dictionaries(KEYS, inner, max_size=3),
        max_leaves=5,
    ),
    max_size=3,
)
UNITED = frozenset({("a",), ("b", "c")})


def refined(farther: object, nearer: object) -> MappingNode:
    one, two = node(farther), node(nearer)
    assert isinstance(one, MappingNode)
    assert isinstance(two, MappingNode)
    return refine(one, two, UNITED)


@given(BODIES, BODIES)
def test_what_the_nearer_layer_says_holds(farther: dict[str, object], nearer: dict[str, object]) -> None:
    found = plain(refined(farther, nearer))
    assert isinstance(found, dict)
    assert set(found) == {*farther, *nearer}
    for key, value in nearer.items():
        if isinstance(value, int):
            assert found[key] == value
    for key in farther.keys() - nearer.keys():
        assert found[key] == plain(node(farther[key]))


@given(BODIES)
def test_saying_the_same_twice_changes_nothing(body: dict[str, object]) -> None:
    assert plain(refined(body, body)) == plain(node(body))


TYPED = st.fixed_dictionaries(
    {},
    optional={
        "a": st.lists(st.integers(0, 3), max_size=3, unique=True),
        "b": st.fixed_dictionaries(
            {}, optional={"c": st.lists(st.integers(0, 3), max_size=3, unique=True), "d": st.integers(0, 3)}
        ),
        "c": st.integers(0, 3),
        "d": st.lists(st.integers(0, 3), max_size=3),
    },
)


@given(TYPED, TYPED, TYPED)
def test_neighbouring_layers_may_be_merged_first(
    one: dict[str, object], two: dict[str, object], three: dict[str, object]
) -> None:
    """For bodies of one shape, as a kind's spec demands: a list never meets a number."""
    nodes = [node(each) for each in (one, two, three)]
    first, second, third = (each for each in nodes if isinstance(each, MappingNode))
    left = refine(refine(first, second, UNITED), third, UNITED)
    right = refine(first, refine(second, third, UNITED), UNITED)
    assert plain(left) == plain(right)


def test_what_is_not_to_be_there_needs_only_what_tells_it_apart(tmp_path: Path) -> None:
    entries = {
        "shares": "name: Old",
        "printers": "name: Old",
        "printer_ports": "name: IP_1",
        "printer_drivers": "name: Old",
        "registry_values": "key: 'HKLM\\SOFTWARE\\Old', name: Old",
        "directories": "path: 'D:\\Old'",
        "files": "path: 'D:\\Old.txt'",
        "services": "name: Old",
        "software": "name: tool",
    }
    for state in ("absent", "forget"):
        text = "".join(
            f"{section}:\n  - {{{fields}, hosts: library, state: {state}}}\n"
            for section, fields in entries.items()
        )
        school = intent(write_district(tmp_path / state, {"schools/alpha/more.yaml": text}))
        found = [each for each in school.resources if each.address.host == "A-LIB-1"]
        gone = [each for each in found if (each.absent if state == "absent" else each.forget)]
        assert len(gone) == len(entries)
        assert len(found) == len(entries) + 1  # the district's registry value; nothing comes along


def test_what_is_there_again_on_a_nearer_layer_needs_all(tmp_path: Path) -> None:
    text = (
        "shares:\n"
        "  - {name: Old, hosts: workstation, state: absent}\n"
        "  - {name: Old, hosts: A-LIB-1, state: present}\n"
    )
    assert problems(write_district(tmp_path, {"schools/alpha/more.yaml": text})) == [
        "manifests/schools/alpha/more.yaml:3:5: the share `Old` needs `path` [missing-field]"
    ]


def test_a_field_of_a_group_taken_back(tmp_path: Path) -> None:
    text = (
        "shares:\n"
        "  - {name: S, path: 'D:\\S', hosts: workstation, access: {full: ['T\\A'], read: ['T\\R']}}\n"
        "  - {name: S, hosts: A-LIB-1, access: {read: ~}}\n"
    )
    school = intent(write_district(tmp_path, {"schools/alpha/more.yaml": text}))
    access = resource(school, "A-LIB-1/share/S").spec.model_dump()["access"]
    assert (access["full"], access["read"]) == ((r"T\A",), ())


def test_protection_is_the_nearest_word_unless_it_is_final(tmp_path: Path) -> None:
    far = "shares:\n  - {{name: S, path: 'D:\\S', hosts: workstation, protect: true{final}}}\n"
    near = "  - {name: S, hosts: A-LIB-1, protect: false}\n"
    text = far.format(final="") + near
    school = intent(write_district(tmp_path / "a", {"schools/alpha/more.yaml": text}))
    assert not resource(school, "A-LIB-1/share/S").protected
    assert resource(school, "A-LIB-2/share/S").protected
    text = far.format(final=", final: [protect]") + near
    (told,) = problems(write_district(tmp_path / "b", {"schools/alpha/more.yaml": text}))
    assert "`protect` of the share `S` is final since" in told


def test_a_final_field_leaves_the_others_free(tmp_path: Path) -> None:
    text = (
        "shares:\n"
        "  - {name: S, path: 'D:\\S', hosts: workstation, access: {full: ['T\\A']}, final: [access.full]}\n"
        "  - {name: S, hosts: A-LIB-1, description: Near, access: {read: ['T\\R']}, needs: service/X}\n"
        "services: [{name: X, start: manual, hosts: workstation}]\n"
    )
    school = intent(write_district(tmp_path, {"schools/alpha/more.yaml": text}))
    assert resource(school, "A-LIB-1/share/S").spec.model_dump()["access"]["read"] == (r"T\R",)
