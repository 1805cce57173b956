"""What selectors mean: set algebra over the hosts of a school, and what is nearest to a host."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.compiler.inventory import HostFacts, Inventory, inventory_of
from engine.compiler.selectors import Nearness, select
from engine.manifest.nodes import Word
from engine.manifest.selectors import Selector, parse_selector
from engine.model.origin import Origin
from tests.support.small_district import FILES, intent, load, problems, resource, write_district

HERE = Origin("a.yaml", 1, 1)
GROUPS = ("office", "lab", "library")
ROLES = ("server", "workstation", "quiet")
ROOMS = ("08", "B 1")
FLEET = st.lists(
    st.tuples(
        st.sampled_from(GROUPS),
        st.lists(st.sampled_from(ROLES), unique=True).map(tuple),
        st.sampled_from((None, *ROOMS)),
    ),
    min_size=1,
    max_size=12,
)


def made(fleet: list[tuple[str, tuple[str, ...], str | None]]) -> Inventory:
    """A school with hosts H-01, H-02, ..."""
    hosts = [
        HostFacts(f"H-{number:02}", group, roles, room, None, {}, HERE)
        for number, (group, roles, room) in enumerate(fleet, 1)
    ]
    return inventory_of("alpha", hosts, member_of=frozenset({"high"}), known_groups=frozenset({"high"}))


def selector(text: str) -> Selector:
    return Selector(Word(text, HERE), parse_selector(text))


WORDS: tuple[tuple[str, Callable[[HostFacts], bool]], ...] = (
    ("all", lambda _: True),
    ("high", lambda _: True),
    *((group, lambda host, group=group: host.group == group) for group in GROUPS),
    *((f"role={role}", lambda host, role=role: role in host.roles) for role in ROLES),
    *((f"room='{room}'", lambda host, room=room: host.room == room) for room in ROOMS),
    ("H-03", lambda host: host.name == "H-03"),
    ("h-[01-02,04,07-09]", lambda host: int(host.name[2:]) in (1, 2, 4, 7, 8, 9)),
)


def expressions() -> st.SearchStrategy[tuple[str, Callable[[HostFacts], bool]]]:
    """Texts with what they mean, each inner expression in parentheses."""
    return st.recursive(
        st.sampled_from(WORDS),
        lambda inner: st.one_of(
            inner.map(lambda one: (f"not ({one[0]})", lambda host: not one[1](host))),
            st.tuples(inner, inner).map(
                lambda two: (
                    f"({two[0][0]}) and ({two[1][0]})",
                    lambda host: two[0][1](host) and two[1][1](host),
                )
            ),
            st.tuples(inner, inner).map(
                lambda two: (
                    f"({two[0][0]}) or ({two[1][0]})",
                    lambda host: two[0][1](host) or two[1][1](host),
                )
            ),
        ),
        max_leaves=8,
    )


@given(FLEET, expressions())
def test_and_or_and_not_are_set_algebra(
    fleet: list[tuple[str, tuple[str, ...], str | None]],
    expression: tuple[str, Callable[[HostFacts], bool]],
) -> None:
    inventory, (text, belongs) = made(fleet), expression
    found = {inventory.hosts[host].name for host in select((selector(text),), inventory)}
    assert found == {host.name for host in inventory.hosts if belongs(host)}


@given(FLEET, expressions(), expressions())
def test_a_list_means_what_or_means(
    fleet: list[tuple[str, tuple[str, ...], str | None]],
    one: tuple[str, Callable[[HostFacts], bool]],
    two: tuple[str, Callable[[HostFacts], bool]],
) -> None:
    inventory = made(fleet)
    both = select((selector(one[0]), selector(two[0])), inventory)
    assert select((selector(f"({one[0]}) or ({two[0]})"),), inventory) == both


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("all", Nearness.SCHOOL),
        ("workstation", Nearness.SCHOOL),
        ("schools=high", Nearness.SCHOOL),
        ("lab", Nearness.GROUP),
        ("room=08", Nearness.GROUP),
        ("H-01", Nearness.HOST),
        ("H-[01-05]", Nearness.HOST),
        ("workstation and lab", Nearness.GROUP),
        ("workstation and not H-02", Nearness.SCHOOL),
        ("lab and not library", Nearness.GROUP),
        ("not library", Nearness.SCHOOL),
        ("workstation or H-01", Nearness.HOST),
        ("workstation or H-02", Nearness.SCHOOL),
    ],
)
def test_how_near_a_word_is(text: str, near: Nearness) -> None:
    inventory = made([("lab", ("workstation",), "08"), ("library", ("workstation",), None)])
    assert select((selector(text),), inventory)[0] is near


def test_a_word_that_means_the_same_hosts_in_two_ways_is_as_near_as_the_nearer(tmp_path: Path) -> None:
    school = FILES["schools/alpha/school.yaml"].replace("roles: [workstation, quiet]", "roles: [lab]")
    changes = {
        "schools/alpha/school.yaml": school,
        "schools/alpha/more.yaml": (
            "services:\n"
            "  - {name: S, start: manual, hosts: lab}\n"
            "  - {name: S, start: automatic, hosts: all}\n"
        ),
    }
    found = resource(intent(write_district(tmp_path, changes)), "A-LAB-02/service/S")
    assert found.spec.model_dump()["start"] == "manual"


def test_selectors_in_a_manifest(tmp_path: Path) -> None:
    text = (
        "services:\n"
        "  - {name: A, start: manual, hosts: workstation and not (room=08 or A-LIB-2)}\n"
        "  - {name: B, start: manual, hosts: ['A-LAB-[01,03-04]', server]}\n"
        "  - {name: C, start: manual, hosts: schools=high and server,\n"
        "     needs: room=08 and quiet/software/tool}\n"
    )
    school = intent(write_district(tmp_path, {"schools/alpha/more.yaml": text}))
    hosts = {
        name: [each.address.host for each in school.resources if each.address.name == name] for name in "ABC"
    }
    assert {name: sorted(found) for name, found in hosts.items()} == {
        "A": ["A-LIB-1"],
        "B": ["A-LAB-01", "A-LAB-03", "A-LAB-04", "A-SRV"],
        "C": ["A-SRV"],
    }
    needed = {needed.host for needed in resource(school, "A-SRV/service/C").needs}
    assert needed == {"A-LAB-01", "A-LAB-02", "A-LAB-03", "A-LAB-04"}


def test_a_range_with_gaps_names_the_hosts_of_a_group(tmp_path: Path) -> None:
    school = FILES["schools/alpha/school.yaml"].replace("A-LAB-[01-04]", "A-LAB-[01-02,04]")
    hosts = load(write_district(tmp_path, {"schools/alpha/school.yaml": school})).inventories["alpha"].hosts
    names = [host.name for host in hosts if host.group == "lab"]
    assert names == ["A-LAB-01", "A-LAB-02", "A-LAB-04"]


def test_what_a_profile_is_for_need_not_be_in_every_school_that_uses_it(tmp_path: Path) -> None:
    changes = {
        "profiles/inner.yaml": "profile: inner\nservices:\n  - {name: A, start: manual, hosts: quiet}\n",
        "schools/beta/school.yaml": (
            "school: beta\nname: Beta\nhosts: {server: {name: B-SRV, roles: [server]}}\n"
            "profiles: [{use: inner, hosts: all}]\n"
        ),
    }
    use = "profiles: [{use: inner, hosts: all}]\n"
    assert problems(write_district(tmp_path / "both", {**changes, "schools/alpha/more.yaml": use})) == []
    assert problems(write_district(tmp_path / "one", changes)) == [
        "manifests/profiles/inner.yaml:3:37: `quiet` matches no host of beta [no-host-selected]"
    ]


def test_an_exception_from_encryption_uses_the_same_language(tmp_path: Path) -> None:
    told = problems(
        write_district(
            tmp_path,
            {
                "district.yaml": FILES["district.yaml"]
                + "connection: {plaintext: [{hosts: server and not labs, reason: Waiting for June}]}\n"
            },
        )
    )
    assert told == [
        "manifests/district.yaml:9:49: `labs` matches no host of the district (did you mean `lab`?)"
        " [no-host-selected]"
    ]
