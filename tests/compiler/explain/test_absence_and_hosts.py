"""Why a resource is not on a host, and what is known of a host as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.compiler.explain.absence import explain_absence
from engine.compiler.explain.host import explain_host
from engine.compiler.explain.workings import Workings, open_school
from engine.compiler.school import compile_school
from engine.model.address import Address
from engine.model.explanation import Absence
from engine.model.resource import SchoolIntent
from tests.support.small_district import FILES, load, write_district

BETA = "school: beta\nname: Beta Middle\nhosts:\n  server: {name: B-SRV, roles: [server]}\n"


def opened(manifests: Path, school: str = "alpha") -> tuple[Workings, SchoolIntent]:
    district = load(manifests)
    intent = compile_school(district, school).intent
    assert intent is not None
    return open_school(district, school), intent


def absence(manifests: Path, address: str) -> Absence:
    workings, intent = opened(manifests)
    return explain_absence(workings, intent, Address(f"alpha/{address}"))


def test_the_word_that_means_others(tmp_path: Path) -> None:
    found = absence(write_district(tmp_path), "A-SRV/software/tool")
    (declaration,) = found.declarations
    assert declaration.place == "manifests/schools/alpha/resources.yaml:4:5"
    ((word,),) = (selector.words for selector in declaration.selectors)
    assert (word.text, word.matches) == ("lab", False)
    assert word.means == ("A-LAB-01", "A-LAB-02", "A-LAB-03", "A-LAB-04")
    assert found.hosts == ("A-LAB-01", "A-LAB-02", "A-LAB-03", "A-LAB-04")


def test_the_words_within_an_expression(tmp_path: Path) -> None:
    text = FILES["schools/alpha/resources.yaml"].replace("hosts: lab", "hosts: workstation and not lab")
    found = absence(
        write_district(tmp_path, {"schools/alpha/resources.yaml": text}), "A-LAB-01/software/tool"
    )
    words = {word.text: word.matches for word in found.declarations[0].selectors[0].words}
    assert words == {"workstation and not lab": False, "workstation": True, "lab": True}


def test_every_selector_on_the_way_through_a_profile(tmp_path: Path) -> None:
    changes = {
        "profiles/tools.yaml": "profile: tools\nsoftware:\n  - {name: tool, hosts: library}\n",
        "schools/alpha/resources.yaml": "profiles: [{use: tools, hosts: workstation}]\n",
    }
    found = absence(write_district(tmp_path, changes), "A-LAB-01/software/tool")
    (declaration,) = found.declarations
    assert (declaration.profiles, declaration.use) == (
        ("tools",),
        "manifests/schools/alpha/resources.yaml:1:12",
    )
    told = [(word.text, word.matches) for selector in declaration.selectors for word in selector.words]
    assert told == [("workstation", True), ("library", False)]


def test_registry_values_and_folders_by_their_names(tmp_path: Path) -> None:
    text = (
        "registry_values:\n"
        "  - {key: 'hklm\\software\\t\\', name: N, view: '32', type: dword, data: 1, hosts: lab}\n"
        "directories: [{path: 'd:\\x\\', hosts: lab}]\n"
    )
    manifests = write_district(tmp_path, {"schools/alpha/more.yaml": text})
    assert absence(manifests, r"A-SRV/registry_value/HKLM\SOFTWARE\T\\n (32-bit)").declarations
    assert not absence(manifests, r"A-SRV/registry_value/HKLM\SOFTWARE\T\\n").declarations
    assert absence(manifests, r"A-SRV/directory/D:\X").declarations


def test_another_school_that_declares_it(tmp_path: Path) -> None:
    manifests = write_district(
        tmp_path,
        {
            "schools/beta/school.yaml": BETA,
            "schools/beta/more.yaml": "shares: [{name: Band, path: 'D:\\Band', hosts: server}]\n",
        },
    )
    found = absence(manifests, "A-SRV/share/band")
    assert (found.declarations, found.schools) == ((), ("beta",))


VARIABLES = {
    "district.yaml": FILES["district.yaml"].replace(
        "groups:\n  high: {name: High schools}",
        "groups:\n  high: {name: High schools, vars: {helpdesk: '200', floor: 1}}",
    ),
    "schools/alpha/school.yaml": FILES["schools/alpha/school.yaml"]
    .replace("groups: [high]\n", "groups: [high]\nvars: {helpdesk: '300'}\n")
    .replace("room: '08'", "room: '08', vars: {helpdesk: '400', doors: [a, b]}"),
}


@pytest.mark.parametrize("host", ["A-SRV", "A-LAB-01", "A-LIB-1"])
def test_variables_are_those_that_templates_see(tmp_path: Path, host: str) -> None:
    workings, _ = opened(write_district(tmp_path, VARIABLES))
    found = explain_host(workings, host)
    assert {variable.name: variable.value for variable in found.variables} == dict(
        workings.facts(host).variables
    )


def test_each_layer_s_value_of_a_variable(tmp_path: Path) -> None:
    workings, _ = opened(write_district(tmp_path, VARIABLES))
    helpdesk = next(each for each in explain_host(workings, "a-lab-01").variables if each.name == "helpdesk")
    assert [(said.value, said.layer) for said in helpdesk.overrides] == [
        ("300", "the school"),
        ("200", "the schools of the group `high`"),
        ("100", "the district"),
    ]


def test_facts_and_profiles_of_a_host(tmp_path: Path) -> None:
    text = "profiles: [{use: marked, hosts: [lab, A-SRV], with: {label: x}}]\n"
    workings, _ = opened(write_district(tmp_path, {"schools/alpha/more.yaml": text}))
    found = explain_host(workings, "A-LAB-01")
    assert {fact.name: fact.value for fact in found.facts} == {
        "host.group": "lab",
        "host.roles": ("workstation", "quiet"),
        "host.room": "08",
        "school.groups": ("high",),
    }
    (profile,) = found.profiles
    assert (profile.profiles, profile.place) == (("marked",), "manifests/schools/alpha/more.yaml:1:12")
    assert [word.matches for word in profile.selectors[0].words] == [True, False]
    assert found.resources == {"registry_value": 3, "software": 1}
